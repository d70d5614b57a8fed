package com.deloton.gateway.api.rides;

import static com.deloton.gateway.testing.ApiFixture.ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.deloton.gateway.api.FleetApiFixture;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.simulate.model.ExpectedRide;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rides and the bikes they are on, as a simulated fleet has left them, held against its ledger. */
class RideOperationsIT extends FleetApiFixture {
    @Test
    void listsEveryRideOnceInOrderPageByPage() throws Exception {
        List<JsonObject> rides = api.all("listRides", "limit", 7, "sort", "startedAt");

        assertThat(rides).hasSize((int) expectedRides());
        assertThat(rides.stream().map(r -> r.getLong("rideId")).distinct()).hasSize(rides.size());
        assertThat(rides.stream().map(r -> Instant.parse(r.getString("startedAt"))))
                .isSorted();
        assertThat(api.all("listRides", "limit", 200).reversed()).isEqualTo(rides);
        expected.forEach((bike, own) -> assertThat(rides.stream()
                        .filter(r -> bike.equals(r.getString("bike")))
                        .map(r -> r.getJsonObject("rider").getLong("riderId")))
                .containsExactlyElementsOf(
                        own.stream().map(ExpectedRide::riderUserId).toList()));
    }

    @Test
    void sortsEndedRidesByFigures() throws Exception {
        long ended = fixture.warehouse.count("SELECT count(*) FROM ride WHERE status <> 'open'");
        for (String figure : List.of("durationS", "energyKj", "powerMeanW")) {
            List<JsonObject> descending = api.all("listRides", "sort", "-" + figure, "limit", 9);
            assertThat(descending.stream().map(r -> r.getDouble(figure)))
                    .hasSize((int) ended)
                    .isSortedAccordingTo(Comparator.reverseOrder());
            assertThat(api.all("listRides", "sort", figure, "limit", 9).reversed())
                    .as(figure)
                    .isEqualTo(descending);
        }
        ApiException live = api.exception(ALL, "listRides", "sort", "-energyKj", "status", List.of("live"));
        assertThat(live.pointer()).isEqualTo("/query/sort");
        assertThat(live)
                .hasMessage("'-energyKj' cannot be used with live rides, which have no final figures;"
                        + " expected startedAt or -startedAt");
    }

    @Test
    void selectsRidesByStatus() throws Exception {
        List<JsonObject> all = api.all("listRides", "limit", 200);
        Map<List<String>, Set<String>> selections = Map.of(
                List.of("live"), Set.of("live"),
                List.of("ended"), Set.of("completed", "abandoned"),
                List.of("completed"), Set.of("completed"),
                List.of("abandoned"), Set.of("abandoned"),
                List.of("live", "abandoned"), Set.of("live", "abandoned"),
                List.of("live", "ended"), Set.of("live", "completed", "abandoned"));
        for (Map.Entry<List<String>, Set<String>> selection : selections.entrySet()) {
            assertThat(api.all("listRides", "status", selection.getKey(), "limit", 200))
                    .as("%s", selection.getKey())
                    .isEqualTo(all.stream()
                            .filter(r -> selection.getValue().contains(r.getString("status")))
                            .toList());
        }
        assertThat(all.stream().map(r -> r.getString("status"))).contains("live", "completed");
        assertThat(api.all("listRides", "status", List.of("live", "completed"), "sort", "-energyKj", "limit", 200))
                .as("rides without final figures have no place in this order")
                .isNotEmpty()
                .allMatch(r -> r.getString("status").equals("completed"));
        assertThat(api.exception(ALL, "listRides", "status", List.of("live"), "state", "live")
                        .pointer())
                .isEqualTo("/query/state");
    }

