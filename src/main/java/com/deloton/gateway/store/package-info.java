@NullMarked
package com.deloton.gateway.store;

import org.jspecify.annotations.NullMarked;
