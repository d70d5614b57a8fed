package com.deloton.gateway.api.days;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.PersonalData;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.TimeRange.Period;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;

/** The distribution of a period's rides over durations and cities. */
final class Distributions {
    /** Smaller groups would reveal single riders; they are shown together, without a city. */
    private static final int MIN_RIDERS_OF_GROUP = 5;

    private final Queries queries;

    Distributions(Queries queries) {
        this.queries = queries;
    }

    Future<ApiResponse> durations(ApiRequest request, Period period) {
        int bin = Math.toIntExact(request.number("bin"));
        Where where = new Where();
        String width = where.value(bin) + "::integer";
        period.range().filter(where, "r.started_at").and("r.status <> 'open'");
        String sql = """
                WITH f AS (SELECT r.duration_s FROM ride r%1$s),
                bins AS (SELECT duration_s / %2$s * %2$s AS from_s, count(*) AS rides FROM f GROUP BY 1)
                SELECT count(*) AS rides, min(duration_s) AS shortest_s, avg(duration_s)::double precision AS mean_s,
                    percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_s) AS median_s,
                    percentile_cont(0.9) WITHIN GROUP (ORDER BY duration_s) AS p90_s, max(duration_s) AS longest_s,
                    coalesce(sum(duration_s), 0) AS total_s,
                    (SELECT coalesce(jsonb_agg(jsonb_build_object('fromS', from_s, 'rides', rides) ORDER BY from_s), '[]')
                        FROM bins) AS bins
                FROM f""".formatted(where.sql(), width);
        return queries.rows(sql, where.tuple())
                .map(rows -> ApiResponse.json(period.json()
                        .putColumns(rows.iterator().next(), "rides", "shortestS", "meanS", "medianS")
                        .put("p90S", rows.iterator().next().getDouble("p90_s"))
                        .putColumns(rows.iterator().next(), "longestS", "totalS")
                        .put("binS", bin)
                        .putColumns(rows.iterator().next(), "bins")
                        .object()));
    }

    Future<ApiResponse> cities(ApiRequest request, Period period) {
        Where where = period.range().filter(new Where(), "r.started_at");
        String limit = where.value(Queries.limit(request));
        int minRiders = PersonalData.isVisibleTo(request) ? 0 : MIN_RIDERS_OF_GROUP;
        String sql = """
                SELECT CASE WHEN c.riders >= %s THEN c.city END AS city, sum(c.rides)::bigint AS rides,
                    sum(c.riders)::bigint AS riders, sum(c.duration_s)::bigint AS duration_s, sum(c.energy_kj) AS energy_kj
                FROM (
                    SELECT p.address_city AS city, count(*) AS rides, count(DISTINCT r.rider_id) AS riders,
                        coalesce(sum(r.duration_s), 0) AS duration_s, coalesce(sum(r.energy_kj), 0) AS energy_kj
                    FROM ride r LEFT JOIN rider p USING (rider_id)%s
                    GROUP BY p.address_city
                ) c
                GROUP BY 1 ORDER BY rides DESC, city LIMIT %s""".formatted(where.value(minRiders), where.sql(), limit);
        return queries.rows(sql, where.tuple()).map(rows -> {
            JsonArray items = new JsonArray();
            rows.forEach(row -> items.add(new Json()
                    .putColumns(row, "city", "rides", "riders", "durationS", "energyKj")
                    .object()));
            return ApiResponse.json(period.json().put("items", items).object());
        });
    }
}
