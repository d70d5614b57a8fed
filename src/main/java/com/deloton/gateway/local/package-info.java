@NullMarked
package com.deloton.gateway.local;

import org.jspecify.annotations.NullMarked;
