package com.deloton.gateway.ride;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A ride and the readings it has so far. Not thread-safe: it belongs to the tracker of its stream.
 *
 * @param id unique; the same record always starts a ride with the same id
 * @param rider null if unknown
 * @param startedAtMicros the log-on, or the first reading less its duration; microseconds since 1970-01-01T00:00:00Z
 */
public record Ride(
        long id, @Nullable Rider rider, @Nullable String bikeSerial, long startedAtMicros, RideSeries series) {

    public enum Ending {
        /** The bike restarted or another rider logged on. */
        COMPLETED,
        /** The bike fell silent, or its counter restarted without a boundary line. */
        ABANDONED
    }

    public Instant startedAt() {
        return Instant.EPOCH.plus(startedAtMicros, ChronoUnit.MICROS);
    }

    /** The UTC day of the start. */
    public LocalDate day() {
        return startedAt().atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** The rider's full years at the start, in UTC; null if unknown. */
    public @Nullable Integer ageYears() {
        return rider == null ? null : rider.ageAt(day());
    }

    /** The range of a normal heart rate for this rider; null if the age is unknown. */
    public @Nullable HeartRateLimits heartRateLimits() {
        return rider == null ? null : HeartRateLimits.of(rider.gender(), ageYears());
    }
}
