/**
 * The ride model: readings, riders and heart-rate limits, the state machine that assembles rides from log lines, and
 * the ride summary.
 */
@NullMarked
package com.deloton.gateway.ride;

import org.jspecify.annotations.NullMarked;
