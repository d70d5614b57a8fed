package com.deloton.gateway.api.quarantine;

import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.RideSummary;
import com.deloton.gateway.store.StoredRide;
import com.deloton.gateway.store.StoredSeries;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.List;

/** Replaces the stored readings of an ended ride, and all figures computed from them. */
final class RideRewriter {
    private static final String FIGURES = "UPDATE ride SET " + StoredRide.FIGURES + " WHERE ride_id = $1 AND day = $23";

    private static final String SERIES = """
            UPDATE ride_series
            SET first_s = $3, delay_ms = $4, heart_rate_bpm = $5, cadence_rpm = $6, resistance = $7, power_w = $8,
                cleaned_s = coalesce($9, cleaned_s)
            WHERE ride_id = $1 AND day = $2""";

    private static final String MINUTE = StoredRide.INSERT_MINUTE + """

            ON CONFLICT (ride_id, day, minute) DO UPDATE
            SET readings = excluded.readings, energy_kj = excluded.energy_kj, power_mean_w = excluded.power_mean_w,
                power_max_w = excluded.power_max_w, heart_rate_mean_bpm = excluded.heart_rate_mean_bpm,
                heart_rate_max_bpm = excluded.heart_rate_max_bpm,
                heart_rate_measured_s = excluded.heart_rate_measured_s,
                cadence_mean_rpm = excluded.cadence_mean_rpm, resistance_mean = excluded.resistance_mean""";

    private RideRewriter() {}

    static Future<Void> write(
            SqlConnection connection, long rideId, LocalDate day, RideSeries series, RideSummary summary) {
        long endedAt = series.get(series.lastS()).atMicros();
        List<Tuple> minutes = RideSummary.minutes(series).stream()
                .map(minute -> StoredRide.minute(day, rideId, minute))
                .toList();
        return Future.join(
                        connection.preparedQuery(FIGURES).execute(StoredRide.figures(rideId, endedAt, summary, day)),
                        connection.preparedQuery(SERIES).execute(series(rideId, day, series)),
                        connection.preparedQuery(MINUTE).executeBatch(minutes))
                .mapEmpty();
    }

    private static Tuple series(long rideId, LocalDate day, RideSeries series) {
        StoredSeries.Seconds all = StoredSeries.Seconds.of(series, series.firstS(), series.lastS());
        return Tuple.from(new Object[] {
            rideId,
            day,
            all.firstS(),
            all.delayMs(),
            all.heartRateBpm(),
            all.cadenceRpm(),
            all.resistance(),
            all.powerW(),
            all.cleanedS()
        });
    }
}
