/** Who rides, how the ride goes, and how a bike puts it into words. Knows nothing of Kafka, fleets or clocks. */
@NullMarked
package com.deloton.gateway.simulate.model;

import org.jspecify.annotations.NullMarked;
