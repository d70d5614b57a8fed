@NullMarked
package com.deloton.gateway.ride;

import org.jspecify.annotations.NullMarked;
