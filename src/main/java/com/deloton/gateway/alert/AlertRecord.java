package com.deloton.gateway.alert;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.heartrate.Episode;
import com.deloton.gateway.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stored alert, as pages and pictures show it.
 *
 * @param raisedAt time of the reading that raised the alert, by the bike's clock
 * @param bpm heart rate of that reading
 * @param high above the limits; otherwise below
 * @param bike serial of the bike; null while the ride is not stored
 * @param rideStartedAt null while the ride is not stored
 * @param acknowledgedAt null before
 * @param byStaff whether the API acknowledged it, not the rider
 * @param sensorFault whether the rider said that the sensor was wrong
 * @param rule what the heart rate broke
 */
record AlertRecord(
        Instant raisedAt,
        int bpm,
        boolean high,
        boolean critical,
        HeartRateLimits limits,
        @Nullable String bike,
        @Nullable Instant rideStartedAt,
        @Nullable Instant acknowledgedAt,
        boolean byStaff,
        boolean sensorFault,
        Episode.Rule rule) {

    /**
     * A reading near an alert.
     *
     * @param second relative to the reading that raised the alert
     * @param bpm null if it was not measured
     */
    record Point(int second, @Nullable Integer bpm) {}

    /** Reads and answers alerts. */
    static final class Store {
        private static final String READ = """
                SELECT a.raised_at, a.raised_bpm, a.high, a.severity = 'critical', a.min_bpm, a.max_bpm,
                    coalesce(r.bike_serial, a.bike_serial), r.started_at, a.acknowledged_at, a.acknowledged_by IS NOT NULL, a.rider_answer IS NOT NULL, a.rule
                FROM alert a LEFT JOIN ride r USING (ride_id)
                WHERE a.ride_id = $1 AND a.first_s = $2""";

        private static final String POINTS = """
                SELECT v.elapsed_s - a.raised_s, v.heart_rate_bpm
                FROM alert a JOIN reading v USING (ride_id)
                WHERE a.ride_id = $1 AND a.first_s = $2
                    AND v.elapsed_s BETWEEN a.raised_s - $3::integer AND a.raised_s + $3::integer
                ORDER BY 1""";

        private static final String ACKNOWLEDGE = """
                UPDATE alert SET acknowledged_at = coalesce(acknowledged_at, now()),
                    rider_answer = coalesce(rider_answer, $3)
                WHERE ride_id = $1 AND first_s = $2""";

        private static final String SENSOR_FAULT = "sensor_fault";

        private final Pool pool;

        Store(Pool pool) {
            this.pool = pool;
        }

        /** Null without such an alert. */
        Future<@Nullable AlertRecord> read(AlertNotification.Key alert) {
            return Database.execute(pool, READ, Tuple.of(alert.rideId(), alert.firstS()))
                    .map(rows -> {
                        for (Row row : rows) {
                            return record(row);
                        }
                        return null;
                    });
        }

        private static AlertRecord record(Row row) {
            return new AlertRecord(
                    row.getOffsetDateTime(0).toInstant(),
                    row.getInteger(1),
                    row.getBoolean(2),
                    row.getBoolean(3),
                    new HeartRateLimits(row.getInteger(4), row.getInteger(5)),
                    row.getString(6),
                    instant(row.getOffsetDateTime(7)),
                    instant(row.getOffsetDateTime(8)),
                    row.getBoolean(9),
                    row.getBoolean(10),
                    Episode.Rule.valueOf(row.getString(11).toUpperCase(Locale.ROOT)));
        }

        private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
            return time == null ? null : time.toInstant();
        }

        /** The stored readings of {@code seconds} before and after the alert, in order. */
        Future<List<Point>> points(AlertNotification.Key alert, int seconds) {
            return Database.execute(pool, POINTS, Tuple.of(alert.rideId(), alert.firstS(), seconds))
                    .map(rows -> {
                        List<Point> points = new ArrayList<>(rows.size());
                        rows.forEach(row -> {
                            Integer bpm = row.getInteger(1);
                            points.add(new Point(row.getInteger(0), bpm == null || bpm == 0 ? null : bpm));
                        });
                        return points;
                    });
        }

        /** Records the rider's answer. Of several acknowledgements the first time counts. */
        Future<Void> acknowledge(AlertNotification.Key alert, boolean sensorFault) {
            return Database.execute(
                            pool,
                            ACKNOWLEDGE,
                            Tuple.of(alert.rideId(), alert.firstS(), sensorFault ? SENSOR_FAULT : null))
                    .mapEmpty();
        }
    }
}