    @Test
    void filtersRides() throws Exception {
        List<JsonObject> all = api.all("listRides", "limit", 200);
        JsonObject one = all.getFirst();
        long rider = one.getJsonObject("rider").getLong("riderId");
        String city = one.getJsonObject("rider").getString("city");

        assertThat(api.all("listRides", "ids", List.of(one.getLong("rideId"), 1L)))
                .containsExactly(one);
        assertThat(api.all("listRides", "riders", List.of(rider)))
                .isNotEmpty()
                .allMatch(r -> r.getJsonObject("rider").getLong("riderId") == rider);
        assertThat(api.all("listRides", "city", city.toUpperCase(java.util.Locale.ROOT), "limit", 200))
                .isEqualTo(all.stream()
                        .filter(r -> city.equals(r.getJsonObject("rider").getString("city")))
                        .toList());
        for (String gender : List.of("female", "male", "other", "unknown")) {
            assertThat(api.all("listRides", "gender", List.of(gender), "limit", 200))
                    .isEqualTo(all.stream()
                            .filter(r -> gender.equals(r.getJsonObject("rider").getString("gender")))
                            .toList());
        }
        assertThat(api.all("listRides", "ageGroup", List.of("under-18", "55-64", "75-plus"), "limit", 200))
                .isEqualTo(all.stream()
                        .filter(r -> Set.of("under-18", "55-64", "75-plus")
                                .contains(
                                        String.valueOf(r.getJsonObject("rider").getString("ageGroup"))))
                        .toList());
        assertThat(api.all("listRides", "minAge", 30, "maxAge", 50, "limit", 200))
                .isEqualTo(all.stream()
                        .filter(r -> r.getJsonObject("rider").getInteger("ageYears", -1) >= 30
                                && r.getJsonObject("rider").getInteger("ageYears", -1) <= 50)
                        .toList());
    }

    @Test
    void answersQuestionsAboutYearsMonthsAndDays() throws Exception {
        List<JsonObject> all = api.all("listRides", "limit", 200);

        for (String during : List.of("2026", "2026-11", "2026-11-24")) {
            assertThat(api.all("listRides", "during", during, "limit", 200)).isEqualTo(all);
        }
        assertThat(api.all("listRides", "during", "2026-11-23")).isEmpty();
        assertThat(api.all("listRides", "during", "2026-11-24", "zone", "Pacific/Kiritimati"))
                .as("10:00 UTC is the next day there")
                .isEmpty();
        Instant middle = Instant.parse(all.get(all.size() / 2).getString("startedAt"));
        assertThat(api.all("listRides", "to", middle.toString(), "limit", 200).size()
                        + api.all("listRides", "from", middle.toString(), "limit", 200)
                                .size())
                .isEqualTo(all.size());
        assertThat(api.exception(ALL, "listRides", "during", "2026-02-30").pointer())
                .isEqualTo("/query/during");
        assertThat(api.exception(ALL, "listRides", "during", "2026", "zone", "Mars/Olympus")
                        .pointer())
                .isEqualTo("/query/zone");
    }

    @Test
    void refusesCursorsItHasNotGivenOut() throws Exception {
        String next = api.json("listRides", "limit", 1).getString("next");
        for (String cursor : List.of("x", "e30", "WyItc3RhcnRlZEF0IiwieCIsInkiXQ", "////", next + "A")) {
            assertThat(api.exception(ALL, "listRides", "cursor", cursor, "sort", "-startedAt")
                            .status())
                    .as(cursor)
                    .isEqualTo(422);
        }
        assertThat(api.exception(ALL, "listRides", "cursor", next, "sort", "-energyKj")
                        .pointer())
                .isEqualTo("/query/cursor");
    }

    @Test
    void answersForLiveRidesAsForEndedOnes() throws Exception {
        List<JsonObject> live = api.all("listRides", "status", List.of("live"), "limit", 200);
        assertThat(live)
                .hasSize(expected.size())
                .allMatch(r -> r.getString("status").equals("live"));
        assertThat(api.all("listRides", "state", "ended", "limit", 200)).hasSize((int) expectedRides() - live.size());

        for (JsonObject ride : live) {
            ExpectedRide told = expectedRidesOf(ride.getString("bike")).getLast();
            List<ExpectedRide.ExpectedReading> whole =
                    told.readings().stream().filter(r -> r.powerW() != null).toList();
            assertThat(ride.getInteger("readings")).isEqualTo(whole.size());
            assertThat(ride.getDouble("energyKj"))
                    .isCloseTo(
                            whole.stream()
                                            .mapToDouble(r -> Objects.requireNonNull(r.powerW()))
                                            .sum()
                                    / 1000,
                            within(0.01));
            assertThat(api.json("getRide", "ride", ride.getLong("rideId"))).isEqualTo(ride);
            JsonObject summary = api.json("getRideSummary", "ride", ride.getLong("rideId"));
            assertThat(summary.getDouble("energyKj")).isCloseTo(ride.getDouble("energyKj"), within(0.002));
            assertThat(summary.getInteger("durationS")).isEqualTo(ride.getInteger("durationS"));
            assertThat(summary.getJsonObject("power").getDouble("meanW", 0.0))
                    .isCloseTo(ride.getDouble("powerMeanW", 0.0), within(0.01));
        }
    }

