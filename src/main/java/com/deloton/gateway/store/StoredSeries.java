package com.deloton.gateway.store;

import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Readings as {@code reading_chunk} and {@code ride_series} hold them. */
public final class StoredSeries {
    private StoredSeries() {}

    /**
     * Adds what a row has to the series of its ride. It needs the columns {@code first_s}, {@code zero_at},
     * {@code delay_ms}, {@code heart_rate_bpm}, {@code cadence_rpm}, {@code resistance} and {@code power_w}; one without
     * {@code zero_at} has no readings.
     */
    public static void restore(RideSeries series, Row row) {
        OffsetDateTime zero = row.getOffsetDateTime("zero_at");
        if (zero == null) {
            return;
        }
        Integer[] delay = row.getArrayOfIntegers("delay_ms");
        long zeroAt = ChronoUnit.MICROS.between(Instant.EPOCH, zero.toInstant());
        int first = row.getInteger("first_s");
        Short[] heartRate = row.getArrayOfShorts("heart_rate_bpm");
        Short[] cadence = row.getArrayOfShorts("cadence_rpm");
        Short[] resistance = row.getArrayOfShorts("resistance");
        Float[] power = row.getArrayOfFloats("power_w");
        for (int i = 0; i < delay.length; i++) {
            Integer delayMillis = delay[i];
            if (delayMillis != null) {
                Reading reading = new Reading(
                        first + i,
                        zeroAt + (first + i) * 1_000_000L + delayMillis * 1_000L,
                        orElse(heartRate[i], 0),
                        orElse(cadence[i], Reading.ABSENT),
                        orElse(resistance[i], Reading.ABSENT),
                        power[i] == null ? Float.NaN : power[i]);
                series.restore(zeroAt, reading, delayMillis);
            }
        }
    }

    private static int orElse(@Nullable Short value, int absent) {
        return value == null ? absent : value;
    }
}
