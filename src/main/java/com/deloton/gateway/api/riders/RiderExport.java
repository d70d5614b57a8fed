package com.deloton.gateway.api.riders;

import com.deloton.gateway.api.alerts.AlertRows;
import com.deloton.gateway.api.query.Cursor;
import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.api.rides.ReadingSampler;
import com.deloton.gateway.api.rides.RideReadings;
import com.deloton.gateway.api.rides.RideRows;
import com.deloton.gateway.api.rides.SummaryJson;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Everything stored about a rider, in pages of rides to bound the size of a response. */
public final class RiderExport implements Operations {
    private static final String ORDER = "export";

    private static final String RIDER = "SELECT " + RiderRows.COLUMNS + """
            , s.rider_id IS NOT NULL AS has_settings, s.min_bpm, s.max_bpm, s.opt_out
            FROM rider p LEFT JOIN rider_alert_setting s USING (rider_id)
            WHERE p.rider_id = $1 AND p.erased_at IS NULL""";

    private static final String RIDES = """
            SELECT ride_id, started_at FROM ride
            WHERE rider_id = $1 AND (started_at, ride_id) > ($2, $3)
            ORDER BY started_at, ride_id LIMIT $4""";

    private static final String ALERTS =
            AlertRows.DETAILS + " WHERE a.ride_id = ANY ($1) ORDER BY a.ride_id, a.first_s";

    private final Queries queries;
    private final RideReadings readings;
    private final InstantSource clock;

    public RiderExport(Vertx vertx, Queries queries, InstantSource clock) {
        this.queries = queries;
        this.clock = clock;
        readings = new RideReadings(vertx, queries);
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("exportRiderData", this::export);
    }

    private Future<ApiResponse> export(ApiRequest request) {
        long rider = request.number("rider");
        int limit = Queries.limit(request);
        Cursor cursor = Cursor.read(request, ORDER, Long.class, Long.class);
        Tuple after = Tuple.of(
                rider,
                Timestamps.of(cursor == null ? 0 : cursor.number(0)),
                cursor == null ? 0L : cursor.number(1),
                limit + 1);
        Future<RowSet<Row>> page = queries.rows(RIDES, after);
        return queries.row(RIDER, Tuple.of(rider)).compose(row -> {
            Row known = RiderOperations.requireKnown(row, rider);
            return page.compose(rides -> queries.audit(request, "export_rider", "rider/" + rider, new JsonObject())
                    .compose(v -> rides(rider(known), rides, limit)));
        });
    }

    private Json rider(Row row) {
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        return new Json()
                .put("rider", RiderRows.json(row, today, true))
                .put("alertSettings", row.getBoolean("has_settings") ? AlertSettings.json(row) : null);
    }

    private Future<ApiResponse> rides(Json response, RowSet<Row> rows, int limit) {
        List<Long> ids = new ArrayList<>();
        JsonObject page = Queries.page(
                rows,
                limit,
                row -> {
                    ids.add(row.getLong("ride_id"));
                    return new JsonObject();
                },
                row -> Cursor.of(
                        ORDER, Timestamps.micros(row.getOffsetDateTime("started_at")), row.getLong("ride_id")));
        Future<RowSet<Row>> alerts = queries.rows(ALERTS, Tuple.of(ids.toArray(Long[]::new)));
        return readings.of(ids)
                .compose(rides -> alerts.compose(found -> readings.render(
                        rides,
                        () -> ApiResponse.page(response.put(
                                        "alerts",
                                        new JsonArray(found.stream()
                                                .map(alert -> AlertRows.detail(alert, true))
                                                .toList()))
                                .put(
                                        "rides",
                                        new JsonArray(rides.stream()
                                                .map(RiderExport::ride)
                                                .toList()))
                                .put("next", page.getString("next"))
                                .object()))));
    }

    private static JsonObject ride(RideReadings.RideWithReadings ride) {
        return new Json()
                .put("ride", RideRows.json(ride.row(), true))
                .put("summary", SummaryJson.of(ride, true))
                .put("readings", ReadingSampler.json(ride.series(), 1))
                .object();
    }
}
