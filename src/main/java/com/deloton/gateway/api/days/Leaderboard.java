package com.deloton.gateway.api.days;

import com.deloton.gateway.api.query.AgeGroups;
import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.PersonalData;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.TimeRange.Period;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.rides.RideRows;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Map;

/** Riders of a period ranked by their ended rides. */
final class Leaderboard {
    private static final Map<String, String> UNITS =
            Map.of("rides", "rides", "energy", "kJ", "power", "W", "wattsPerKg", "W/kg");

    private final Queries queries;

    Leaderboard(Queries queries) {
        this.queries = queries;
    }

    Future<ApiResponse> answer(ApiRequest request, Period period) {
        String by = request.text("by");
        String over = request.text("over");
        boolean effort = by.equals("power") || by.equals("wattsPerKg");
        Where where = period.range()
                .filter(new Where(), "r.started_at")
                .and("r.status <> 'open'")
                .and("r.rider_id IS NOT NULL");
        List<String> genders = request.list("gender");
        if (!genders.isEmpty()) {
            where.and("r.gender = ANY (?)", (Object) genders.toArray(String[]::new));
        }
        AgeGroups.filter(where, "r.age_years", request.list("ageGroup"));
        String sql = sql(by, best(over), where.sql(), where.value(Queries.limit(request)));
        boolean personal = PersonalData.isVisibleTo(request);
        return queries.rows(sql, where.tuple()).map(rows -> {
            JsonArray items = new JsonArray();
            rows.forEach(row -> items.add(entry(row, personal).object()));
            return ApiResponse.json(period.json()
                    .put("by", by)
                    .put("unit", UNITS.get(by))
                    .put("over", effort ? over : null)
                    .put("items", items)
                    .object());
        });
    }

    private static String best(String over) {
        return switch (over) {
            case "5s" -> "r.power_best_5s_w";
            case "5min" -> "r.power_best_5min_w";
            case "20min" -> "r.power_best_20min_w";
            default -> "r.power_best_1min_w";
        };
    }

    private static String sql(String by, String best, String where, String limit) {
        String value = switch (by) {
            case "rides" -> "x.rides::double precision";
            case "power" -> "x.best[1]";
            case "wattsPerKg" ->
                "round((x.best[1] / greatest(5, round(p.weight_kg / 5.0) * 5))::numeric, 1)::double precision";
            default -> "x.energy_kj";
        };
        return """
                SELECT rank() OVER (ORDER BY v.value DESC) AS rank, v.value, -x.best[2] AS best_ride, x.rider_id,
                    p.gender, x.age_years, p.title, p.name, p.address_city
                FROM (
                    SELECT r.rider_id, count(*) AS rides, sum(r.energy_kj) AS energy_kj, max(r.age_years) AS age_years,
                        max(ARRAY[%s, -r.ride_id]) FILTER (WHERE %s IS NOT NULL) AS best
                    FROM ride r%s GROUP BY r.rider_id
                ) x
                JOIN rider p USING (rider_id)
                CROSS JOIN LATERAL (SELECT %s AS value) v
                WHERE v.value IS NOT NULL
                ORDER BY v.value DESC, x.rider_id LIMIT %s""".formatted(best, best, where, value, limit)
                .replace("-x.best[2]", by.equals("power") || by.equals("wattsPerKg") ? "-x.best[2]" : "NULL::float8");
    }

    private static Json entry(Row row, boolean personal) {
        Double ride = row.getDouble("best_ride");
        return new Json()
                .putColumns(row, "rank")
                .put("rider", RideRows.rider(row, personal))
                .putColumns(row, "value")
                .put("rideId", ride == null ? null : (Long) ride.longValue());
    }
}
