package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.ListResponse;
import com.deloton.gateway.ride.AgeGroup;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.stream.Stream;

/** Columns of rides, and their JSON as in the contract. */
public final class RideRows {
    /** Selected from {@code ride r} and {@link #JOINS}. */
    public static final String COLUMNS = """
            r.ride_id, r.rider_id, r.bike_serial, r.started_at, r.ended_at, r.status, r.gender, r.age_years,
            p.title, p.name, p.address_city,
            coalesce(r.duration_s, l.duration_s, 0) AS duration_s, coalesce(r.readings, l.readings, 0) AS readings,
            coalesce(r.energy_kj, l.energy_kj, 0) AS energy_kj, coalesce(r.power_mean_w, l.power_mean_w) AS power_mean_w,
            coalesce(r.power_max_w, l.power_max_w) AS power_max_w,
            coalesce(r.heart_rate_mean_bpm, l.heart_rate_mean_bpm) AS heart_rate_mean_bpm,
            coalesce(r.heart_rate_max_bpm, l.heart_rate_max_bpm) AS heart_rate_max_bpm,
            coalesce(r.cadence_mean_rpm, l.cadence_mean_rpm) AS cadence_mean_rpm""";

    /** Lateral, so that the planner reads riders by key; live figures for live rides only. */
    public static final String JOINS = """
             LEFT JOIN LATERAL (SELECT title, name, address_city, weight_kg FROM rider WHERE rider_id = r.rider_id LIMIT 1) p
                ON true
            LEFT JOIN LATERAL (SELECT f.* FROM live_figures(r.ride_id) f WHERE r.status = 'open' OFFSET 0) l ON true""";

    private RideRows() {}

    public static JsonObject json(Row row, boolean personal) {
        return new Json()
                .putColumns(row, "rideId")
                .put("rider", rider(row, personal))
                .put("bike", row.getString("bike_serial"))
                .put("status", status(row))
                .putColumns(row, "startedAt", "endedAt", "durationS", "readings", "energyKj", "powerMeanW", "powerMaxW")
                .putColumns(row, "heartRateMeanBpm", "heartRateMaxBpm", "cadenceMeanRpm")
                .object();
    }

    /** From the columns rider_id, gender, age_years, title, name and address_city. */
    public static Json rider(Row row, boolean personal) {
        Integer age = row.getInteger("age_years");
        AgeGroup group = AgeGroup.of(age);
        Json rider =
                new Json().putColumns(row, "riderId", "gender").put("ageGroup", group == null ? null : group.label());
        if (personal) {
            rider.putColumns(row, "title", "name").put("ageYears", age).put("city", row.getString("address_city"));
        }
        return rider;
    }

    static String status(Row row) {
        return RideStatus.ofStored(row.getString("status"));
    }

    /** The columns of a CSV of rides, with the same values as the JSON. */
    static List<ListResponse.Column> csvColumns(boolean personal) {
        return Stream.of(
                        Stream.of("rideId", "rider.riderId", "rider.gender", "rider.ageGroup"),
                        personal
                                ? Stream.of("rider.title", "rider.name", "rider.ageYears", "rider.city")
                                : Stream.<String>of(),
                        Stream.of("bike", "status", "startedAt", "endedAt", "durationS", "readings", "energyKj"),
                        Stream.of("powerMeanW", "powerMaxW", "heartRateMeanBpm", "heartRateMaxBpm", "cadenceMeanRpm"))
                .flatMap(members -> members)
                .map(ListResponse.Column::of)
                .toList();
    }
}
