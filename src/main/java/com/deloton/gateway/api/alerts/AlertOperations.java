package com.deloton.gateway.api.alerts;

import com.deloton.gateway.api.query.Cursor;
import com.deloton.gateway.api.query.PersonalData;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.TimeRange;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Map;

/** Everything under {@code /alerts}. */
public final class AlertOperations implements Operations {
    private static final String ORDER = "alerts";
    private static final String ONE = AlertRows.DETAILS + " WHERE a.ride_id = $1 AND a.first_s = $2";

    /** The first acknowledgement counts, as with the link of a mail. */
    private static final String ACKNOWLEDGE = """
            WITH changed AS (
                UPDATE alert SET acknowledged_at = now(), acknowledged_by = $3
                WHERE ride_id = $1 AND first_s = $2 AND acknowledged_at IS NULL
                RETURNING ride_id
            )
            INSERT INTO audit (subject, action, target, request_id)
            SELECT $3, 'acknowledge_alert', 'alert/' || $1::bigint || '-' || $2::integer, $4 FROM changed""";

    private final Queries queries;

    public AlertOperations(Queries queries) {
        this.queries = queries;
    }

    @Override
    public Map<String, Operation> all() {
        return Map.of("listAlerts", this::list, "getAlert", this::get, "acknowledgeAlert", this::acknowledge);
    }

    private Future<ApiResponse> list(ApiRequest call) {
        int limit = Queries.limit(call);
        Where where = where(call);
        String order = " ORDER BY a.raised_at DESC, a.ride_id DESC, a.first_s DESC";
        String sql = "SELECT " + AlertRows.COLUMNS + " FROM (SELECT * FROM alert a" + where.sql() + order + " LIMIT "
                + where.value(limit + 1) + ") a" + AlertRows.JOINS + order;
        return queries.rows(sql, where.tuple())
                .map(rows -> ApiResponse.json(Queries.page(
                        rows,
                        limit,
                        AlertRows::json,
                        row -> Cursor.of(
                                ORDER,
                                Timestamps.micros(row.getOffsetDateTime("raised_at")),
                                row.getLong("ride_id"),
                                row.getInteger("first_s")))));
    }

    private static Where where(ApiRequest call) {
        Where where = TimeRange.of(call).filter(new Where(), "a.raised_at");
        Long rider = call.numberOrNull("rider");
        if (rider != null) {
            where.and("a.rider_id = ?", rider);
        }
        Long ride = call.numberOrNull("ride");
        if (ride != null) {
            where.and("a.ride_id = ?", ride);
        }
        String severity = call.textOrNull("severity");
        if (severity != null) {
            where.and(
                    "EXISTS (SELECT FROM (SELECT severity FROM alert_transition t WHERE t.ride_id = a.ride_id"
                            + " AND t.first_s = a.first_s ORDER BY elapsed_s DESC, at DESC LIMIT 1) t"
                            + " WHERE t.severity = ?)",
                    severity);
        }
        String acknowledged = call.textOrNull("acknowledged");
        if (acknowledged != null) {
            where.and(acknowledged.equals("true") ? "a.acknowledged_at IS NOT NULL" : "a.acknowledged_at IS NULL");
        }
        Cursor cursor = Cursor.read(call, ORDER, Long.class, Long.class, Long.class);
        if (cursor != null) {
            where.and(
                    "(a.raised_at, a.ride_id, a.first_s) < (?, ?, ?)",
                    Timestamps.of(cursor.number(0)),
                    cursor.number(1),
                    (int) cursor.number(2));
        }
        return where;
    }

    private Future<ApiResponse> get(ApiRequest call) {
        return one(call, key(call));
    }

    private Future<ApiResponse> one(ApiRequest call, Tuple key) {
        return queries.row(ONE, key).map(row -> {
            if (row == null) {
                throw unknown(call);
            }
            return ApiResponse.json(AlertRows.detail(row, PersonalData.personal(call)));
        });
    }

    private Future<ApiResponse> acknowledge(ApiRequest call) {
        Tuple key = key(call);
        Tuple values = Tuple.of(key.getLong(0), key.getInteger(1), call.caller().subject(), call.requestId());
        return queries.rows(ACKNOWLEDGE, values).compose(done -> one(call, key));
    }

    private static Tuple key(ApiRequest call) {
        String[] parts = call.text("alert").split("-", 2);
        try {
            return Tuple.of(Long.valueOf(parts[0]), Integer.valueOf(parts[1]));
        } catch (NumberFormatException e) {
            throw unknown(call);
        }
    }

    private static ApiException unknown(ApiRequest call) {
        return ApiException.notFound("Alert " + call.text("alert"));
    }
}
