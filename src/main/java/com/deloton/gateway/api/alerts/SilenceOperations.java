package com.deloton.gateway.api.alerts;

import com.deloton.gateway.api.query.Cursor;
import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.PersonalData;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.auth.Scope;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/** The operations below {@code /silences}. */
public final class SilenceOperations implements Operations {
    private static final Duration LONGEST = Duration.ofDays(31);
    private static final int MAX_OPEN = 1_000;
    private static final String ORDER = "silences";

    private static final String COLUMNS = """
            silence_id, rider_id, bike_serial AS bike, city, starts_at, ends_at, comment, created_at, created_by, expired_by,
            CASE WHEN ends_at <= now() THEN 'expired' WHEN starts_at > now() THEN 'pending' ELSE 'active' END AS state""";

    private static final String CREATE = """
            WITH created AS (
                INSERT INTO silence (rider_id, bike_serial, city, starts_at, ends_at, comment, created_by)
                SELECT $1, $2, $3, coalesce($4, now()), $5, $6, $7
                WHERE (SELECT count(*) FROM silence s WHERE s.ends_at > now()) < %d
                RETURNING *
            ), audited AS (
                INSERT INTO audit (subject, action, target, detail, request_id)
                SELECT $7, 'create_silence', 'silence/' || silence_id,
                    jsonb_build_object('startsAt', starts_at, 'endsAt', ends_at), $8
                FROM created
            )
            SELECT %s FROM created""".formatted(MAX_OPEN, COLUMNS);

    private static final String EXPIRE = """
            WITH changed AS (
                UPDATE silence SET ends_at = now(), starts_at = least(starts_at, now()), expired_by = $2
                WHERE silence_id = $1 AND ends_at > now()
                RETURNING silence_id
            ), audited AS (
                INSERT INTO audit (subject, action, target, request_id)
                SELECT $2, 'expire_silence', 'silence/' || silence_id, $3 FROM changed
            )
            SELECT silence_id FROM silence WHERE silence_id = $1""";

    private static final Map<String, String> STATES = Map.of(
            "active", "starts_at <= now() AND ends_at > now()",
            "pending", "starts_at > now()",
            "expired", "ends_at <= now()");

    private final Queries queries;
    private final InstantSource clock;

    public SilenceOperations(Queries queries, InstantSource clock) {
        this.queries = queries;
        this.clock = clock;
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("listSilences", this::list, "createSilence", this::create, "expireSilence", this::expire);
    }

    private Future<ApiResponse> list(ApiRequest request) {
        int limit = Queries.limit(request);
        boolean personal = PersonalData.isVisibleTo(request);
        Where where = new Where();
        String state = request.textOrNull("state");
        if (state != null) {
            where.and(Objects.requireNonNull(STATES.get(state)));
        }
        Cursor cursor = Cursor.read(request, ORDER, Long.class, Long.class);
        if (cursor != null) {
            where.and("(ends_at, silence_id) < (?, ?)", Timestamps.of(cursor.number(0)), cursor.number(1));
        }
        String sql = "SELECT " + COLUMNS + " FROM silence" + where.sql() + " ORDER BY ends_at DESC, silence_id DESC"
                + Queries.limitedTo(limit + 1);
        return queries.rows(sql, where.tuple())
                .map(rows -> ApiResponse.page(Queries.page(
                        rows,
                        limit,
                        row -> json(row, personal),
                        row -> Cursor.of(
                                ORDER,
                                Timestamps.micros(row.getOffsetDateTime("ends_at")),
                                row.getLong("silence_id")))));
    }

    private Future<ApiResponse> create(ApiRequest request) {
        JsonObject body = Objects.requireNonNull(request.body());
        Long rider = body.getLong("riderId");
        String bike = body.getString("bike");
        String city = body.getString("city");
        if (rider == null && bike == null && city == null) {
            throw ApiException.invalid("", "has no criterion; expected at least one of riderId, bike and city");
        }
        if (city != null && !PersonalData.isVisibleTo(request)) {
            throw ApiException.missingScope(Scope.RIDERS_READ);
        }
        Instant now = clock.instant();
        Instant startsAt = BodyTime.instantOrNull(body, "startsAt");
        Instant endsAt = Objects.requireNonNull(BodyTime.instantOrNull(body, "endsAt"));
        Instant from = startsAt == null ? now : startsAt;
        if (!endsAt.isAfter(from) || !endsAt.isAfter(now)) {
            throw ApiException.invalid("/endsAt", "must be after startsAt and in the future");
        }
        if (Duration.between(from, endsAt).compareTo(LONGEST) > 0) {
            throw ApiException.invalid("/endsAt", "is too long after startsAt; expected at most 31 days");
        }
        Tuple values = Tuple.of(rider, bike, city)
                .addValue(startsAt == null ? null : Json.time(startsAt))
                .addValue(Json.time(endsAt))
                .addString(body.getString("comment"))
                .addString(request.caller().subject())
                .addString(request.requestId());
        return queries.row(CREATE, values).map(row -> {
            if (row == null) {
                throw ApiException.conflict(
                        "There are %d silences that have not ended; expire some first.".formatted(MAX_OPEN));
            }
            return ApiResponse.json(201, json(row, PersonalData.isVisibleTo(request)));
        });
    }

    private Future<ApiResponse> expire(ApiRequest request) {
        long silence = request.number("silence");
        return queries.row(EXPIRE, Tuple.of(silence, request.caller().subject(), request.requestId()))
                .map(row -> {
                    if (row == null) {
                        throw ApiException.notFound("Silence " + silence);
                    }
                    return ApiResponse.noContent();
                });
    }

    /** Without {@code personal}, the city and the comment, which may name a rider, are left out. */
    private static JsonObject json(Row row, boolean personal) {
        Json json = new Json().putColumns(row, "silenceId", "state", "riderId", "bike");
        if (personal) {
            json.putColumns(row, "city", "comment");
        }
        return json.putColumns(row, "startsAt", "endsAt", "createdAt", "createdBy", "expiredBy")
                .object();
    }
}
