package com.deloton.gateway.store;

import com.deloton.gateway.ride.RideSummary;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows from a ride's readings, as {@code ride} and {@code ride_minute} hold it: SQL, and its parameters. */
public final class StoredRide {
    /** For {@code UPDATE ride}, with the parameters that {@link #figures} makes. */
    public static final String FIGURES = """
            ended_at = $2, duration_s = $3, moving_s = $4, readings = $5, energy_kj = $6, power_mean_w = $7,
            power_max_w = $8, power_normalized_w = $9, power_best_5s_w = $10, power_best_1min_w = $11,
            power_best_5min_w = $12, power_best_20min_w = $13, heart_rate_min_bpm = $14, heart_rate_mean_bpm = $15,
            heart_rate_max_bpm = $16, heart_rate_measured_s = $17, cadence_mean_rpm = $18, cadence_max_rpm = $19,
            resistance_mean = $20, resistance_max = $21, zone_s = $22""";

    private static final String MINUTES = """
            INSERT INTO ride_minute (day, ride_id, minute, readings, energy_kj, power_mean_w, power_max_w,
                heart_rate_mean_bpm, heart_rate_max_bpm, heart_rate_measured_s, cadence_mean_rpm, resistance_mean)""";

    /** With the parameters that {@link #minute} makes. */
    public static final String INSERT_MINUTE = MINUTES + "\nVALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

    /** With rows that {@link #minute} makes. */
    public static final MultiRowInsert INSERT_MINUTES = new MultiRowInsert(MINUTES, 12, "");

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

    public static Tuple minute(LocalDate day, long rideId, RideSummary.Minute m) {
        return row(
                day,
                rideId,
                m.minute(),
                m.readings(),
                m.energyKj(),
                m.powerMeanW(),
                m.powerMaxW(),
                m.heartRateMeanBpm(),
                m.heartRateMaxBpm(),
                m.heartRateMeasuredS(),
                m.cadenceMeanRpm(),
                m.resistanceMean());
    }

    private static Tuple row(@Nullable Object... values) {
        return Tuple.wrap(values);
    }
}
