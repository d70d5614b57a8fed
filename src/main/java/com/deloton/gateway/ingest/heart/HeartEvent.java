package com.deloton.gateway.ingest.heart;

import com.deloton.gateway.ride.heart.Signal;
import org.jspecify.annotations.Nullable;

/**
 * What a ride's watch told, to be stored.
 *
 * @param receivedAtMicros Kafka's timestamp of the record that brought it
 */
public record HeartEvent(long rideId, @Nullable Long riderId, long receivedAtMicros, Signal signal) {}
