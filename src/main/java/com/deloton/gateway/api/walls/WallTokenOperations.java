package com.deloton.gateway.api.walls;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.wall.WallToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.Objects;

/** The operations below {@code /wall-tokens}. A token is in the response of its creation only. */
public final class WallTokenOperations implements Operations {
    private static final int MAX_VALID = 100;
    private static final int DEFAULT_VALID_DAYS = 365;
    private static final String COLUMNS = "token_id, label, created_at, created_by, expires_at, revoked_at, revoked_by";

    private static final String LIST = """
            SELECT %s FROM wall_token
            ORDER BY (revoked_at IS NULL AND expires_at > now()) DESC, token_id DESC LIMIT 200""".formatted(COLUMNS);

    private static final String CREATE = """
            WITH created AS (
                INSERT INTO wall_token (label, token_hash, created_by, expires_at)
                SELECT $1, $2, $3, now() + make_interval(days => $4)
                WHERE (SELECT count(*) FROM wall_token w WHERE w.revoked_at IS NULL AND w.expires_at > now()) < %d
                RETURNING *
            ), audited AS (
                INSERT INTO audit (subject, action, target, detail, request_id)
                SELECT $3, 'create_wall_token', 'wall_token/' || token_id, jsonb_build_object('expiresAt', expires_at), $5
                FROM created
            )
            SELECT %s FROM created""".formatted(MAX_VALID, COLUMNS);

    private static final String REVOKE = """
            WITH changed AS (
                UPDATE wall_token SET revoked_at = now(), revoked_by = $2 WHERE token_id = $1 AND revoked_at IS NULL
                RETURNING token_id
            ), audited AS (
                INSERT INTO audit (subject, action, target, request_id)
                SELECT $2, 'revoke_wall_token', 'wall_token/' || token_id, $3 FROM changed
            )
            SELECT token_id FROM wall_token WHERE token_id = $1""";

    private final Queries queries;

    public WallTokenOperations(Queries queries) {
        this.queries = queries;
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("listWallTokens", this::list, "createWallToken", this::create, "revokeWallToken", this::revoke);
    }

    private Future<ApiResponse> list(ApiRequest request) {
        return queries.rows(LIST, Tuple.tuple()).map(rows -> {
            JsonArray items = new JsonArray();
            rows.forEach(row -> items.add(json(row).object()));
            return ApiResponse.json(new JsonObject().put("items", items));
        });
    }

    private Future<ApiResponse> create(ApiRequest request) {
        JsonObject body = Objects.requireNonNull(request.body());
        String token = WallToken.create();
        Tuple values = Tuple.of(
                body.getString("label"),
                WallToken.hash(token),
                request.caller().subject(),
                body.getInteger("validDays", DEFAULT_VALID_DAYS),
                request.requestId());
        return queries.row(CREATE, values).map(row -> {
            if (row == null) {
                throw ApiException.conflict("There are %d valid wall tokens; revoke some first.".formatted(MAX_VALID));
            }
            return ApiResponse.json(201, json(row).put("token", token).object());
        });
    }

    private Future<ApiResponse> revoke(ApiRequest request) {
        long token = request.number("wall");
        return queries.row(REVOKE, Tuple.of(token, request.caller().subject(), request.requestId()))
                .map(row -> {
                    if (row == null) {
                        throw ApiException.notFound("Wall token " + token);
                    }
                    return ApiResponse.noContent();
                });
    }

    private static Json json(Row row) {
        return new Json()
                .put("wallTokenId", row.getLong("token_id"))
                .putColumns(row, "label", "createdAt", "createdBy", "expiresAt", "revokedAt", "revokedBy");
    }
}
