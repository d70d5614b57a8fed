package com.deloton.gateway.api.bikes;

import com.deloton.gateway.api.query.Cursor;
import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Map;

/** The operations below {@code /bikes}. */
public final class BikeOperations implements Operations {
    private static final String ORDER = "bikes";
    private static final String COLUMNS = """
            SELECT b.bike_serial, b.first_seen_at, b.last_seen_at,
                (SELECT r.ride_id FROM ride r WHERE r.bike_serial = b.bike_serial AND r.status = 'open'
                    ORDER BY r.started_at DESC LIMIT 1) AS live_ride_id""";

    private static final String ONE = COLUMNS + """
            , t.*
            FROM bike b CROSS JOIN LATERAL (
                SELECT count(*) AS rides, count(DISTINCT r.rider_id) AS riders,
                    coalesce(sum(r.duration_s), 0) AS duration_s, coalesce(sum(r.energy_kj), 0) AS energy_kj,
                    max(r.power_max_w) AS power_max_w
                FROM ride r WHERE r.bike_serial = b.bike_serial
            ) t WHERE b.bike_serial = $1""";

    private final Queries queries;

    public BikeOperations(Queries queries) {
        this.queries = queries;
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("listBikes", this::list, "getBike", this::get);
    }

    private Future<ApiResponse> list(ApiRequest request) {
        int limit = Queries.limit(request);
        Where where = new Where();
        Cursor cursor = Cursor.read(request, ORDER, String.class);
        if (cursor != null) {
            where.and("b.bike_serial > ?", cursor.text(0));
        }
        String sql = COLUMNS + " FROM bike b" + where.sql() + " ORDER BY b.bike_serial" + Queries.limitedTo(limit + 1);
        return queries.rows(sql, where.tuple())
                .map(rows -> ApiResponse.page(Queries.page(
                        rows,
                        limit,
                        row -> bike(row).object(),
                        row -> Cursor.of(ORDER, row.getString("bike_serial")))));
    }

    private Future<ApiResponse> get(ApiRequest request) {
        String serial = request.text("bike");
        return queries.row(ONE, Tuple.of(serial)).map(row -> {
            if (row == null) {
                throw ApiException.notFound("Bike " + serial);
            }
            return ApiResponse.json(new Json()
                    .put("bike", bike(row))
                    .putColumns(row, "rides", "riders", "durationS", "energyKj", "powerMaxW")
                    .object());
        });
    }

    private static Json bike(Row row) {
        return new Json()
                .put("bike", row.getString("bike_serial"))
                .putColumns(row, "firstSeenAt", "lastSeenAt", "liveRideId");
    }
}
