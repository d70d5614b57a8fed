package com.deloton.gateway.ingest;

import com.deloton.gateway.event.RideIds;
import com.deloton.gateway.ingest.heartrate.AlertWriter;
import com.deloton.gateway.ingest.heartrate.RideHeartRateEvent;
import com.deloton.gateway.ingest.partition.BikeStream;
import com.deloton.gateway.ingest.partition.FlushBatch;
import com.deloton.gateway.ingest.partition.FlushBatch.QuarantinedRecord;
import com.deloton.gateway.ride.PendingRideLine;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.store.DatabaseFailure;
import com.deloton.gateway.store.StoredSeries;
import com.deloton.gateway.telemetry.LogLine.Reason;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a batch that PostgreSQL refuses as a whole: halves it, behind savepoints, until each refused row is alone, puts
 * that into the quarantine with PostgreSQL's message, and writes all others in order. A ride whose rider or bike is
 * refused is stored without them, one whose figures are refused is ended without them.
 */
final class SalvageWriter {
    private static final Logger LOG = LoggerFactory.getLogger(SalvageWriter.class);
    private static final int MAX_DETAIL = 1_000;

    private final SqlConnection connection;
    private final BatchStatements statements;
    private final AlertWriter alerts;
    private final FlushBatch batch;
    private final Runnable onAnswer;
    private final RefusalLog log;
    private final Map<Long, QuarantinedRecord> refused = new TreeMap<>();
    private final Set<Long> refusedRides = new HashSet<>();

    /**
     * What could not be stored.
     *
     * @param records now in the quarantine
     * @param rides of which nothing is stored
     */
    record Refused(int records, Set<Long> rides) {}

    /** Logs ten refused rows a minute and the number of the others: all of them are in the quarantine. */
    static final class RefusalLog {
        private static final int LINES = 10;

        private long minuteAt = System.nanoTime();
        private int lines;
        private int unlogged;

        private void refused(String message) {
            long now = System.nanoTime();
            if (now - minuteAt >= Duration.ofMinutes(1).toNanos()) {
                minuteAt = now;
                lines = 0;
            }
            if (++lines > LINES) {
                unlogged++;
            } else if (unlogged == 0) {
                LOG.error("Quarantined as {}: {}", Reason.REFUSED_BY_DATABASE, message);
            } else {
                LOG.error("Quarantined as {}, as {} before: {}", Reason.REFUSED_BY_DATABASE, unlogged, message);
                unlogged = 0;
            }
        }
    }

    /**
     * @param log shared by the flushes of a verticle
     * @param onAnswer called whenever the database has answered: many refused rows take minutes
     */
    SalvageWriter(SqlConnection connection, AlertWriter alerts, FlushBatch batch, RefusalLog log, Runnable onAnswer) {
        this.connection = connection;
        this.statements = new BatchStatements(connection);
        this.alerts = alerts;
        this.batch = batch;
        this.onAnswer = onAnswer;
        this.log = log;
    }

    /** To be called inside a transaction that has moved the position. */
    Future<Refused> write() {
        return each(
                        batch.started(),
                        rows -> statements.starts(rows, batch.sourceId()).done(),
                        this::refuseStart)
                .compose(v -> chunks(batch.chunks()))
                .compose(v -> each(batch.ended(), rows -> statements.ends(rows).done(), this::refuseEnd))
                .compose(v -> each(
                        batch.heartRateEvents(), rows -> alerts.write(connection, rows), this::refuseHeartRateEvent))
                .compose(v -> quarantine(batch.quarantined()))
                .compose(v -> quarantine(List.copyOf(refused.values())))
                .compose(v -> statements.hold(batch).done())
                .map(v -> new Refused(refused.size(), Set.copyOf(refusedRides)));
    }

    /** Writes all rows that are not refused, in order; {@code refuse} takes each other one. */
    private <T> Future<Void> each(
            List<T> rows, Function<List<T>, Future<Void>> write, BiFunction<T, Throwable, Future<Void>> refuse) {
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        return behindSavepoint(() -> write.apply(rows)).recover(failure -> {
            if (DatabaseFailure.of(failure) != DatabaseFailure.DATA) {
                return Future.failedFuture(failure);
            }
            if (rows.size() == 1) {
                return refuse.apply(rows.getFirst(), failure);
            }
            int half = rows.size() / 2;
            return each(rows.subList(0, half), write, refuse)
                    .compose(v -> each(rows.subList(half, rows.size()), write, refuse));
        });
    }

    private Future<Void> behindSavepoint(Supplier<Future<Void>> work) {
        return execute("SAVEPOINT part")
                .compose(v -> work.get())
                .compose(v -> execute("RELEASE SAVEPOINT part"))
                .recover(failure -> DatabaseFailure.of(failure) == DatabaseFailure.SESSION
                        ? Future.failedFuture(failure)
                        : execute("ROLLBACK TO SAVEPOINT part").compose(v -> Future.failedFuture(failure)));
    }

    private Future<Void> execute(String sql) {
        return connection.query(sql).execute().onSuccess(done -> onAnswer.run()).mapEmpty();
    }

