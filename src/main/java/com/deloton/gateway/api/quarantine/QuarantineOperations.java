package com.deloton.gateway.api.quarantine;

import com.deloton.gateway.api.query.Cursor;
import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.PersonalData;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.TimeRange;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.event.RideIds;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;

/** The operations below {@code /quarantine}. */
public final class QuarantineOperations implements Operations {
    private static final String ORDER = "quarantine";
    private static final int MAX_SHOWN_BYTES = 49_152;

    private static final String COLUMNS = """
            SELECT q.source_id, q.record_offset, q.record_at, q.record_key, q.reason, q.detail, q.received_at,
                q.replayed_at, q.replayed_by, p.topic, p.partition, coalesce(octet_length(q.value), 0) AS size_bytes""";

    private static final String ONE = COLUMNS + ", substring(q.value FOR " + MAX_SHOWN_BYTES + ") AS shown"
            + " FROM quarantine q JOIN ingest_position p USING (source_id)"
            + " WHERE q.source_id = $1 AND q.record_offset = $2";

    /** The records behind the start of a ride, up to the next ride of its stream. */
    private static final String OF_RIDE = """
            q.source_id = ? AND q.record_offset > ?
                AND coalesce(q.record_key, '') = (SELECT stream_key FROM ride WHERE ride_id = ?)
                AND q.record_offset < coalesce((
                    SELECT n.ride_id / 4096 FROM ride r JOIN ride n USING (source_id, stream_key)
                    WHERE r.ride_id = ? AND n.ride_id > r.ride_id
                    ORDER BY n.ride_id LIMIT 1), 9007199254740991)""";

    private final Queries queries;
    private final InstantSource clock;
    private final QuarantineReplay replay;

    public QuarantineOperations(Queries queries, InstantSource clock) {
        this.queries = queries;
        this.clock = clock;
        replay = new QuarantineReplay(queries.pool());
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("listQuarantine", this::list, "getQuarantined", this::get, "replayQuarantined", this::replay);
    }

    private Future<ApiResponse> list(ApiRequest request) {
        int limit = Queries.limit(request);
        boolean personal = PersonalData.isVisibleTo(request);
        Where where = where(request);
        String order = " ORDER BY q.received_at DESC, q.source_id DESC, q.record_offset DESC";
        String sql = COLUMNS + " FROM (SELECT * FROM quarantine q" + where.sql() + order + Queries.limitedTo(limit + 1)
                + ") q JOIN ingest_position p USING (source_id)" + order;
        return queries.rows(sql, where.tuple())
                .map(rows -> ApiResponse.page(Queries.page(
                        rows,
                        limit,
                        row -> json(row, personal).object(),
                        row -> Cursor.of(
                                ORDER,
                                Timestamps.micros(row.getOffsetDateTime("received_at")),
                                row.getInteger("source_id"),
                                row.getLong("record_offset")))));
    }

    private Where where(ApiRequest request) {
        Where where = TimeRange.of(request, clock).filter(new Where(), "q.received_at");
        String reason = request.textOrNull("reason");
        if (reason != null) {
            where.and("q.reason = ?", reason);
        }
        String status = request.textOrNull("status");
        if (status != null) {
            where.and(status.equals("held") ? "q.replayed_at IS NULL" : "q.replayed_at IS NOT NULL");
        }
        Long ride = request.numberOrNull("ride");
        if (ride != null) {
            where.and(OF_RIDE, RideIds.sourceId(ride), RideIds.offset(ride), ride, ride);
        }
        Cursor cursor = Cursor.read(request, ORDER, Long.class, Long.class, Long.class);
        if (cursor != null) {
            where.and(
                    "(q.received_at, q.source_id, q.record_offset) < (?, ?, ?)",
                    Timestamps.of(cursor.number(0)),
                    (int) cursor.number(1),
                    cursor.number(2));
        }
        return where;
    }

    private Future<ApiResponse> get(ApiRequest request) {
        QuarantineReplay.Key key = key(request);
        return queries.row(ONE, Tuple.of(key.sourceId(), key.offset())).map(row -> {
            if (row == null) {
                throw unknown(request);
            }
            Buffer shown = row.getBuffer("shown");
            boolean personal = PersonalData.isVisibleTo(request);
            return ApiResponse.json(json(row, personal)
                    .put(
                            "value",
                            shown == null || !personal
                                    ? null
                                    : Base64.getEncoder().encodeToString(shown.getBytes()))
                    .object());
        });
    }

    private Future<ApiResponse> replay(ApiRequest request) {
        return replay.run(key(request), request.caller().subject(), request.requestId())
                .map(outcome -> switch (outcome) {
                    case QuarantineReplay.Placed placed ->
                        ApiResponse.json(new Json()
                                .put("recordId", request.text("record"))
                                .put("outcome", placed.how())
                                .put("rideId", placed.rideId())
                                .put("elapsedS", placed.elapsedS())
                                .object());
                    case QuarantineReplay.Impossible impossible -> throw ApiException.conflict(impossible.why());
                    case QuarantineReplay.Unknown none -> throw unknown(request);
                });
    }

    private static QuarantineReplay.Key key(ApiRequest request) {
        String[] parts = request.text("record").split("-", 2);
        try {
            return new QuarantineReplay.Key(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
        } catch (NumberFormatException e) {
            throw unknown(request);
        }
    }

    private static ApiException unknown(ApiRequest request) {
        return ApiException.notFound("Record " + request.text("record"));
    }

    private static Json json(Row row, boolean personal) {
        return new Json()
                .put("recordId", row.getInteger("source_id") + "-" + row.getLong("record_offset"))
                .putColumns(row, "topic", "partition")
                .put("offset", row.getLong("record_offset"))
                .put("key", row.getString("record_key"))
                .putColumns(row, "recordAt", "receivedAt", "reason", "sizeBytes")
                .put("status", row.getValue("replayed_at") == null ? "held" : "replayed")
                .putColumns(row, "replayedAt", "replayedBy")
                .put("detail", personal ? row.getString("detail") : null);
    }
}
