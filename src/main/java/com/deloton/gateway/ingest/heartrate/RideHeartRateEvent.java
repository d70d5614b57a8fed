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
 * @param receivedAtMicros Kafka's timestamp of the record that brought it
 */
public record RideHeartRateEvent(
        long rideId, @Nullable Long riderId, @Nullable String bikeSerial, long receivedAtMicros, HeartRateEvent event) {
    private static final int MAX_BIKE_SERIAL = 256;

    static RideHeartRateEvent of(Ride ride, long receivedAtMicros, HeartRateEvent event) {
        Rider rider = ride.rider();
        return new RideHeartRateEvent(
                ride.id(),
                rider == null ? null : (Long) rider.id(),
                isStorable(ride.bikeSerial()) ? ride.bikeSerial() : null,
                receivedAtMicros,
                event);
    }

    private static boolean isStorable(@Nullable String serial) {
        return serial != null
                && serial.length() <= MAX_BIKE_SERIAL
                && serial.indexOf('\0') < 0
                && StandardCharsets.UTF_8.newEncoder().canEncode(serial);
    }
}