    @Test
    void givesReadingsAsTheBikeSaidThem() throws Exception {
        String bike = anyBike();
        ExpectedRide told = expectedRidesOf(bike).getFirst();
        long ride = rideOf(bike, 0).getLong("rideId");

        JsonArray items = api.json("getReadings", "ride", ride).getJsonArray("items");
        List<String> lines =
                api.text("text/csv", "getReadings", "ride", ride).lines().toList();

        assertThat(items).hasSize(told.readings().size());
        assertThat(lines).hasSize(items.size() + 1);
        for (int i = 0; i < items.size(); i++) {
            ExpectedRide.ExpectedReading reading = told.readings().get(i);
            JsonObject item = items.getJsonObject(i);
            assertThat(item.getInteger("elapsedS")).isEqualTo(reading.elapsedS());
            assertThat(item.getInteger("heartRateBpm", 0)).isEqualTo(reading.heartRateBpm());
            assertThat(item.getInteger("cadenceRpm")).isEqualTo(reading.cadenceRpm());
            assertThat(item.getInteger("resistance")).isEqualTo(reading.resistance());
            assertThat(item.getDouble("powerW")).isCloseTo(Objects.requireNonNull(reading.powerW()), within(0.001));
            assertThat(lines.get(i + 1))
                    .startsWith(reading.elapsedS() + "," + item.getString("at") + ",")
                    .matches("[0-9]+,[0-9TZ:.-]+(,[0-9.]*){4}");
        }
        JsonArray steps = api.json("getReadings", "ride", ride, "step", 20).getJsonArray("items");
        assertThat(steps).hasSizeBetween(3, 5);
        assertThat(steps.getJsonObject(1).getDouble("powerW"))
                .isCloseTo(
                        told.readings().stream()
                                .filter(r -> r.elapsedS() >= 20 && r.elapsedS() < 40)
                                .mapToDouble(r -> Objects.requireNonNull(r.powerW()))
                                .average()
                                .orElseThrow(),
                        within(0.001));
    }

    @Test
    void summarisesEndedRides() throws Exception {
        JsonObject ride = rideOf(anyBike(), 0);
        JsonObject summary = api.json("getRideSummary", "ride", ride.getLong("rideId"));
        ExpectedRide told = expectedRidesOf(anyBike()).getFirst();

        assertThat(summary.getString("status")).isEqualTo("completed");
        assertThat(summary.getJsonObject("power").getDouble("best5sW")).isGreaterThan(0);
        assertThat(summary.getJsonObject("power").getDouble("wattsPerKg")).isGreaterThan(0);
        assertThat(summary.getJsonObject("heartRate").getInteger("measuredS")).isEqualTo((int) told.readings().stream()
                .filter(r -> Objects.requireNonNull(r.heartRateBpm()) > 0)
                .count());
        assertThat(summary.getInteger("movingS")).isLessThanOrEqualTo(summary.getInteger("readings"));
        assertThat(api.exception(ALL, "getRideSummary", "ride", 1).status()).isEqualTo(404);
        assertThat(api.exception(ALL, "getRide", "ride", 1).status()).isEqualTo(404);
        assertThat(api.exception(ALL, "getReadings", "ride", 1).status()).isEqualTo(404);
        assertThat(api.exception(ALL, "exportTcx", "ride", 1).status()).isEqualTo(404);
    }

    @Test
    void listsBikes() throws Exception {
        List<JsonObject> bikes = api.all("listBikes", "limit", 5);
        assertThat(bikes.stream().map(b -> b.getString("bike"))).containsExactlyElementsOf(expected.keySet());
        JsonObject bike = api.json("getBike", "bike", anyBike());
        assertThat(bike.getInteger("rides"))
                .isEqualTo(expectedRidesOf(anyBike()).size());
        assertThat(bike.getJsonObject("bike").getLong("liveRideId"))
                .isEqualTo(
                        rideOf(anyBike(), expectedRidesOf(anyBike()).size() - 1).getLong("rideId"));
        assertThat(api.exception(ALL, "getBike", "bike", "none").status()).isEqualTo(404);
    }
}
