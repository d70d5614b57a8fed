package com.deloton.gateway.retention;

import com.deloton.gateway.ops.FaultLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes quarantined records after their retention, in slices of one short transaction each, and what is left of rides that
 * erased riders began after their erasure. Several gateways may run it at the same time: each skips the rows that another
 * one is deleting.
 */
public final class RetentionVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionVerticle.class);
    private static final Duration PERIOD = Duration.ofMinutes(10);
    private static final int SLICE_ROWS = 1_000;
    private static final String DELETE = """
            DELETE FROM quarantine
            WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM quarantine WHERE received_at < now() - $1::bigint * interval '1 second'
                ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED))""";

    private static final String FORGET = "SELECT forget_ended_rides_of_erased()";

    private final Pool pool;
    private final Duration quarantine;
    private final Duration period;
    private final int sliceRows;
    private final Counter deleted;
    private final FaultLog faults = new FaultLog(LOG, "Deleting data after its retention");
    private Future<?> running = Future.succeededFuture();

    /** @param quarantine how long quarantined records are kept */
    public RetentionVerticle(Pool pool, Duration quarantine, MeterRegistry meters) {
        this(pool, quarantine, meters, PERIOD, SLICE_ROWS);
    }

    RetentionVerticle(Pool pool, Duration quarantine, MeterRegistry meters, Duration period, int sliceRows) {
        this.pool = pool;
        this.quarantine = quarantine;
        this.period = period;
        this.sliceRows = sliceRows;
        deleted = Counter.builder("deloton.quarantine.deleted")
                .description("Quarantined records deleted after ingest.quarantine-retention")
                .register(meters);
    }

    @Override
    public Future<?> start() {
        run();
        vertx.setPeriodic(period.toMillis(), timer -> run());
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return running;
    }

    private void run() {
        if (running.isComplete()) {
            running = deleteSlices()
                    .compose(v -> pool.query(FORGET).execute())
                    .onSuccess(v -> faults.succeeded())
                    .onFailure(faults::failed)
                    .otherwiseEmpty();
        }
    }

    private Future<Void> deleteSlices() {
        return pool.preparedQuery(DELETE)
                .execute(Tuple.of(quarantine.toSeconds(), sliceRows))
                .compose(result -> {
                    deleted.increment(result.rowCount());
                    return result.rowCount() < sliceRows ? Future.succeededFuture() : deleteSlices();
                });
    }
}
