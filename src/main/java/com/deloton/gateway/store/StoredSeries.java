package com.deloton.gateway.store;

import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Readings as {@code reading_chunk} and {@code ride_series} hold them. */
public final class StoredSeries {
    private static final String CLEANED = "cleaned_s";

    private StoredSeries() {}

    /**
     * Consecutive seconds from {@code firstS} on, a value each; null where nothing was measured.
     *
     * @param cleanedS those of them that {@link RideSeries#isCleaned}, as seconds of the ride; null if there are none
     */
    @SuppressWarnings("ArrayRecordComponent") // the arrays go to the database unchanged
    public record Seconds(
            int firstS,
            @Nullable Integer[] delayMs,
            @Nullable Short[] heartRateBpm,
            @Nullable Short[] cadenceRpm,
            @Nullable Short[] resistance,
            @Nullable Float[] powerW,
            Integer @Nullable [] cleanedS) {

        /** Those from {@code fromS} to {@code toS}; none if {@code toS < fromS}. */
        public static Seconds of(RideSeries series, int fromS, int toS) {
            int length = toS - fromS + 1;
            Seconds seconds = new Seconds(
                    fromS,
                    new @Nullable Integer[length],
                    new @Nullable Short[length],
                    new @Nullable Short[length],
                    new @Nullable Short[length],
                    new @Nullable Float[length],
                    orNull(series.cleaned(fromS, toS)));
            for (int i = 0; i < length; i++) {
                if (series.has(fromS + i)) {
                    seconds.set(i, series.get(fromS + i), series.delayMillis(fromS + i));
                }
            }
            return seconds;
        }

        public int length() {
            return delayMs.length;
        }

        /** Those from slot {@code from} to before slot {@code to}. */
        public Seconds slice(int from, int to) {
            return new Seconds(
                    firstS + from,
                    Arrays.copyOfRange(delayMs, from, to),
                    Arrays.copyOfRange(heartRateBpm, from, to),
                    Arrays.copyOfRange(cadenceRpm, from, to),
                    Arrays.copyOfRange(resistance, from, to),
                    Arrays.copyOfRange(powerW, from, to),
                    cleanedS == null
                            ? null
                            : orNull(Arrays.stream(cleanedS)
                                    .mapToInt(Integer::intValue)
                                    .filter(s -> s >= firstS + from && s < firstS + to)
                                    .toArray()));
        }

        private void set(int i, Reading reading, int delayMillis) {
            delayMs[i] = delayMillis;
            heartRateBpm[i] = reading.hasHeartRate() ? (Short) (short) reading.heartRateBpm() : null;
            cadenceRpm[i] = orNull(reading.cadenceRpm());
            resistance[i] = orNull(reading.resistance());
            powerW[i] = reading.hasPower() ? (Float) reading.powerW() : null;
        }

        private static Integer @Nullable [] orNull(int[] seconds) {
            return seconds.length == 0 ? null : Arrays.stream(seconds).boxed().toArray(Integer[]::new);
        }

        private static @Nullable Short orNull(int value) {
            return value == Reading.ABSENT ? null : (Short) (short) value;
        }
    }

    /**
     * Adds a row's readings to the series of its ride. The row needs the columns {@code first_s}, {@code zero_at},
     * {@code delay_ms}, {@code heart_rate_bpm}, {@code cadence_rpm}, {@code resistance} and {@code power_w}; one without
     * {@code zero_at} has no readings. {@code cleaned_s} may be absent.
     */
    public static void restore(RideSeries series, Row row) {
        OffsetDateTime zero = row.getOffsetDateTime("zero_at");
        if (zero == null) {
            return;
        }
        Integer[] delay = row.getArrayOfIntegers("delay_ms");
        long zeroAt = Timestamps.micros(zero);
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
        Integer[] cleaned = row.getColumnIndex(CLEANED) < 0 ? null : row.getArrayOfIntegers(CLEANED);
        if (cleaned != null) {
            for (Integer second : cleaned) {
                series.markCleaned(second);
            }
        }
    }

    private static int orElse(@Nullable Short value, int absent) {
        return value == null ? absent : value;
    }
}