    private Future<Void> refuseStart(FlushBatch.Started start, Throwable failure) {
        long rideId = start.ride().id();
        quarantine(
                RideIds.offset(rideId),
                start.recordAtMicros(),
                start.streamKey(),
                "the start of ride %d: %s".formatted(rideId, DatabaseFailure.text(failure)),
                start.value());
        return behindSavepoint(
                        () -> statements.anonymousStart(start, batch.sourceId()).done())
                .recover(again -> {
                    refusedRides.add(rideId);
                    return unlessRefused(again);
                });
    }

    /** Halves a chunk until each refused reading is alone; without its ride none of them can be stored. */
    private Future<Void> refuseChunk(BikeStream.Chunk chunk, Throwable failure) {
        int length = chunk.seconds().length();
        boolean withoutRide = DatabaseFailure.isMissingReference(failure);
        if (length > 1 && !withoutRide) {
            return chunks(List.of(chunk.slice(0, length / 2), chunk.slice(length / 2, length)));
        }
        if (withoutRide) {
            refusedRides.add(chunk.rideId());
        }
        quarantine(
                chunk.lastOffset(),
                batch.lastRecordAtMicros(),
                chunk.streamKey(),
                "readings of ride %d: %s".formatted(chunk.rideId(), DatabaseFailure.text(failure)),
                json(chunk).encode().getBytes(StandardCharsets.UTF_8));
        return Future.succeededFuture();
    }

    private static JsonObject json(BikeStream.Chunk chunk) {
        StoredSeries.Seconds seconds = chunk.seconds();
        return new JsonObject()
                .put("rideId", chunk.rideId())
                .put("zeroAtMicros", chunk.zeroAtMicros())
                .put("firstS", seconds.firstS())
                .put("delayMs", Arrays.asList(seconds.delayMs()))
                .put("heartRateBpm", Arrays.asList(seconds.heartRateBpm()))
                .put("cadenceRpm", Arrays.asList(seconds.cadenceRpm()))
                .put("resistance", Arrays.asList(seconds.resistance()))
                .put("powerW", Arrays.asList(seconds.powerW()))
                .put("cleanedS", seconds.cleanedS() == null ? null : Arrays.asList(seconds.cleanedS()));
    }

    /** The ride ends without figures; its readings are stored as one chunk. */
    private Future<Void> refuseEnd(FlushBatch.Ended end, Throwable failure) {
        Ride ride = end.ride();
        quarantine(
                end.lastOffset(),
                batch.lastRecordAtMicros(),
                end.streamKey(),
                "the end of ride %d: %s".formatted(ride.id(), DatabaseFailure.text(failure)),
                null);
        StoredSeries.Seconds series = end.series();
        return behindSavepoint(() -> statements.endWithoutFigures(end).done())
                .recover(SalvageWriter::unlessRefused)
                .compose(v -> series == null
                        ? Future.succeededFuture()
                        : chunks(List.of(new BikeStream.Chunk(
                                end.streamKey(),
                                end.lastOffset(),
                                ride.id(),
                                batch.toOffset(),
                                ride.series().zeroAtMicros(),
                                series,
                                PendingRideLine.NONE))));
    }

    private Future<Void> chunks(List<BikeStream.Chunk> chunks) {
        return each(chunks, rows -> statements.chunks(rows).done(), this::refuseChunk);
    }

    private static Future<Void> unlessRefused(Throwable failure) {
        return DatabaseFailure.of(failure) == DatabaseFailure.DATA
                ? Future.succeededFuture()
                : Future.failedFuture(failure);
    }

    /** One row a record: PostgreSQL's messages about the same one are joined. */
    private void quarantine(long offset, long recordAt, String key, String message, byte @Nullable [] value) {
        log.refused(message);
        QuarantinedRecord known = refused.get(offset);
        String detail = known == null ? message : known.detail() + "; " + message;
        String printable = detail.replace('\0', '\uFFFD');
        refused.put(
                offset,
                new QuarantinedRecord(
                        offset,
                        recordAt,
                        key,
                        Reason.REFUSED_BY_DATABASE.name(),
                        printable.substring(0, Math.min(MAX_DETAIL, printable.length())),
                        known == null ? value : known.value()));
    }

    private Future<Void> refuseHeartRateEvent(RideHeartRateEvent event, Throwable failure) {
        quarantine(
                RideIds.offset(event.rideId()),
                batch.lastRecordAtMicros(),
                "",
                "a heart-rate event of ride %d: %s".formatted(event.rideId(), DatabaseFailure.text(failure)),
                event.event().toString().getBytes(StandardCharsets.UTF_8));
        return Future.succeededFuture();
    }

    private Future<Void> quarantine(List<QuarantinedRecord> records) {
        return each(
                records, rows -> statements.quarantine(rows, batch.sourceId()).done(), (record, failure) -> {
                    LOG.error(
                            "Record {} of source {} is not in the quarantine: {}",
                            record.offset(),
                            batch.sourceId(),
                            DatabaseFailure.text(failure));
                    return Future.succeededFuture();
                });
    }
}
