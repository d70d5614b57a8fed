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
import java.time.InstantSource;
import java.util.Map;

/** The operations below {@code /alerts}. */
public final class AlertOperations implements Operations {
    private static final String ORDER = "alerts";
    static final String ONE = AlertRows.DETAILS + " WHERE a.ride_id = $1 AND a.first_s = $2";

    /** Only the first acknowledgement counts, whether by the API or by the link in a mail. */
    private static final String ACKNOWLEDGE = """
            WITH changed AS (
                UPDATE alert SET acknowledged_at = now(), acknowledged_by = $3
                WHERE ride_id = $1 AND first_s = $2 AND acknowledged_at IS NULL
                RETURNING ride_id
            )
            INSERT INTO audit (subject, action, target, request_id)
            SELECT $3, 'acknowledge_alert', 'alert/' || $1::bigint || '-' || $2::integer, $4 FROM changed""";

    private final Queries queries;
    private final InstantSource clock;

    public AlertOperations(Queries queries, InstantSource clock) {
        this.queries = queries;
        this.clock = clock;
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("listAlerts", this::list, "getAlert", this::get, "acknowledgeAlert", this::acknowledge);
    }

    private Future<ApiResponse> list(ApiRequest request) {
        int limit = Queries.limit(request);
        boolean personal = PersonalData.isVisibleTo(request);
        Where where = where(request);
        String order = " ORDER BY a.raised_at DESC, a.ride_id DESC, a.first_s DESC";
        String sql = "SELECT " + AlertRows.COLUMNS + " FROM (SELECT * FROM alert a" + where.sql() + order
                + Queries.limitedTo(limit + 1) + ") a" + AlertRows.JOINS + order;
        return queries.rows(sql, where.tuple())
                .map(rows -> ApiResponse.page(Queries.page(
                        rows,
                        limit,
                        row -> AlertRows.json(row, personal),
                        row -> Cursor.of(
                                ORDER,
                                Timestamps.micros(row.getOffsetDateTime("raised_at")),
                                row.getLong("ride_id"),
                                row.getInteger("first_s")))));
    }

    private Where where(ApiRequest request) {
        Where where = TimeRange.of(request, clock).filter(new Where(), "a.raised_at");
        Long rider = request.numberOrNull("rider");
        if (rider != null) {
            where.and("a.rider_id = ?", rider);
        }
        Long ride = request.numberOrNull("ride");
        if (ride != null) {
            where.and("a.ride_id = ?", ride);
        }
        String severity = request.textOrNull("severity");
        if (severity != null) {
            where.and(
                    "EXISTS (SELECT FROM (SELECT severity FROM alert_transition t WHERE t.ride_id = a.ride_id"
                            + " AND t.first_s = a.first_s ORDER BY elapsed_s DESC, at DESC LIMIT 1) t"
                            + " WHERE t.severity = ?)",
                    severity);
        }
        String acknowledged = request.textOrNull("acknowledged");
        if (acknowledged != null) {
            where.and(acknowledged.equals("true") ? "a.acknowledged_at IS NOT NULL" : "a.acknowledged_at IS NULL");
        }
        Cursor cursor = Cursor.read(request, ORDER, Long.class, Long.class, Long.class);
        if (cursor != null) {
            where.and(
                    "(a.raised_at, a.ride_id, a.first_s) < (?, ?, ?)",
                    Timestamps.of(cursor.number(0)),
                    cursor.number(1),
                    (int) cursor.number(2));
        }
        return where;
    }

    private Future<ApiResponse> get(ApiRequest request) {
        return one(request, key(request));
    }

    private Future<ApiResponse> one(ApiRequest request, Tuple key) {
        return queries.row(ONE, key).map(row -> {
            if (row == null) {
                throw unknown(request);
            }
            return ApiResponse.json(AlertRows.detail(row, PersonalData.isVisibleTo(request)));
        });
    }

    private Future<ApiResponse> acknowledge(ApiRequest request) {
        Tuple key = key(request);
        Tuple values =
                Tuple.of(key.getLong(0), key.getInteger(1), request.caller().subject(), request.requestId());
        return queries.rows(ACKNOWLEDGE, values).compose(done -> one(request, key));
    }

    private static Tuple key(ApiRequest request) {
        AlertKey key = AlertKey.parse(request.text("alert"));
        if (key == null) {
            throw unknown(request);
        }
        return Tuple.of(key.rideId(), key.firstS());
    }

    private static ApiException unknown(ApiRequest request) {
        return ApiException.notFound("Alert " + request.text("alert"));
    }
}
