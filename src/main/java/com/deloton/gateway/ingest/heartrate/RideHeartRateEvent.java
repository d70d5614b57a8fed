package com.deloton.gateway.ingest.heartrate;

import com.deloton.gateway.ride.heartrate.HeartRateEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event of a ride's watch, to be stored.
 *
 * @param receivedAtMicros Kafka's timestamp of the record that brought it
 */
public record RideHeartRateEvent(long rideId, @Nullable Long riderId, long receivedAtMicros, HeartRateEvent event) {}
