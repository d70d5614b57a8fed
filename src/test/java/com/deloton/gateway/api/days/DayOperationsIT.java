package com.deloton.gateway.api.days;

import static com.deloton.gateway.testing.ApiFixture.ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.deloton.gateway.api.FleetApiFixture;
import com.deloton.gateway.tableau.TableauFiles;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Days, and the files that let Tableau ask about any, as a simulated fleet has left them, held against its ledger. */
class DayOperationsIT extends FleetApiFixture {
    @Test
    void sumsUpADay() throws Exception {
        List<JsonObject> rides = api.all("listRides", "limit", 200);
        for (String period : List.of("day", "week", "month", "year")) {
            JsonObject day = api.json("getDay", "date", "today", "period", period);
            assertThat(day.getInteger("rides")).isEqualTo(rides.size());
            assertThat(day.getInteger("live")).isEqualTo(expected.size());
            assertThat(day.getDouble("energyKj"))
                    .isCloseTo(
                            rides.stream()
                                    .mapToDouble(r -> r.getDouble("energyKj"))
                                    .sum(),
                            within(0.1));
            assertThat(day.getJsonArray("ridesPerHour").getInteger(10)).isPositive();
            for (String groups : List.of("byGender", "byAgeGroup")) {
                assertThat(day.getJsonArray(groups).stream()
                                .mapToInt(g -> ((JsonObject) g).getInteger("rides"))
                                .sum())
                        .isEqualTo(rides.size());
            }
            assertThat(day.getJsonObject("alerts").getInteger("raised"))
                    .isEqualTo((int) fixture.warehouse.count("SELECT count(*) FROM alert"));
        }
        assertThat(api.json("getDay", "date", "2020-02-29").getInteger("rides")).isZero();
        assertThat(api.all("listRidesOfDay", "date", "2026-11-24", "limit", 200))
                .isEqualTo(rides);
        for (String noDay : List.of("2021-02-29", "1899-12-31", "3000-01-01", "9999-12-31")) {
            assertThat(api.exception(ALL, "getDay", "date", noDay).pointer())
                    .as(noDay)
                    .isEqualTo("/path/date");
        }
    }

    @Test
    void ranksRiders() throws Exception {
        for (String by : List.of("rides", "energy", "power", "wattsPerKg")) {
            JsonArray items = api.json("getLeaderboard", "date", "today", "by", by, "over", "5s", "limit", 200)
                    .getJsonArray("items");
            List<Double> values =
                    items.stream().map(i -> ((JsonObject) i).getDouble("value")).toList();
            assertThat(values).isNotEmpty().isSortedAccordingTo(Comparator.reverseOrder());
            assertThat(items.getJsonObject(0).getInteger("rank")).isEqualTo(1);
            assertThat(items.getJsonObject(0).containsKey("rideId"))
                    .isEqualTo(by.equals("power") || by.equals("wattsPerKg"));
            if (by.equals("wattsPerKg")) {
                assertThat(values).allMatch(v -> Math.abs(v * 10 - Math.round(v * 10)) < 1e-9);
            }
        }
        Map<Long, Long> ended = api.all("listRides", "status", List.of("ended"), "limit", 200).stream()
                .collect(
                        Collectors.groupingBy(r -> r.getJsonObject("rider").getLong("riderId"), Collectors.counting()));
        JsonArray byRides = api.json("getLeaderboard", "date", "today", "by", "rides", "limit", 200)
                .getJsonArray("items");
        assertThat(byRides).hasSize(ended.size());
        byRides.forEach(item -> assertThat(((JsonObject) item).getDouble("value"))
                .isEqualTo((double) ended.getOrDefault(
                        ((JsonObject) item).getJsonObject("rider").getLong("riderId"), 0L)));
    }

    @Test
    void showsDurationsAndCities() throws Exception {
        JsonObject durations = api.json("getDurations", "date", "today");
        List<Integer> ended = api.all("listRides", "status", List.of("ended"), "limit", 200).stream()
                .map(r -> r.getInteger("durationS"))
                .sorted()
                .toList();
        assertThat(durations.getInteger("rides")).isEqualTo(ended.size());
        assertThat(durations.getInteger("shortestS")).isEqualTo(ended.getFirst());
        assertThat(durations.getInteger("longestS")).isEqualTo(ended.getLast());
        assertThat(durations.getJsonArray("bins").stream()
                        .mapToInt(bin -> ((JsonObject) bin).getInteger("rides"))
                        .sum())
                .isEqualTo(ended.size());
        assertThat(api.json("getDurations", "date", "2020-01-01").getInteger("rides"))
                .isZero();

        JsonArray cities = api.json("listCities", "date", "today").getJsonArray("items");
        assertThat(cities.stream()
                        .mapToLong(c -> ((JsonObject) c).getLong("rides"))
                        .sum())
                .isEqualTo(expectedRides());
    }

    @Test
    void tableauFilesNameThisDeploymentsDatabase() throws Exception {
        for (String file : TableauFiles.names()) {
            assertThat(api.text("application/xml", "getTableauFile", "file", file))
                    .contains("warehouse.example.com")
                    .doesNotContainIgnoringCase("password=");
        }
    }
}
