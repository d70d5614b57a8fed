package com.deloton.gateway.ingest;

import com.deloton.gateway.ingest.heartrate.AlertWriter;
import com.deloton.gateway.ingest.heartrate.RideHeartRateEvent;
import com.deloton.gateway.ingest.partition.FlushBatch;
import com.deloton.gateway.ingest.partition.Partition;
import com.deloton.gateway.store.DatabaseFailure;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes the batches of a flush in one transaction, positions included: all of them or nothing, and only for partitions
 * that are still owned. Confined to one event loop.
 */
final class Checkpoint {
    private static final String MOVE_POSITIONS = """
            UPDATE ingest_position p
            SET next_offset = w.next_offset, flush_no = w.flush_no,
                last_record_at = coalesce(w.last_record_at, p.last_record_at), updated_at = now()
            FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::timestamptz[])
                AS w (source_id, epoch, flush_no, from_offset, next_offset, last_record_at)
            WHERE p.source_id = w.source_id AND p.epoch = w.epoch AND p.flush_no = w.flush_no - 1
                AND p.next_offset = w.from_offset""";

    private static final String POSITIONS =
            "SELECT source_id, epoch, flush_no FROM ingest_position WHERE source_id = ANY ($1)";

    /** The sessions in a transaction that has written to, or locked, what a flush writes; longest first. */
    private static final String LOCK_HOLDERS = """
            SELECT a.pid, a.application_name, host(a.client_addr), a.state,
                extract(epoch FROM now() - a.xact_start)::integer,
                string_agg(DISTINCT l.relation::regclass::text, ', ')
            FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.relation IN ('ingest_position'::regclass, 'rider'::regclass, 'bike'::regclass, 'ride'::regclass,
                    'reading_chunk'::regclass, 'ride_series'::regclass, 'ride_minutes'::regclass,
                    'quarantine'::regclass, 'held_record'::regclass, 'alert'::regclass)
                AND l.granted AND l.mode <> 'AccessShareLock' AND a.pid <> pg_backend_pid()
            GROUP BY a.pid, a.application_name, a.client_addr, a.state, a.xact_start
            ORDER BY a.xact_start LIMIT 3""";

    private static final String ENSURE_DAY = "SELECT ensure_day($1)";

    private final Pool pool;
    private final AlertWriter alerts;
    private final SalvageWriter.RefusalLog refusals = new SalvageWriter.RefusalLog();
    private final Set<LocalDate> knownDays = new HashSet<>();

    Checkpoint(Pool pool, AlertWriter alerts) {
        this.pool = pool;
        this.alerts = alerts;
    }

    /** Another owner has moved the position or taken the partition over. */
    static final class FencedException extends IllegalStateException {
        FencedException() {
            super("another consumer owns a partition of this flush");
        }
    }

    /** Whether a batch is in the warehouse. */
    enum CommitStatus {
        WRITTEN,
        WRITABLE,
        FENCED
    }

    private record Stored(long epoch, long flushNo) {}

    /** Creates the table partitions of those of these days that are near today. */
    Future<Void> ensureDays(Iterable<LocalDate> days) {
        Future<Void> done = Future.succeededFuture();
        for (LocalDate day : days) {
            if (!knownDays.contains(day)) {
                done = done.compose(v -> pool.preparedQuery(ENSURE_DAY).execute(Tuple.of(day)))
                        .map(rows -> {
                            knownDays.add(day);
                            return null;
                        });
            }
        }
        return done;
    }

    /** Fails with {@link FencedException}, and nothing written, unless all the partitions are still owned. */
    Future<Void> write(List<FlushBatch> batches) {
        return inTransaction(connection -> movePositions(connection, batches).compose(v -> {
            BatchStatements statements = new BatchStatements(connection);
            for (FlushBatch batch : batches) {
                statements
                        .starts(batch.started(), batch.sourceId())
                        .chunks(batch.chunks())
                        .ends(batch.ended())
                        .quarantine(batch.quarantined(), batch.sourceId())
                        .hold(batch);
            }
            List<RideHeartRateEvent> events = batches.stream()
                    .flatMap(batch -> batch.heartRateEvents().stream())
                    .toList();
            return events.isEmpty()
                    ? statements.done()
                    : statements.done().compose(done -> alerts.write(connection, events));
        }));
    }

