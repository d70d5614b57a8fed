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

    /** Their order is that of {@link Column}. */
    private static final String OWN_COLUMNS = """
            r.ride_id, r.rider_id, r.bike_serial, r.started_at, r.ended_at, r.status, r.gender, r.age_years,
            p.title, p.name, p.address_city, """;

    /** Selected from {@code ride r} and {@link #RIDER}; the first of a query. Live rides have no figures. */
    public static final String COLUMNS = OWN_COLUMNS + figures("r.%1$s");

    /** Selected from {@code ride r} and {@link #JOINS}; the first of a query. Live rides have those of their readings so far. */
    public static final String LIVE_COLUMNS = OWN_COLUMNS + figures("r.%1$s, l.%1$s");

    /** Lateral, so that the planner reads riders by key. */
    public static final String RIDER = """

            LEFT JOIN LATERAL (SELECT title, name, address_city, weight_kg FROM rider WHERE rider_id = r.rider_id LIMIT 1) p
                ON true""";

    /** With the live figures of live rides, whose place in the plan costs every query. */
    public static final String JOINS = RIDER + """

            LEFT JOIN LATERAL (SELECT f.* FROM live_figures(r.ride_id) f WHERE r.status = 'open' OFFSET 0) l ON true""";

    private RideRows() {}

    /** Positions of {@link #COLUMNS} and {@link #LIVE_COLUMNS}. */
    private enum Column {
        RIDE_ID,
        RIDER_ID,
        BIKE_SERIAL,
        STARTED_AT,
        ENDED_AT,
        STATUS,
        GENDER,
        AGE_YEARS,
        TITLE,
        NAME,
        ADDRESS_CITY,
        DURATION_S,
        READINGS,
        ENERGY_KJ,
        POWER_MEAN_W,
        POWER_MAX_W,
        HEART_RATE_MEAN_BPM,
        HEART_RATE_MAX_BPM,
        CADENCE_MEAN_RPM;

        Object of(Row row) {
            return row.getValue(ordinal());
        }
    }

    private static String figures(String sources) {
        return FIGURES.stream()
                .map(figure -> "coalesce(%s%s) AS %s"
                        .formatted(sources.formatted(figure), ZERO_WHEN_EMPTY.contains(figure) ? ", 0" : "", figure))
                .collect(Collectors.joining(", "));
    }

    static long id(Row row) {
        return row.getLong(Column.RIDE_ID.ordinal());
    }

    static boolean isLive(Row row) {
        return RideStatus.STORED_LIVE.equals(Column.STATUS.of(row));
    }

    public static JsonObject json(Row row, boolean personal) {
        Json json = new Json();
        write(json, row, personal);
        return json.object();
    }

    static void write(Members ride, Row row, boolean personal) {
        ride.put("rideId", Column.RIDE_ID.of(row))
                .putObject("rider", rider -> writeRider(rider, row, personal))
                .put("bike", Column.BIKE_SERIAL.of(row))
                .put("status", RideStatus.ofStored((String) Column.STATUS.of(row)))
                .put("startedAt", Column.STARTED_AT.of(row))
                .put("endedAt", Column.ENDED_AT.of(row))
                .put("durationS", Column.DURATION_S.of(row))
                .put("readings", Column.READINGS.of(row))
                .put("energyKj", Column.ENERGY_KJ.of(row))
                .put("powerMeanW", Column.POWER_MEAN_W.of(row))
                .put("powerMaxW", Column.POWER_MAX_W.of(row))
                .put("heartRateMeanBpm", Column.HEART_RATE_MEAN_BPM.of(row))
                .put("heartRateMaxBpm", Column.HEART_RATE_MAX_BPM.of(row))
                .put("cadenceMeanRpm", Column.CADENCE_MEAN_RPM.of(row));
    }

    private static void writeRider(Members rider, Row row, boolean personal) {
        Integer age = row.getInteger(Column.AGE_YEARS.ordinal());
        rider.put("riderId", Column.RIDER_ID.of(row))
                .put("gender", Column.GENDER.of(row))
                .put("ageGroup", ageGroup(age));
        if (personal) {
            rider.put("title", Column.TITLE.of(row))
                    .put("name", Column.NAME.of(row))
                    .put("ageYears", age)
                    .put("city", Column.ADDRESS_CITY.of(row));
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
