package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.ListResponse;
import com.deloton.gateway.api.query.Members;
import com.deloton.gateway.ride.AgeGroup;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Columns of rides, and their JSON as in the contract. */
public final class RideRows {
    // Positions in COLUMNS and LIVE_COLUMNS.
    private static final int RIDE_ID = 0;
    private static final int RIDER_ID = 1;
    private static final int BIKE_SERIAL = 2;
    private static final int STARTED_AT = 3;
    private static final int ENDED_AT = 4;
    private static final int STATUS = 5;
    private static final int GENDER = 6;
    private static final int AGE_YEARS = 7;
    private static final int TITLE = 8;
    private static final int NAME = 9;
    private static final int ADDRESS_CITY = 10;
    private static final int DURATION_S = 11;
    private static final int READINGS = 12;
    private static final int ENERGY_KJ = 13;
    private static final int POWER_MEAN_W = 14;
    private static final int POWER_MAX_W = 15;
    private static final int HEART_RATE_MEAN_BPM = 16;
    private static final int HEART_RATE_MAX_BPM = 17;
    private static final int CADENCE_MEAN_RPM = 18;

    private static final List<String> FIGURES = List.of(
            "duration_s",
            "readings",
            "energy_kj",
            "power_mean_w",
            "power_max_w",
            "heart_rate_mean_bpm",
            "heart_rate_max_bpm",
            "cadence_mean_rpm");
    private static final Set<String> ZERO_WHEN_EMPTY = Set.of("duration_s", "readings", "energy_kj");

    private static final String OWN_COLUMNS = """
            r.ride_id, r.rider_id, r.bike_serial, r.started_at, r.ended_at, r.status, r.gender, r.age_years,
            p.title, p.name, p.address_city""";

    /** Selected from {@code ride r} and {@link #RIDER}; the first of a query. Live rides have no figures. */
    public static final String COLUMNS = OWN_COLUMNS + ", " + figures("r.%1$s");

    /** Selected from {@code ride r} and {@link #JOINS}; the first of a query. Live rides have those of their readings so far. */
    public static final String LIVE_COLUMNS = OWN_COLUMNS + ", " + figures("r.%1$s, l.%1$s");

    /** Lateral, so that the planner reads riders by key. */
    public static final String RIDER = """

            LEFT JOIN LATERAL (SELECT title, name, address_city, weight_kg FROM rider WHERE rider_id = r.rider_id LIMIT 1) p
                ON true""";

    /** With the live figures of live rides, whose place in the plan costs every query. */
    public static final String JOINS = RIDER + """

            LEFT JOIN LATERAL (SELECT f.* FROM live_figures(r.ride_id) f WHERE r.status = 'open' OFFSET 0) l ON true""";

    private RideRows() {}

    private static String figures(String sources) {
        return FIGURES.stream()
                .map(figure -> "coalesce(%s%s) AS %s"
                        .formatted(sources.formatted(figure), ZERO_WHEN_EMPTY.contains(figure) ? ", 0" : "", figure))
                .collect(Collectors.joining(", "));
    }

    static long id(Row row) {
        return row.getLong(RIDE_ID);
    }

    static boolean isLive(Row row) {
        return RideStatus.STORED_LIVE.equals(row.getValue(STATUS));
    }

    public static JsonObject json(Row row, boolean personal) {
        Json json = new Json();
        write(json, row, personal);
        return json.object();
    }

    static void write(Members ride, Row row, boolean personal) {
        ride.put("rideId", row.getValue(RIDE_ID))
                .putObject("rider", rider -> writeRider(rider, row, personal))
                .put("bike", row.getValue(BIKE_SERIAL))
                .put("status", RideStatus.ofStored((String) row.getValue(STATUS)))
                .put("startedAt", row.getValue(STARTED_AT))
                .put("endedAt", row.getValue(ENDED_AT))
                .put("durationS", row.getValue(DURATION_S))
                .put("readings", row.getValue(READINGS))
                .put("energyKj", row.getValue(ENERGY_KJ))
                .put("powerMeanW", row.getValue(POWER_MEAN_W))
                .put("powerMaxW", row.getValue(POWER_MAX_W))
                .put("heartRateMeanBpm", row.getValue(HEART_RATE_MEAN_BPM))
                .put("heartRateMaxBpm", row.getValue(HEART_RATE_MAX_BPM))
                .put("cadenceMeanRpm", row.getValue(CADENCE_MEAN_RPM));
    }

    private static void writeRider(Members rider, Row row, boolean personal) {
        Integer age = row.getInteger(AGE_YEARS);
        rider.put("riderId", row.getValue(RIDER_ID))
                .put("gender", row.getValue(GENDER))
                .put("ageGroup", ageGroup(age));
        if (personal) {
            rider.put("title", row.getValue(TITLE))
                    .put("name", row.getValue(NAME))
                    .put("ageYears", age)
                    .put("city", row.getValue(ADDRESS_CITY));
        }
    }

    private static @Nullable String ageGroup(@Nullable Integer age) {
        AgeGroup group = AgeGroup.of(age);
        return group == null ? null : group.label();
    }

    /** From the columns rider_id, gender, age_years, title, name and address_city. */
    public static Json rider(Row row, boolean personal) {
        Integer age = row.getInteger("age_years");
        Json rider = new Json().putColumns(row, "riderId", "gender").put("ageGroup", ageGroup(age));
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
