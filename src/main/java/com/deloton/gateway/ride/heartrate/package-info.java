/** The state machine that raises, updates and ends heart-rate episodes from the readings of one ride. */
@NullMarked
package com.deloton.gateway.ride.heartrate;

import org.jspecify.annotations.NullMarked;
