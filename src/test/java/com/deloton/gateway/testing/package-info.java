@NullMarked
package com.deloton.gateway.testing;

import org.jspecify.annotations.NullMarked;
