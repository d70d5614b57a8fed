package com.deloton.gateway.api.riders;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Riders' alert limits and opt-outs; a change and its audit entry are one statement. */
public final class AlertSettings implements Operations {
    private static final String GET = """
            SELECT s.min_bpm, s.max_bpm, coalesce(s.opt_out, false) AS opt_out
            FROM rider p LEFT JOIN rider_alert_setting s USING (rider_id)
            WHERE p.rider_id = $1 AND p.erased_at IS NULL""";

    private static final String SET = """
            WITH known AS (
                SELECT rider_id FROM rider WHERE rider_id = $1 AND erased_at IS NULL FOR KEY SHARE
            ), changed AS (
                INSERT INTO rider_alert_setting (rider_id, min_bpm, max_bpm, opt_out)
                SELECT rider_id, $2, $3, $4 FROM known
                ON CONFLICT (rider_id) DO UPDATE SET min_bpm = excluded.min_bpm, max_bpm = excluded.max_bpm,
                    opt_out = excluded.opt_out, updated_at = now()
                RETURNING min_bpm, max_bpm, opt_out
            ), audited AS (
                INSERT INTO audit (subject, action, target, request_id)
                SELECT $5, 'set_alert_settings', 'rider/' || $1::bigint, $6 FROM known
            )
            SELECT min_bpm, max_bpm, opt_out FROM changed""";

    private static final String CLEAR = """
            WITH known AS (
                SELECT rider_id FROM rider WHERE rider_id = $1 AND erased_at IS NULL
            ), changed AS (
                DELETE FROM rider_alert_setting WHERE rider_id = $1
            ), audited AS (
                INSERT INTO audit (subject, action, target, request_id)
                SELECT $2, 'clear_alert_settings', 'rider/' || $1::bigint, $3 FROM known
            )
            SELECT rider_id FROM known""";

    private final Queries queries;

    public AlertSettings(Queries queries) {
        this.queries = queries;
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("getAlertSettings", this::get, "setAlertSettings", this::set, "clearAlertSettings", this::clear);
    }

    private Future<ApiResponse> get(ApiRequest request) {
        long rider = request.number("rider");
        return queries.row(GET, Tuple.of(rider))
                .map(row -> ApiResponse.json(json(RiderOperations.requireKnown(row, rider))));
    }

    private Future<ApiResponse> set(ApiRequest request) {
        long rider = request.number("rider");
        JsonObject body = Objects.requireNonNull(request.body());
        Integer min = body.getInteger("minBpm");
        Integer max = body.getInteger("maxBpm");
        if (min != null && max != null && min >= max) {
            throw ApiException.invalid("/maxBpm", "must be above minBpm");
        }
        Tuple values = Tuple.of(
                rider,
                small(min),
                small(max),
                body.getBoolean("optOut"),
                request.caller().subject(),
                request.requestId());
        return queries.row(SET, values).map(row -> ApiResponse.json(json(RiderOperations.requireKnown(row, rider))));
    }

    private Future<ApiResponse> clear(ApiRequest request) {
        long rider = request.number("rider");
        return queries.row(CLEAR, Tuple.of(rider, request.caller().subject(), request.requestId()))
                .map(row -> {
                    RiderOperations.requireKnown(row, rider);
                    return ApiResponse.noContent();
                });
    }

    private static @Nullable Short small(@Nullable Integer value) {
        return value == null ? null : (Short) value.shortValue();
    }

    static JsonObject json(Row row) {
        return new Json().putColumns(row, "minBpm", "maxBpm", "optOut").object();
    }
}
