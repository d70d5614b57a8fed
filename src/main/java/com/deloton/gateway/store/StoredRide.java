package com.deloton.gateway.store;

import com.deloton.gateway.ride.RideSummary;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows from a ride's readings, as {@code ride} and {@code ride_minutes} hold it: SQL, and its parameters. */
public final class StoredRide {
    /** For {@code UPDATE ride}, with the parameters that {@link #figures} makes. */
    public static final String FIGURES = """
            ended_at = $2, duration_s = $3, moving_s = $4, readings = $5, energy_kj = $6, power_mean_w = $7,
            power_max_w = $8, power_normalized_w = $9, power_best_5s_w = $10, power_best_1min_w = $11,
            power_best_5min_w = $12, power_best_20min_w = $13, heart_rate_min_bpm = $14, heart_rate_mean_bpm = $15,
            heart_rate_max_bpm = $16, heart_rate_measured_s = $17, cadence_mean_rpm = $18, cadence_max_rpm = $19,
            resistance_mean = $20, resistance_max = $21, zone_s = $22""";

    private static final String MINUTES =
            "INSERT INTO ride_minutes (ride_id, day, first_minute, readings, heart_rate, figures)";

    /** With rows that {@link #minutes} makes. */
    public static final MultiRowInsert INSERT_MINUTES = new MultiRowInsert(MINUTES, 6, "");

    /** With the parameters that {@link #minutes} makes; replaces the stored minutes of the ride. */
    public static final String REPLACE_MINUTES = MINUTES + """

            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (ride_id) DO UPDATE
            SET first_minute = excluded.first_minute, readings = excluded.readings, heart_rate = excluded.heart_rate,
                figures = excluded.figures""";

    private static final int HEART_RATE_VALUES = 2;
    private static final int FIGURES_OF_A_MINUTE = 6;

    private StoredRide() {}

    /** {@code $1} is the ride, {@code $2} to {@code $22} are its figures, {@code $23} is for the statement's own use. */
    public static Tuple figures(long rideId, long endedAtMicros, RideSummary s, @Nullable Object more) {
        List<Integer> zones = s.zoneS();
        return row(
                rideId,
                Timestamps.of(endedAtMicros),
                s.durationS(),
                s.movingS(),
                s.readings(),
                s.energyKj(),
                s.powerMeanW(),
                s.powerMaxW(),
                s.normalizedPowerW(),
                s.best().s5(),
                s.best().m1(),
                s.best().m5(),
                s.best().m20(),
                s.heartRateMinBpm(),
                s.heartRateMeanBpm(),
                s.heartRateMaxBpm(),
                s.heartRateMeasuredS(),
                s.cadenceMeanRpm(),
                s.cadenceMaxRpm(),
                s.resistanceMean(),
                s.resistanceMax(),
                zones == null ? null : zones.toArray(Integer[]::new),
                more);
    }

    /**
     * A row of {@code ride_minutes}.
     *
     * @param minutes at least one, in order; those that are missing between them get a slot without readings
     */
    public static Tuple minutes(LocalDate day, long rideId, List<RideSummary.Minute> minutes) {
        int first = minutes.getFirst().minute();
        int slots = minutes.getLast().minute() - first + 1;
        Short[] readings = zeros(slots);
        Short[] heartRate = zeros(slots * HEART_RATE_VALUES);
        @Nullable Float[] figures = new @Nullable Float[slots * FIGURES_OF_A_MINUTE];
        for (RideSummary.Minute m : minutes) {
            int slot = m.minute() - first;
            readings[slot] = (short) m.readings();
            Integer max = m.heartRateMaxBpm();
            heartRate[slot * HEART_RATE_VALUES] = max == null ? 0 : max.shortValue();
            heartRate[slot * HEART_RATE_VALUES + 1] = (short) m.heartRateMeasuredS();
            int next = slot * FIGURES_OF_A_MINUTE;
            figures[next++] = (float) m.energyKj();
            figures[next++] = toFloat(m.powerMeanW());
            figures[next++] = toFloat(m.powerMaxW());
            figures[next++] = toFloat(m.heartRateMeanBpm());
            figures[next++] = toFloat(m.cadenceMeanRpm());
            figures[next] = toFloat(m.resistanceMean());
        }
        return row(rideId, day, (short) first, readings, heartRate, figures);
    }

    private static Short[] zeros(int length) {
        Short[] zeros = new Short[length];
        Arrays.fill(zeros, (short) 0);
        return zeros;
    }

    private static @Nullable Float toFloat(@Nullable Double value) {
        return value == null ? null : (Float) value.floatValue();
    }

    private static Tuple row(@Nullable Object... values) {
        return Tuple.wrap(values);
    }
}
