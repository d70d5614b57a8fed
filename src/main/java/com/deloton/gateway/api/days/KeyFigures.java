package com.deloton.gateway.api.days;

import com.deloton.gateway.api.query.AgeGroups;
import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.TimeRange.Period;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.ride.AgeGroup;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Totals of a period's rides, live ones included, and by gender, age group and hour. */
final class KeyFigures {
    private static final int HOURS = 24;
    /** Values of the column {@code kind}: GROUPING(gender, age_group, hour). */
    private static final int ALL = 7;

    private static final int BY_GENDER = 3;
    private static final int BY_AGE = 5;

    private static final String ALERTS = """
            SELECT count(*) AS raised, count(*) FILTER (WHERE d.status = 'sent') AS mailed,
                count(a.acknowledged_at) AS acknowledged
            FROM alert a LEFT JOIN alert_delivery d
                ON d.ride_id = a.ride_id AND d.first_s = a.first_s AND d.kind = 'alert'""";

    private final Queries queries;

    KeyFigures(Queries queries) {
        this.queries = queries;
    }

    Future<ApiResponse> answer(Period period) {
        Where ofRides = new Where();
        Where ofAlerts = period.range().filter(new Where(), "a.raised_at");
        String zone = ofRides.value(period.zoneName());
        String sql = rides(zone, period.range().filter(ofRides, "r.started_at").sql());
        Future<RowSet<Row>> alerts = queries.rows(ALERTS + ofAlerts.sql(), ofAlerts.tuple());
        return queries.rows(sql, ofRides.tuple())
                .compose(rides -> alerts.map(found ->
                        ApiResponse.json(json(period, rides, found.iterator().next()))));
    }

    private static String rides(String zone, String where) {
        return """
                WITH f AS (
                    SELECT r.ride_id, r.rider_id, r.gender, %s AS age_group, r.status = 'open' AS live,
                        extract(hour FROM r.started_at AT TIME ZONE %s)::integer AS hour,
                        coalesce(r.duration_s, l.duration_s, 0) AS duration_s,
                        coalesce(r.energy_kj, l.energy_kj, 0) AS energy_kj,
                        coalesce(r.power_mean_w, l.power_mean_w) AS power_w, coalesce(r.readings, l.readings) AS readings,
                        coalesce(r.heart_rate_mean_bpm, l.heart_rate_mean_bpm) AS bpm,
                        coalesce(r.heart_rate_measured_s, l.heart_rate_measured_s) AS measured_s
                    FROM ride r
                    LEFT JOIN LATERAL live_figures(CASE WHEN r.status = 'open' THEN r.ride_id END) l ON true%s
                )
                SELECT grouping(gender, age_group, hour) AS kind, gender, age_group, hour, count(*) AS rides,
                    count(*) FILTER (WHERE live) AS live, count(DISTINCT rider_id) AS riders,
                    coalesce(sum(duration_s), 0) AS duration_s, coalesce(sum(energy_kj), 0) AS energy_kj,
                    sum(power_w * readings) / nullif(sum(readings) FILTER (WHERE power_w IS NOT NULL), 0) AS power_mean_w,
                    sum(bpm * measured_s) / nullif(sum(measured_s) FILTER (WHERE bpm IS NOT NULL), 0)
                        AS heart_rate_mean_bpm,
                    max(ARRAY[duration_s, -ride_id]) FILTER (WHERE NOT live) AS longest
                FROM f GROUP BY GROUPING SETS ((), (gender), (age_group), (hour))
                ORDER BY kind, gender""".formatted(AgeGroups.sql("r.age_years"), zone, where);
    }

    private static JsonObject json(Period period, RowSet<Row> rides, Row alerts) {
        Row all = null;
        JsonArray byGender = new JsonArray();
        List<Row> ages = new ArrayList<>();
        Long[] hours = Collections.nCopies(HOURS, 0L).toArray(Long[]::new);
        for (Row row : rides) {
            switch (row.getInteger("kind")) {
                case ALL -> all = row;
                case BY_GENDER ->
                    byGender.add(group(row).putColumns(row, "gender").object());
                case BY_AGE -> ages.add(row);
                default -> hours[row.getInteger("hour")] = row.getLong("rides");
            }
        }
        Row total = Objects.requireNonNull(all);
        Long[] longest = total.getArrayOfLongs("longest");
        return period.json()
                .put(
                        "from",
                        period.range().from() == null
                                ? null
                                : Json.time(period.range().from()))
                .put(
                        "to",
                        period.range().to() == null
                                ? null
                                : Json.time(period.range().to()))
                .putColumns(total, "rides", "live", "riders", "durationS", "energyKj", "powerMeanW", "heartRateMeanBpm")
                .put(
                        "longest",
                        longest == null
                                ? null
                                : new Json().put("value", longest[0]).put("rideId", -longest[1]))
                .put("byGender", byGender)
                .put("byAgeGroup", byAge(ages))
                .put("ridesPerHour", new JsonArray(Arrays.asList(hours)))
                .put("alerts", new Json().putColumns(alerts, "raised", "mailed", "acknowledged"))
                .object();
    }

    private static JsonArray byAge(List<Row> rows) {
        List<String> order =
                Arrays.stream(AgeGroup.values()).map(AgeGroup::label).toList();
        JsonArray groups = new JsonArray();
        rows.stream()
                .sorted(Comparator.comparingInt(row -> rank(order, row.getString("age_group"))))
                .forEach(
                        row -> groups.add(group(row).putColumns(row, "ageGroup").object()));
        return groups;
    }

    /** Unknown ages sort last. */
    private static int rank(List<String> order, @Nullable String label) {
        return label == null ? order.size() : order.indexOf(label);
    }

    private static Json group(Row row) {
        return new Json().putColumns(row, "rides", "riders", "durationS", "energyKj", "powerMeanW", "heartRateMeanBpm");
    }
}
