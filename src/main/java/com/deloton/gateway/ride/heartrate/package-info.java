@NullMarked
package com.deloton.gateway.ride.heartrate;

import org.jspecify.annotations.NullMarked;
