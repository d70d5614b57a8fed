package com.deloton.gateway.api.alerts;

import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.Rider.Gender;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.ride.heartrate.PolicyTrial;
import com.deloton.gateway.ride.heartrate.PolicyTrial.Policy;
import com.deloton.gateway.ride.heartrate.PolicyTrial.TrialRide;
import com.deloton.gateway.ride.heartrate.RiderAlertSetting;
import com.deloton.gateway.store.Database;
import com.deloton.gateway.store.StoredSeries;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs both alert policies, on ended rides of the warehouse. */
public final class PolicyTrials {
    /** The longest period. */
    public static final Duration LONGEST = Duration.ofDays(366);

    private static final int PAGE = 10;
    private static final String RIDES = """
            SELECT r.ride_id, r.rider_id, r.gender, r.age_years, r.started_at, a.min_bpm, a.max_bpm, s.first_s, s.zero_at,
                s.delay_ms, s.heart_rate_bpm, s.cadence_rpm, s.resistance, s.power_w
            FROM ride r
            JOIN ride_series s ON s.ride_id = r.ride_id AND s.day = r.day
            LEFT JOIN rider_alert_setting a ON a.rider_id = r.rider_id
            WHERE r.status <> 'open' AND r.started_at < $2 AND (r.started_at, r.ride_id) > ($1, $3)
            ORDER BY r.started_at, r.ride_id
            LIMIT $4""";

    private final Vertx vertx;
    private final Pool pool;
    private final HeartRatePolicy policy;

    /**
     * Trials on a warehouse.
     *
     * @param policy the settings of {@code heart-rate.*}
     */
    public PolicyTrials(Vertx vertx, Pool pool, HeartRatePolicy policy) {
        this.vertx = vertx;
        this.pool = pool;
        this.policy = policy;
    }

    /**
     * A trial with the rides that started in a period.
     *
     * @param complete false if there are more rides than the limit: then the trial has those that started first
     */
    public record Result(PolicyTrial trial, boolean complete) {}

    /**
     * Runs the policies on the rides that started from {@code from} to before {@code to}. Fails with a
     * {@link TimeoutException} after {@code timeLimit}.
     *
     * @param maxRides the most rides that are taken
     * @param listed the policy whose alerted rides are listed
     * @param maxListed the most rides that are listed
     */
    public Future<Result> run(
            Instant from, Instant to, int maxRides, Policy listed, int maxListed, Duration timeLimit) {
        PolicyTrial trial = new PolicyTrial(policy, listed, maxListed);
        long deadline = System.nanoTime() + timeLimit.toNanos();
        OffsetDateTime end = to.atOffset(ZoneOffset.UTC);
        return page(trial, from.atOffset(ZoneOffset.UTC), 0L, end, maxRides, deadline)
                .map(complete -> new Result(trial, complete));
    }

    private Future<Boolean> page(
            PolicyTrial trial, OffsetDateTime after, long afterRide, OffsetDateTime end, int left, long deadline) {
        if (System.nanoTime() > deadline) {
            return Future.failedFuture(new TimeoutException("the rides of the period take too long"));
        }
        return Database.execute(pool, RIDES, Tuple.of(after, end, afterRide, Math.min(PAGE, left + 1)))
                .compose(rows -> vertx.executeBlocking(() -> add(trial, rows, left), true)
                        .compose(last -> {
                            if (rows.size() > left) {
                                return Future.succeededFuture(false);
                            }
                            if (last == null || rows.size() < PAGE) {
                                return Future.succeededFuture(true);
                            }
                            return page(
                                    trial,
                                    last.getOffsetDateTime("started_at"),
                                    last.getLong("ride_id"),
                                    end,
                                    left - rows.size(),
                                    deadline);
                        }));
    }

    private static @Nullable Row add(PolicyTrial trial, RowSet<Row> rows, int left) {
        Row last = null;
        int taken = 0;
        for (Row row : rows) {
            if (taken++ < left) {
                trial.add(ride(row));
            }
            last = row;
        }
        return last;
    }

    private static TrialRide ride(Row row) {
        RideSeries series = new RideSeries();
        StoredSeries.restore(series, row);
        return new TrialRide(
                row.getLong("ride_id"),
                row.getLong("rider_id"),
                Gender.valueOf(row.getString("gender").toUpperCase(Locale.ROOT)),
                row.getInteger("age_years"),
                new RiderAlertSetting(row.getInteger("min_bpm"), row.getInteger("max_bpm"), false),
                Timestamps.micros(row.getOffsetDateTime("started_at")),
                series);
    }
}
