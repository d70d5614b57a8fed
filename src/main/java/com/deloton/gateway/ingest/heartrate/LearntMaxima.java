package com.deloton.gateway.ingest.heartrate;

import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.ride.heartrate.PersonalMaximum;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The learnt maxima of the riders, in memory: those of the {@value #MAX_RIDERS} riders learnt last. Confined to one event
 * loop.
 */
public final class LearntMaxima {
    private static final Logger LOG = LoggerFactory.getLogger(LearntMaxima.class);
    static final Duration REFRESH = Duration.ofSeconds(10);
    static final int MAX_RIDERS = 200_000;
    private static final int PAGE = 2_000;
    /** A transaction may become visible this much later than its {@code updated_at}. */
    private static final Duration OVERLAP = Duration.ofSeconds(30);

    private static final String CHANGED = """
            SELECT rider_id, bpm, measured_at, applies_from, former_bpm, former_at, updated_at
            FROM rider_heart_rate
            WHERE (updated_at, rider_id) > ($1, $2)
            ORDER BY updated_at, rider_id
            LIMIT $3""";
    private static final OffsetDateTime LONG_AGO = OffsetDateTime.of(2000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    private record Learnt(
            PersonalMaximum current,
            long appliesFromMicros,
            @Nullable PersonalMaximum former) {
        @Nullable
        PersonalMaximum at(long startMicros) {
            return startMicros >= appliesFromMicros ? current : former;
        }
    }

    private final Vertx vertx;
    private final Pool pool;
    private final Map<Long, Learnt> byRider = new LinkedHashMap<>();
    private final FaultLog faults = new FaultLog(LOG, "Reading the learnt heart rates");
    private OffsetDateTime seenTo = LONG_AGO;
    private boolean reading;

    LearntMaxima(Vertx vertx, Pool pool) {
        this.vertx = vertx;
        this.pool = pool;
    }

    /** Reads the maxima, now and every ten seconds those that have changed. */
    Future<Void> start() {
        vertx.setPeriodic(REFRESH.toMillis(), t -> refresh());
        return refresh();
    }

    /**
     * The range of a ride's rider; null if the age is unknown. It depends on the start of the ride and not on the time of
     * the call: the same before and after a restart.
     */
    @Nullable
    HeartRateLimits limits(Ride ride) {
        Rider rider = ride.rider();
        if (rider == null) {
            return null;
        }
        Learnt learnt = byRider.get(rider.id());
        long start = ride.startedAtMicros();
        return PersonalMaximum.limits(rider.gender(), ride.ageYears(), learnt == null ? null : learnt.at(start), start);
    }

    private Future<Void> refresh() {
        if (reading) {
            return Future.succeededFuture();
        }
        reading = true;
        OffsetDateTime from = seenTo.equals(LONG_AGO) ? LONG_AGO : seenTo.minus(OVERLAP);
        return readFrom(from, 0L)
                .onSuccess(v -> faults.succeeded())
                .onFailure(faults::failed)
                .otherwiseEmpty()
                .onComplete(done -> reading = false);
    }

    private Future<Void> readFrom(OffsetDateTime updatedAt, long riderId) {
        return pool.preparedQuery(CHANGED)
                .execute(Tuple.of(updatedAt, riderId, PAGE))
                .compose(rows -> {
                    Row last = take(rows);
                    return last == null || rows.size() < PAGE
                            ? Future.succeededFuture()
                            : readFrom(last.getOffsetDateTime("updated_at"), last.getLong("rider_id"));
                });
    }

    private @Nullable Row take(RowSet<Row> rows) {
        Row last = null;
        for (Row row : rows) {
            last = row;
            Long riderId = row.getLong("rider_id");
            byRider.remove(riderId);
            byRider.put(riderId, learnt(row));
            seenTo = row.getOffsetDateTime("updated_at");
        }
        while (byRider.size() > MAX_RIDERS) {
            byRider.remove(byRider.keySet().iterator().next());
        }
        return last;
    }

    private static Learnt learnt(Row row) {
        Double former = row.getDouble("former_bpm");
        return new Learnt(
                new PersonalMaximum(row.getDouble("bpm"), Timestamps.micros(row.getOffsetDateTime("measured_at"))),
                Timestamps.micros(row.getOffsetDateTime("applies_from")),
                former == null
                        ? null
                        : new PersonalMaximum(former, Timestamps.micros(row.getOffsetDateTime("former_at"))));
    }
}
