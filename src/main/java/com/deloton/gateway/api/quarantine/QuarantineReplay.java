package com.deloton.gateway.api.quarantine;

import com.deloton.gateway.event.RideIds;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.LateReadingMerger;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.RideSummary;
import com.deloton.gateway.ride.Rider.Gender;
import com.deloton.gateway.store.StoredSeries;
import com.deloton.gateway.telemetry.LineParser;
import com.deloton.gateway.telemetry.LogLine;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Replays quarantined records. One transaction locks the record and its ride, so that concurrent and repeated replays add
 * a record to its ride once. Only ended rides change: the ingest never writes those again.
 */
final class QuarantineReplay {
    private static final String RECORD = """
            SELECT value, reason, replayed_at FROM quarantine
            WHERE source_id = $1 AND record_offset = $2 FOR NO KEY UPDATE""";

    /**
     * The record's ride: the latest of its stream that began at a lower offset, which is part of the ride's id, or that
     * moved to the stream's partition.
     */
    private static final String RIDE = """
            SELECT r.ride_id, r.day, r.status, r.readings, r.gender, r.age_years, s.first_s, s.zero_at, s.delay_ms,
                s.heart_rate_bpm, s.cadence_rpm, s.resistance, s.power_w, s.cleaned_s
            FROM (
                SELECT ride.* FROM ride WHERE ride_id = (
                    SELECT ride_id FROM (
                        (SELECT r.ride_id, r.started_at FROM ride r
                        JOIN quarantine q ON q.source_id = r.source_id AND r.stream_key = coalesce(q.record_key, '')
                            AND NOT r.rider_erased
                        WHERE q.source_id = $1 AND q.record_offset = $2 AND r.ride_id < $3
                        ORDER BY r.ride_id DESC LIMIT 1)
                        UNION ALL
                        (SELECT r.ride_id, r.started_at FROM ride r
                        JOIN quarantine q ON q.source_id = r.source_id AND r.stream_key = q.record_key
                            AND NOT r.rider_erased
                        WHERE q.source_id = $1 AND q.record_offset = $2 AND r.ride_id % 4096 <> r.source_id
                            AND r.started_at <= q.record_at
                        ORDER BY r.started_at DESC LIMIT 1)
                    ) latest
                    ORDER BY started_at DESC LIMIT 1)
                FOR NO KEY UPDATE
            ) r
            LEFT JOIN ride_series s ON s.ride_id = r.ride_id AND s.day = r.day""";

    private static final String DONE = """
            WITH audited AS (
                INSERT INTO audit (subject, action, target, detail, request_id)
                VALUES ($3, 'replay_record', 'record/' || $1::integer || '-' || $2::bigint,
                    jsonb_build_object('ride', $5::bigint, 'outcome', $6::text), $4)
            )
            UPDATE quarantine SET replayed_at = now(), replayed_by = $3 WHERE source_id = $1 AND record_offset = $2""";

    private final Pool pool;

    QuarantineReplay(Pool pool) {
        this.pool = pool;
    }

    record Key(int sourceId, long offset) {}

    sealed interface Outcome {}

    /** The ride has the record's values; {@code how} is added, completed or known. */
    record Placed(long rideId, int elapsedS, String how) implements Outcome {}

    /** The record cannot be added; {@code why} is a sentence. */
    record Impossible(String why) implements Outcome {}

    record Unknown() implements Outcome {}

    Future<Outcome> run(Key key, String subject, String requestId) {
        return pool.<Outcome>withTransaction(connection -> one(
                                connection, RECORD, Tuple.of(key.sourceId(), key.offset()))
                        .compose(row -> row == null
                                ? Future.succeededFuture(new Unknown())
                                : record(connection, key, row, Tuple.of(subject, requestId))))
                .map(Objects::requireNonNull);
    }

    private Future<Outcome> record(SqlConnection connection, Key key, Row record, Tuple who) {
        if (record.getValue("replayed_at") != null) {
            return impossible("The record was already replayed.");
        }
        Buffer value = record.getBuffer("value");
        LogLine line = new LineParser().parse(value == null ? null : value.getBytes());
        return switch (line) {
            case LogLine.Unusable unusable ->
                impossible("The record is still unusable: %s.".formatted(unusable.reason()));
            case LogLine.Ride ride -> place(connection, key, ride, who);
            case LogLine.Telemetry telemetry -> place(connection, key, telemetry, who);
            default -> impossible("Only readings can be replayed; this record starts a ride or names its rider.");
        };
    }

    private Future<Outcome> place(SqlConnection connection, Key key, LogLine line, Tuple who) {
        return one(connection, RIDE, Tuple.of(key.sourceId(), key.offset(), RideIds.of(key.offset(), 0)))
                .compose(row -> {
                    if (row == null) {
                        return impossible("No ride was in progress on the bike when the record arrived.");
                    }
                    if (row.getString("status").equals("open")) {
                        return impossible("The record's ride is live. Replay the record after the ride has ended.");
                    }
                    RideSeries series = new RideSeries();
                    StoredSeries.restore(series, row);
                    if (series.readings() == 0 && row.getInteger("readings") > 0) {
                        return impossible("The readings of the record's ride have been deleted.");
                    }
                    LateReadingMerger.MergeResult outcome = LateReadingMerger.apply(series, line);
                    if (outcome == null) {
                        return impossible("The record's time is outside its ride.");
                    }
                    long rideId = row.getLong("ride_id");
                    Placed placed = new Placed(rideId, outcome.elapsedS(), how(outcome));
                    Future<Void> written = outcome instanceof LateReadingMerger.Unchanged
                            ? Future.succeededFuture()
                            : RideRewriter.write(
                                    connection, rideId, row.getLocalDate("day"), series, summary(row, series));
                    return written.compose(v -> connection
                                    .preparedQuery(DONE)
                                    .execute(Tuple.of(
                                            key.sourceId(),
                                            key.offset(),
                                            who.getString(0),
                                            who.getString(1),
                                            rideId,
                                            placed.how())))
                            .map(v -> placed);
                });
    }

    private static String how(LateReadingMerger.MergeResult outcome) {
        return switch (outcome) {
            case LateReadingMerger.Added added -> "added";
            case LateReadingMerger.Completed completed -> "completed";
            case LateReadingMerger.Unchanged known -> "known";
        };
    }

    private static RideSummary summary(Row ride, RideSeries series) {
        Gender gender = Gender.valueOf(ride.getString("gender").toUpperCase(Locale.ROOT));
        return RideSummary.of(series, HeartRateLimits.of(gender, ride.getInteger("age_years")));
    }

    private static Future<Outcome> impossible(String why) {
        return Future.succeededFuture(new Impossible(why));
    }

    private static Future<@Nullable Row> one(SqlConnection connection, String sql, Tuple values) {
        return connection
                .preparedQuery(sql)
                .execute(values)
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next());
    }
}
