/** The simulated world without Kafka or clock: riders, the course of a ride, faults, and the lines a bike writes. */
@NullMarked
package com.deloton.gateway.simulate.model;

import org.jspecify.annotations.NullMarked;
