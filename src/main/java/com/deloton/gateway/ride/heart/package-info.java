@NullMarked
package com.deloton.gateway.ride.heart;

import org.jspecify.annotations.NullMarked;
