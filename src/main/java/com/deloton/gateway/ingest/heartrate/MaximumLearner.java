package com.deloton.gateway.ingest.heartrate;

import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.Rider.Gender;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.ride.heartrate.PersonalMaximum;
import com.deloton.gateway.store.StoredSeries;
import com.deloton.gateway.store.Timestamps;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns the riders' maxima from ended rides, a few at a time, oldest first, at most once each. Of all processes only one
 * learns at a time. A rider's maximum never changes during a ride of that rider.
 */
public final class MaximumLearner {
    private static final Logger LOG = LoggerFactory.getLogger(MaximumLearner.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int BATCH = 5;

    private static final String LOCK =
            "SELECT pg_try_advisory_xact_lock(hashtextextended('deloton.heart_rate.learner', 0))";

    private static final String ENDED = """
            WITH picked AS (
                SELECT r.ride_id, r.day, r.rider_id, r.gender, r.age_years, r.started_at
                FROM ride r
                WHERE r.status <> 'open' AND r.held_bpm IS NULL AND r.rider_id IS NOT NULL AND r.age_years IS NOT NULL
                    AND NOT EXISTS (SELECT FROM ride o WHERE o.rider_id = r.rider_id AND o.status = 'open')
                ORDER BY r.started_at, r.ride_id
                LIMIT $1
            )
            SELECT p.*, h.bpm AS learnt_bpm, h.measured_at, s.first_s, s.zero_at, s.delay_ms, s.heart_rate_bpm,
                s.cadence_rpm, s.resistance, s.power_w
            FROM picked p
            LEFT JOIN ride_series s ON s.ride_id = p.ride_id AND s.day = p.day
            LEFT JOIN rider_heart_rate h ON h.rider_id = p.rider_id
            ORDER BY p.started_at, p.ride_id""";

    /** {@code applies_from} leaves the time in which every gateway reads the new maximum. */
    private static final String SAVE = """
            WITH held AS (
                UPDATE ride r SET held_bpm = t.bpm
                FROM jsonb_to_recordset($1::jsonb) AS t (ride_id bigint, bpm smallint)
                WHERE r.ride_id = t.ride_id
            )
            INSERT INTO rider_heart_rate AS h (rider_id, bpm, measured_at, applies_from)
            SELECT t.rider_id, t.bpm, 'epoch'::timestamptz + t.at * interval '1 microsecond', now() + interval '1 minute'
            FROM jsonb_to_recordset($2::jsonb) AS t (rider_id bigint, bpm float8, at bigint)
            JOIN rider r ON r.rider_id = t.rider_id AND r.erased_at IS NULL
            ON CONFLICT (rider_id) DO UPDATE SET
                former_bpm = CASE WHEN h.applies_from > now() THEN h.former_bpm ELSE h.bpm END,
                former_at = CASE WHEN h.applies_from > now() THEN h.former_at ELSE h.measured_at END,
                bpm = excluded.bpm, measured_at = excluded.measured_at, applies_from = excluded.applies_from,
                updated_at = now()""";

    private final Vertx vertx;
    private final Pool pool;
    private final HeartRatePolicy policy;
    private final Counter learntRides;
    private final FaultLog faults = new FaultLog(LOG, "Learning heart rates");
    private boolean learning;

    public MaximumLearner(Vertx vertx, Pool pool, HeartRatePolicy policy, MeterRegistry registry) {
        this.vertx = vertx;
        this.pool = pool;
        this.policy = policy;
        learntRides = Counter.builder("deloton.heart.rate.learnt.rides")
                .description("Ended rides from which the riders' maximum heart rates were learnt")
                .register(registry);
    }

    /** Learns every half a minute, until nothing is left. */
    public void start() {
        vertx.setPeriodic(INTERVAL.toMillis(), t -> {
            if (!learning) {
                learning = true;
                learnAll()
                        .onSuccess(v -> faults.succeeded())
                        .onFailure(faults::failed)
                        .onComplete(done -> learning = false);
            }
        });
    }

    /** Learns from all ended rides that were not learnt from. */
    Future<Void> learnAll() {
        return pool.withTransaction(this::learnSome)
                .timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(rides -> learntRides.increment(rides))
                .compose(rides -> rides == null || rides < BATCH ? Future.succeededFuture() : learnAll());
    }

    private Future<Integer> learnSome(SqlConnection connection) {
        return connection.query(LOCK).execute().compose(lock -> {
            if (!lock.iterator().next().getBoolean(0)) {
                return Future.succeededFuture(0);
            }
            return connection.preparedQuery(ENDED).execute(Tuple.of(BATCH)).compose(rows -> {
                if (rows.size() == 0) {
                    return Future.succeededFuture(0);
                }
                return vertx.executeBlocking(() -> learn(rows), false)
                        .compose(values -> connection.preparedQuery(SAVE).execute(values))
                        .map(saved -> rows.size());
            });
        });
    }

    private Tuple learn(RowSet<Row> rows) {
        JsonArray held = new JsonArray();
        Map<Long, PersonalMaximum> learnt = new HashMap<>();
        for (Row row : rows) {
            Long rider = row.getLong("rider_id");
            int age = row.getInteger("age_years");
            PersonalMaximum before = learnt.getOrDefault(rider, stored(row));
            PersonalMaximum shown = shown(row, age, before);
            held.add(new JsonObject()
                    .put("ride_id", row.getLong("ride_id"))
                    .put("bpm", shown == null ? 0 : Math.round(shown.bpm())));
            if (shown != null) {
                learnt.put(rider, before == null ? shown : PersonalMaximum.higher(before, shown, age));
            }
        }
        JsonArray maxima = new JsonArray();
        learnt.forEach((rider, maximum) -> maxima.add(new JsonObject()
                .put("rider_id", rider)
                .put("bpm", maximum.bpm())
                .put("at", maximum.atMicros())));
        return Tuple.of(held, maxima);
    }

    private @Nullable PersonalMaximum shown(Row row, int age, @Nullable PersonalMaximum before) {
        Gender gender = Gender.valueOf(row.getString("gender").toUpperCase(Locale.ROOT));
        HeartRateLimits limits =
                PersonalMaximum.limits(gender, age, before, Timestamps.micros(row.getOffsetDateTime("started_at")));
        if (limits == null || row.getOffsetDateTime("zero_at") == null) {
            return null;
        }
        RideSeries series = new RideSeries();
        StoredSeries.restore(series, row);
        return PersonalMaximum.of(series, policy, limits);
    }

    private static @Nullable PersonalMaximum stored(Row row) {
        Double bpm = row.getDouble("learnt_bpm");
        return bpm == null ? null : new PersonalMaximum(bpm, Timestamps.micros(row.getOffsetDateTime("measured_at")));
    }
}
