package com.deloton.gateway.simulate.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lines that a simulated bike sent in one ride, to compare a warehouse with. Instants are epoch micros.
 *
 * @param ordinal 1 for the bike's first ride, 2 for its second, …
 * @param riderUserId the rider; null if no {@code [SYSTEM]} line contained it
 * @param gender the rider's as sent; null if it was absent or unknown
 * @param dateOfBirth the rider's; null if no valid one was sent
 * @param startMicros of the first line of the ride that has a timestamp
 * @param logOnMicros of the {@code [SYSTEM]} line; null if there was none
 * @param ended whether all lines of the ride were sent
 * @param readings one for each second of which at least one line was sent, in order
 * @param episodes the runs of heart rates outside the range of a rider as sent, in order
 * @param faults number of records added, changed or dropped, by fault. In a ride that has not ended, the last added record may
 *     be counted and not sent
 */
public record ExpectedRide(
        String bikeSerial,
        int ordinal,
        @Nullable Long riderUserId,
        @Nullable String gender,
        @Nullable LocalDate dateOfBirth,
        long startMicros,
        @Nullable Long logOnMicros,
        boolean ended,
        List<ExpectedReading> readings,
        List<Episode> episodes,
        Map<Fault, Integer> faults) {

    /**
     * One second of a ride as sent, including values out of range.
     *
     * @param heartRateBpm 0 means not measured; null, like cadence and power, means that no Telemetry line was sent
     * @param resistance null if no Ride line was sent
     * @param atMicros the timestamp of the Telemetry line; of the Ride line without one
     */
    public record ExpectedReading(
            int elapsedS,
            @Nullable Integer heartRateBpm,
            @Nullable Integer cadenceRpm,
            @Nullable Integer resistance,
            @Nullable Double powerW,
            long atMicros) {}

    /**
     * Three or more consecutive measured heart rates outside the range.
     *
     * @param firstS the elapsed second of the first of them
     * @param raisedS of the third, at which an alert is due
     * @param lastS of the last
     * @param high whether they are above the maximum; otherwise they are below the minimum
     */
    public record Episode(int firstS, int raisedS, int lastS, boolean high) {}

    public ExpectedRide {
        readings = List.copyOf(readings);
        episodes = List.copyOf(episodes);
        faults = Map.copyOf(faults);
    }

    /** One line of JSON, without a line end. A reading is an array in the order of its components. */
    public String toJson() {
        JsonArray seconds = new JsonArray();
        for (ExpectedReading r : readings) {
            seconds.add(new JsonArray()
                    .add(r.elapsedS)
                    .add(r.heartRateBpm)
                    .add(r.cadenceRpm)
                    .add(r.resistance)
                    .add(r.powerW)
                    .add(r.atMicros));
        }
        JsonArray runs = new JsonArray();
        for (Episode e : episodes) {
            runs.add(new JsonArray().add(e.firstS).add(e.raisedS).add(e.lastS).add(e.high));
        }
        JsonObject counts = new JsonObject();
        faults.forEach((kind, count) -> counts.put(kind.name(), count));
        return new JsonObject()
                .put("bike_serial", bikeSerial)
                .put("ordinal", ordinal)
                .put("user_id", riderUserId)
                .put("gender", gender)
                .put("date_of_birth", dateOfBirth == null ? null : dateOfBirth.toString())
                .put("start_micros", startMicros)
                .put("log_on_micros", logOnMicros)
                .put("ended", ended)
                .put("readings", seconds)
                .put("episodes", runs)
                .put("dirt", counts)
                .encode();
    }

    /** Parses the output of {@link #toJson()}. */
    public static ExpectedRide fromJson(String line) {
        JsonObject json = new JsonObject(line);
        List<ExpectedReading> readings = new ArrayList<>();
        for (Object each : json.getJsonArray("readings")) {
            JsonArray r = (JsonArray) each;
            readings.add(new ExpectedReading(
                    r.getInteger(0), r.getInteger(1), r.getInteger(2), r.getInteger(3), r.getDouble(4), r.getLong(5)));
        }
        List<Episode> episodes = new ArrayList<>();
        for (Object each : json.getJsonArray("episodes")) {
            JsonArray e = (JsonArray) each;
            episodes.add(new Episode(e.getInteger(0), e.getInteger(1), e.getInteger(2), e.getBoolean(3)));
        }
        Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
        for (Map.Entry<String, Object> count : json.getJsonObject("dirt")) {
            faults.put(Fault.valueOf(count.getKey()), ((Number) count.getValue()).intValue());
        }
        String born = json.getString("date_of_birth");
        return new ExpectedRide(
                json.getString("bike_serial"),
                json.getInteger("ordinal"),
                json.getLong("user_id"),
                json.getString("gender"),
                born == null ? null : LocalDate.parse(born),
                json.getLong("start_micros"),
                json.getLong("log_on_micros"),
                json.getBoolean("ended"),
                readings,
                episodes,
                faults);
    }
}
