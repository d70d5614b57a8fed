package com.deloton.gateway.api.alerts;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The operations below {@code /alert-acknowledgements}: many alerts at once, and the undo. */
public final class AlertAcknowledgements implements Operations {
    private static final int MAX_ALERTS = 1_000;

    @SuppressWarnings("InlineFormatString") // one statement, not to be read inside a method
    private static final String CREATE = """
            WITH acknowledgement AS MATERIALIZED (
                SELECT nextval('alert_acknowledgement') AS id
            ), picked AS MATERIALIZED (
                SELECT a.ride_id, a.first_s FROM alert a%1$s
                ORDER BY a.ride_id, a.first_s LIMIT %2$d FOR UPDATE OF a
            ), changed AS (
                UPDATE alert a
                SET acknowledged_at = now(), acknowledged_by = %3$s, acknowledgement_id = c.id,
                    acknowledgement_comment = %4$s
                FROM picked p, acknowledgement c
                WHERE a.ride_id = p.ride_id AND a.first_s = p.first_s
                RETURNING a.ride_id
            ), audited AS (
                INSERT INTO audit (subject, action, target, detail, request_id)
                SELECT %3$s, 'acknowledge_alerts', 'alert-acknowledgement/' || id,
                    jsonb_build_object('alerts', (SELECT count(*) FROM changed)), %5$s
                FROM acknowledgement
            )
            SELECT id AS acknowledgement_id, (SELECT count(*) FROM changed) AS alerts FROM acknowledgement""";

    private static final String UNDO = """
            WITH changed AS (
                UPDATE alert SET acknowledged_at = NULL, acknowledged_by = NULL, acknowledgement_id = NULL,
                    acknowledgement_comment = NULL
                WHERE acknowledgement_id = $1 AND rider_answer IS NULL
                RETURNING ride_id
            ), audited AS (
                INSERT INTO audit (subject, action, target, detail, request_id)
                SELECT $2, 'undo_acknowledgement', 'alert-acknowledgement/' || $1::bigint,
                    jsonb_build_object('alerts', count(*)), $3
                FROM changed HAVING count(*) > 0
            )
            SELECT count(*) AS alerts FROM changed""";

    private final Queries queries;

    public AlertAcknowledgements(Queries queries) {
        this.queries = queries;
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("acknowledgeAlerts", this::acknowledge, "undoAcknowledgement", this::undo);
    }

    private Future<ApiResponse> acknowledge(ApiRequest request) {
        JsonObject body = Objects.requireNonNull(request.body());
        Where where = new Where().and("a.acknowledged_at IS NULL");
        JsonArray alerts = body.getJsonArray("alerts");
        Instant raisedBefore = BodyTime.instantOrNull(body, "raisedBefore");
        if ((alerts == null) == (raisedBefore == null)) {
            throw ApiException.invalid("", "must have either alerts or raisedBefore");
        }
        if (alerts != null) {
            where.and(
                    "(a.ride_id, a.first_s) IN (SELECT * FROM unnest(?::bigint[], ?::integer[]))",
                    keys(alerts).map(AlertKey::rideId).toArray(Long[]::new),
                    keys(alerts).map(AlertKey::firstS).toArray(Integer[]::new));
        } else if (raisedBefore != null) {
            where.and("a.raised_at < ?", Json.time(raisedBefore));
        }
        String subject = where.value(request.caller().subject());
        String comment = where.value(body.getString("comment"));
        String requestId = where.value(request.requestId());
        String sql = CREATE.formatted(where.sql(), MAX_ALERTS, subject, comment, requestId);
        return queries.row(sql, where.tuple()).map(row -> {
            long count = Objects.requireNonNull(row).getLong("alerts");
            return ApiResponse.json(
                    201,
                    new Json()
                            .putColumns(row, "acknowledgementId", "alerts")
                            .put("complete", count < MAX_ALERTS)
                            .object());
        });
    }

    private static Stream<AlertKey> keys(JsonArray alerts) {
        return alerts.stream()
                .map(alert -> AlertKey.parse(String.valueOf(alert)))
                .filter(Objects::nonNull);
    }

    private Future<ApiResponse> undo(ApiRequest request) {
        long acknowledgement = request.number("acknowledgement");
        return queries.row(UNDO, Tuple.of(acknowledgement, request.caller().subject(), request.requestId()))
                .map(row -> {
                    if (row == null || row.getLong("alerts") == 0) {
                        throw ApiException.notFound("Acknowledgement " + acknowledgement);
                    }
                    return ApiResponse.noContent();
                });
    }
}
