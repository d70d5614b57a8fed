package com.deloton.gateway.api.operations;

import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.RideSummary;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes an ended ride again, with all the figures that follow from its readings. */
final class MendedRide {
    private static final String FIGURES = """
            UPDATE ride
            SET ended_at = $2, duration_s = $3, moving_s = $4, readings = $5, energy_kj = $6, power_mean_w = $7,
                power_max_w = $8, power_normalized_w = $9, power_best_5s_w = $10, power_best_1min_w = $11,
                power_best_5min_w = $12, power_best_20min_w = $13, heart_rate_min_bpm = $14,
                heart_rate_mean_bpm = $15, heart_rate_max_bpm = $16, heart_rate_measured_s = $17,
                cadence_mean_rpm = $18, cadence_max_rpm = $19, resistance_mean = $20, resistance_max = $21, zone_s = $22
            WHERE ride_id = $1""";

    private static final String SERIES = """
            UPDATE ride_series
            SET first_s = $3, delay_ms = $4, heart_rate_bpm = $5, cadence_rpm = $6, resistance = $7, power_w = $8
            WHERE ride_id = $1 AND day = $2""";

    private static final String MINUTE = """
            INSERT INTO ride_minute (ride_id, day, minute, readings, energy_kj, power_mean_w, power_max_w,
                heart_rate_mean_bpm, heart_rate_max_bpm, heart_rate_measured_s, cadence_mean_rpm, resistance_mean)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (ride_id, day, minute) DO UPDATE
            SET readings = excluded.readings, energy_kj = excluded.energy_kj, power_mean_w = excluded.power_mean_w,
                power_max_w = excluded.power_max_w, heart_rate_mean_bpm = excluded.heart_rate_mean_bpm,
                heart_rate_max_bpm = excluded.heart_rate_max_bpm,
                heart_rate_measured_s = excluded.heart_rate_measured_s,
                cadence_mean_rpm = excluded.cadence_mean_rpm, resistance_mean = excluded.resistance_mean""";

    private MendedRide() {}

    static Future<Void> write(
            SqlConnection connection, long rideId, LocalDate day, RideSeries series, RideSummary summary) {
        List<Tuple> minutes = RideSummary.minutes(series).stream()
                .map(minute -> minute(rideId, day, minute))
                .toList();
        return Future.join(
                        connection.preparedQuery(FIGURES).execute(figures(rideId, series, summary)),
                        connection.preparedQuery(SERIES).execute(series(rideId, day, series)),
                        connection.preparedQuery(MINUTE).executeBatch(minutes))
                .mapEmpty();
    }

    private static Tuple figures(long rideId, RideSeries series, RideSummary s) {
        List<Integer> zones = s.zoneS();
        return row(
                rideId,
                time(series.get(series.lastS()).atMicros()),
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
                zones == null ? null : zones.toArray(Integer[]::new));
    }

    private static Tuple series(long rideId, LocalDate day, RideSeries series) {
        int length = series.lastS() - series.firstS() + 1;
        @Nullable Integer[] delay = new @Nullable Integer[length];
        @Nullable Short[] heartRate = new @Nullable Short[length];
        @Nullable Short[] cadence = new @Nullable Short[length];
        @Nullable Short[] resistance = new @Nullable Short[length];
        @Nullable Float[] power = new @Nullable Float[length];
        for (int i = 0; i < length; i++) {
            int second = series.firstS() + i;
            if (series.has(second)) {
                Reading reading = series.get(second);
                delay[i] = series.delayMillis(second);
                heartRate[i] = reading.hasHeartRate() ? (Short) (short) reading.heartRateBpm() : null;
                cadence[i] = small(reading.cadenceRpm());
                resistance[i] = small(reading.resistance());
                power[i] = reading.hasPower() ? (Float) reading.powerW() : null;
            }
        }
        return row(rideId, day, series.firstS(), delay, heartRate, cadence, resistance, power);
    }

    private static Tuple minute(long rideId, LocalDate day, RideSummary.Minute m) {
        return row(
                rideId,
                day,
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

    private static @Nullable Short small(int value) {
        return value == Reading.ABSENT ? null : (Short) (short) value;
    }

    private static OffsetDateTime time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static Tuple row(@Nullable Object... values) {
        return Tuple.from(values);
    }
}