    /**
     * Writes the part of a batch that PostgreSQL accepts, and puts the rest into the quarantine.
     *
     * @param onAnswer called whenever the database has answered
     */
    Future<SalvageWriter.Refused> salvage(FlushBatch batch, Runnable onAnswer) {
        return inTransaction(connection -> movePositions(connection, List.of(batch))
                .compose(v -> new SalvageWriter(connection, alerts, batch, refusals, onAnswer).write()));
    }

    /**
     * Plain statements instead of the client's transactions, which roll back on the first failure and so cannot go back
     * to a savepoint.
     */
    private <T> Future<T> inTransaction(Function<SqlConnection, Future<T>> work) {
        return pool.getConnection()
                .compose(connection -> execute(connection, "BEGIN")
                        .compose(v -> work.apply(connection))
                        .compose(result -> execute(connection, "COMMIT").map(result))
                        .onSuccess(result -> connection.close())
                        .recover(failure -> execute(connection, "ROLLBACK")
                                .transform(rolledBack -> DatabaseFailure.release(
                                        connection, rolledBack.failed() ? rolledBack.cause() : failure))
                                .compose(v -> Future.<T>failedFuture(failure))));
    }

    private static Future<Void> execute(SqlConnection connection, String sql) {
        return connection.query(sql).execute().mapEmpty();
    }

    /**
     * Says for each batch whether it has been written already (as when the connection broke while committing), can still
     * be written, or never will be.
     */
    Future<Map<FlushBatch, CommitStatus>> commitStatus(List<FlushBatch> batches) {
        Integer[] sources = batches.stream().map(FlushBatch::sourceId).toArray(Integer[]::new);
        return pool.preparedQuery(POSITIONS).execute(Tuple.of(sources)).map(rows -> {
            Map<Integer, Stored> stored = new HashMap<>();
            rows.forEach(row -> stored.put(row.getInteger(0), new Stored(row.getLong(1), row.getLong(2))));
            Map<FlushBatch, CommitStatus> statuses = new LinkedHashMap<>();
            batches.forEach(batch -> statuses.put(batch, status(batch, stored.get(batch.sourceId()))));
            return statuses;
        });
    }

    private static CommitStatus status(FlushBatch batch, @Nullable Stored stored) {
        if (stored == null || stored.epoch() != batch.epoch()) {
            return CommitStatus.FENCED;
        }
        if (stored.flushNo() == batch.flushNo()) {
            return CommitStatus.WRITTEN;
        }
        return stored.flushNo() == batch.flushNo() - 1 ? CommitStatus.WRITABLE : CommitStatus.FENCED;
    }

    /** For the log: which sessions hold the locks that a flush waits for. */
    Future<String> lockHolders() {
        return pool.query(LOCK_HOLDERS).execute().map(rows -> {
            List<String> sessions = new ArrayList<>();
            rows.forEach(row -> sessions.add("session %s of %s at %s, %s, in a transaction for %s s on %s"
                    .formatted(
                            row.getInteger(0),
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getInteger(4),
                            row.getString(5))));
            return sessions.isEmpty() ? "no session any more" : String.join("; ", sessions);
        });
    }

    private static Future<Void> movePositions(SqlConnection connection, List<FlushBatch> batches) {
        return connection
                .preparedQuery(MOVE_POSITIONS)
                .execute(Tuple.of(
                        batches.stream().map(FlushBatch::sourceId).toArray(Integer[]::new),
                        longs(batches, FlushBatch::epoch),
                        longs(batches, FlushBatch::flushNo),
                        longs(batches, FlushBatch::fromOffset),
                        longs(batches, FlushBatch::toOffset),
                        batches.stream().map(Checkpoint::lastRecordAt).toArray(OffsetDateTime[]::new)))
                .map(SqlResult::rowCount)
                .compose(moved -> moved == batches.size()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new FencedException()));
    }

    /** Null if the partition has had markers and withdrawn records only. */
    private static @Nullable OffsetDateTime lastRecordAt(FlushBatch batch) {
        long micros = batch.lastRecordAtMicros();
        return micros == Partition.Position.NO_RECORD ? null : Timestamps.of(micros);
    }

    private static Long[] longs(List<FlushBatch> batches, ToLongFunction<FlushBatch> column) {
        return batches.stream().mapToLong(column).boxed().toArray(Long[]::new);
    }
}
