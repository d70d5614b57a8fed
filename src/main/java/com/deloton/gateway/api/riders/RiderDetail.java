package com.deloton.gateway.api.riders;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.PersonalData;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.List;

/** A rider with totals, records and power curve. */
final class RiderDetail {
    /** Columns of the records, and their members in the response. */
    private static final List<Figure> RECORDS = List.of(
            new Figure("duration_s", "durationS"),
            new Figure("energy_kj", "energyKj"),
            new Figure("power_max_w", "powerMaxW"),
            new Figure("power_best_5s_w", "powerBest5sW"),
            new Figure("power_best_1min_w", "powerBest1minW"),
            new Figure("power_best_5min_w", "powerBest5minW"),
            new Figure("power_best_20min_w", "powerBest20minW"),
            new Figure("heart_rate_max_bpm", "heartRateMaxBpm"));

    private static final String RIDER = "SELECT " + RiderRows.COLUMNS
            + """
            , t.*
            FROM rider p
            CROSS JOIN LATERAL (
                SELECT count(*) AS rides, coalesce(bool_or(r.status = 'open'), false) AS live,
                    max(r.started_at) AS last_ride_at, coalesce(sum(r.duration_s), 0) AS total_duration_s,
                    coalesce(sum(r.energy_kj), 0) AS total_energy_kj,
                    sum(r.power_mean_w * r.readings) / nullif(sum(r.readings) FILTER (WHERE r.power_mean_w IS NOT NULL), 0)
                        AS mean_power_w,
                    sum(r.heart_rate_mean_bpm * r.heart_rate_measured_s) / nullif(sum(r.heart_rate_measured_s), 0)
                        AS mean_heart_rate_bpm,
                    %s
                FROM ride r WHERE r.rider_id = p.rider_id
            ) t
            WHERE p.rider_id = $1 AND p.erased_at IS NULL""".formatted(String.join(", ", RECORDS.stream().map(Figure::sql).toList()));

    private static final String POWER = """
            SELECT s.ride_id, s.power_w
            FROM (SELECT ride_id, day FROM ride WHERE rider_id = $1 AND status <> 'open'
                ORDER BY started_at DESC LIMIT 200) r
            JOIN ride_series s ON s.ride_id = r.ride_id AND s.day = r.day""";

    private final Queries queries;

    RiderDetail(Queries queries) {
        this.queries = queries;
    }

    private record Figure(String column, String member) {
        /** The greatest value and, negated, the first ride that has it. */
        String sql() {
            return "max(ARRAY[r.%1$s::double precision, -r.ride_id]) FILTER (WHERE r.%1$s IS NOT NULL AND r.status <> 'open') AS best_%1$s"
                    .formatted(column);
        }
    }

    Future<ApiResponse> answer(ApiRequest request, long rider, LocalDate today) {
        Future<RowSet<Row>> power = queries.rows(POWER, Tuple.of(rider));
        return queries.row(RIDER, Tuple.of(rider))
                .compose(row -> power.map(rides -> {
                    Row known = RiderOperations.requireKnown(row, rider);
                    BestPowerCurve curve = new BestPowerCurve();
                    rides.forEach(curve::add);
                    return ApiResponse.json(json(known, curve, today, PersonalData.isVisibleTo(request))
                            .object());
                }));
    }

    private static Json json(Row row, BestPowerCurve curve, LocalDate today, boolean personal) {
        Json records = new Json();
        for (Figure record : RECORDS) {
            Double[] best = row.getArrayOfDoubles("best_" + record.column);
            if (best != null) {
                records.put(record.member, new Json().put("value", best[0]).put("rideId", (long) -best[1]));
            }
        }
        return new Json()
                .put("rider", RiderRows.json(row, today, personal))
                .putColumns(row, "rides", "live", "lastRideAt")
                .put("durationS", row.getLong("total_duration_s"))
                .put("energyKj", row.getDouble("total_energy_kj"))
                .put("powerMeanW", row.getDouble("mean_power_w"))
                .put("heartRateMeanBpm", row.getDouble("mean_heart_rate_bpm"))
                .put("records", records)
                .put("powerCurve", curve.json());
    }
}
