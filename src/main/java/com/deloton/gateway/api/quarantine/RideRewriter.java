package com.deloton.gateway.api.quarantine;

import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.RideSummary;
import com.deloton.gateway.store.StoredRide;
import com.deloton.gateway.store.StoredSeries;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;

/** Replaces the stored readings of an ended ride, and all figures computed from them. */
final class RideRewriter {
    private static final String FIGURES = "UPDATE ride SET " + StoredRide.FIGURES + " WHERE ride_id = $1 AND day = $23";

    private static final String SERIES = """
            UPDATE ride_series
            SET first_s = $3, delay_ms = $4, heart_rate_bpm = $5, cadence_rpm = $6, resistance = $7, power_w = $8,
                cleaned_s = coalesce($9, cleaned_s)
            WHERE ride_id = $1 AND day = $2""";

    /** Rows that a gateway of an earlier version has written. */
    private static final String DELETE_MINUTE_ROWS = "DELETE FROM ride_minute WHERE ride_id = $1 AND day = $2";

    private RideRewriter() {}

    static Future<Void> write(
            SqlConnection connection, long rideId, LocalDate day, RideSeries series, RideSummary summary) {
        long endedAt = series.get(series.lastS()).atMicros();
        Tuple minutes = StoredRide.minutes(day, rideId, RideSummary.minutes(series));
        return Future.join(
                        connection.preparedQuery(FIGURES).execute(StoredRide.figures(rideId, endedAt, summary, day)),
                        connection.preparedQuery(SERIES).execute(series(rideId, day, series)),
                        connection.preparedQuery(DELETE_MINUTE_ROWS).execute(Tuple.of(rideId, day)),
                        connection.preparedQuery(StoredRide.REPLACE_MINUTES).execute(minutes))
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
