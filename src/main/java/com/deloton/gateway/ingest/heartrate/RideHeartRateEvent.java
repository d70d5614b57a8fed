package com.deloton.gateway.ingest.heartrate;

import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.ride.heartrate.HeartRateEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An event of a ride's watch, to be stored.
 *
 * @param bikeSerial null if the bike did not give one that the database stores
 * @param city where the rider lives, with the same condition
 * @param receivedAtMicros the later of Kafka's timestamp of the record that brought it and the time of its reading
 * @param traceparent the trace of an alert; null if it is not traced
 */
public record RideHeartRateEvent(
        long rideId,
        @Nullable Long riderId,
        @Nullable String bikeSerial,
        @Nullable String city,
        long receivedAtMicros,
        HeartRateEvent event,
        @Nullable String traceparent) {
    private static final int MAX_LENGTH = 256;

    static RideHeartRateEvent of(Ride ride, long receivedAtMicros, HeartRateEvent event, @Nullable String traceparent) {
        Rider rider = ride.rider();
        return new RideHeartRateEvent(
                ride.id(),
                rider == null ? null : (Long) rider.id(),
                storable(ride.bikeSerial()),
                rider == null ? null : storable(rider.address().city()),
                receivedAtMicros,
                event,
                traceparent);
    }

    private static @Nullable String storable(@Nullable String text) {
        return text != null
                        && text.length() <= MAX_LENGTH
                        && text.indexOf('\0') < 0
                        && StandardCharsets.UTF_8.newEncoder().canEncode(text)
                ? text
                : null;
    }
}
