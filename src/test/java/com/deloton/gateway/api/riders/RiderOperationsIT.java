package com.deloton.gateway.api.riders;

import static com.deloton.gateway.testing.ApiFixture.ALL;
import static com.deloton.gateway.testing.ApiFixture.PSEUDONYMOUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.deloton.gateway.api.FleetApiFixture;
import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.simulate.model.SimulatedRider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Riders, their alerts, and who may see whom, as a simulated fleet has left them, held against its ledger. */
class RiderOperationsIT extends FleetApiFixture {
    @Test
    void keepsPersonalDataFromThoseWhoMayNotSeeIt() throws Exception {
        String names = fixture
                .warehouse
                .rows("SELECT name, title, address_city, address_street, address_postcode,"
                        + " email_address, date_of_birth::text FROM rider")
                .stream()
                .flatMap(List::stream)
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .filter(text -> text.length() > 3)
                .map(java.util.regex.Pattern::quote)
                .collect(Collectors.joining("|"));
        long ride = rideOf(anyBike(), 0).getLong("rideId");
        long rider = rideOf(anyBike(), 0).getJsonObject("rider").getLong("riderId");
        List<JsonObject> answers = List.of(
                api.json(PSEUDONYMOUS, "listRides", "limit", 200),
                api.json(PSEUDONYMOUS, "getRide", "ride", ride),
                api.json(PSEUDONYMOUS, "getRideSummary", "ride", ride),
                api.json(PSEUDONYMOUS, "listRiders", "limit", 200),
                api.json(PSEUDONYMOUS, "getRider", "rider", rider),
                api.json(PSEUDONYMOUS, "listRidesOfRider", "rider", rider),
                api.json(PSEUDONYMOUS, "getDay", "date", "today"),
                api.json(PSEUDONYMOUS, "listRidesOfDay", "date", "today"),
                api.json(PSEUDONYMOUS, "getLeaderboard", "date", "today", "by", "wattsPerKg", "over", "5s"),
                api.json(PSEUDONYMOUS, "listAlerts", "limit", 200),
                api.json(PSEUDONYMOUS, "listCities", "date", "today"),
                api.json(PSEUDONYMOUS, "listQuarantine"));

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.encode())
                        .doesNotContainPattern(names)
                        .doesNotContain(
                                "ageYears",
                                "weightKg",
                                "heightCm",
                                "dateOfBirth",
                                "limitBpm",
                                "\"name\"",
                                "\"detail\""));
        assertThat(api.json("listRiders", "limit", 200).encode()).containsPattern(names);
        for (String filter : List.of("city", "minAge", "maxAge")) {
            assertThat(api.exception(PSEUDONYMOUS, "listRides", filter, filter.equals("city") ? "x" : 3)
                            .status())
                    .isEqualTo(403);
        }
        assertThat(api.exception(PSEUDONYMOUS, "listRiders", "name", "S").status())
                .isEqualTo(403);
    }

    @Test
    void showsLimitsOfAlertsOnlyWithPersonalData() throws Exception {
        String alert = api.all("listAlerts", "limit", 1).getFirst().getString("alertId");

        JsonObject all = api.json("getAlert", "alert", alert);
        JsonObject pseudonymous = api.json(PSEUDONYMOUS, "getAlert", "alert", alert);

        assertThat(all.encode()).contains("maxBpm", "minBpm", "limitBpm");
        assertThat(pseudonymous.encode()).contains("raisedBpm").doesNotContain("maxBpm", "minBpm", "limitBpm");
    }

    @Test
    void namesNoCityOfFewerThanFiveRidersWithoutPersonalData() throws Exception {
        JsonArray all = api.json("listCities", "date", "today").getJsonArray("items");
        JsonArray grouped =
                api.json(PSEUDONYMOUS, "listCities", "date", "today").getJsonArray("items");

        assertThat(all.stream().map(JsonObject.class::cast)).anyMatch(city -> city.getLong("riders") < 5);
        assertThat(grouped.stream().map(JsonObject.class::cast))
                .allMatch(city -> city.getString("city") == null || city.getLong("riders") >= 5);
        assertThat(rides(grouped)).isEqualTo(rides(all));
    }

    private static long rides(JsonArray cities) {
        return cities.stream()
                .mapToLong(city -> ((JsonObject) city).getLong("rides"))
                .sum();
    }

    @Test
    void describesRiders() throws Exception {
        List<JsonObject> riders = api.all("listRiders", "limit", 5);
        Set<Long> told = fixture.ledger.stream()
                .map(ExpectedRide::riderUserId)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(riders.stream().map(r -> r.getLong("riderId"))).containsExactlyElementsOf(told);

        for (long id : told.stream().limit(5).toList()) {
            SimulatedRider invented = SimulatedRider.generate(
                    FLEET.seed(),
                    id,
                    java.time.LocalDate.ofInstant(Objects.requireNonNull(FLEET.start()), java.time.ZoneOffset.UTC));
            JsonObject detail = api.json("getRider", "rider", id);
            JsonObject rider = detail.getJsonObject("rider");
            assertThat(rider.getString("emailAddress")).isEqualTo(invented.emailAddress());
            assertThat(rider.getString("dateOfBirth"))
                    .isEqualTo(invented.dateOfBirth().toString());
            assertThat(invented.name()).endsWith(rider.getString("name"));
            List<JsonObject> rides = api.all("listRidesOfRider", "rider", id, "limit", 2);
            assertThat(detail.getInteger("rides")).isEqualTo(rides.size()).isEqualTo((int) fixture.ledger.stream()
                    .filter(r -> Objects.equals(r.riderUserId(), id))
                    .count());
            List<JsonObject> ended = rides.stream()
                    .filter(r -> !r.getString("status").equals("live"))
                    .toList();
            assertThat(detail.getDouble("energyKj"))
                    .isCloseTo(
                            ended.stream()
                                    .mapToDouble(r -> r.getDouble("energyKj"))
                                    .sum(),
                            within(0.05));
            if (!ended.isEmpty()) {
                JsonArray curve = detail.getJsonArray("powerCurve");
                List<Double> watts = curve.stream()
                        .map(point -> ((JsonObject) point).getDouble("powerW"))
                        .toList();
                assertThat(watts).isSortedAccordingTo(Comparator.reverseOrder());
                JsonObject records = detail.getJsonObject("records");
                assertThat(watts.getFirst())
                        .isCloseTo(records.getJsonObject("powerMaxW").getDouble("value"), within(0.01));
                assertThat(curve.getJsonObject(2).getDouble("powerW"))
                        .isCloseTo(records.getJsonObject("powerBest5sW").getDouble("value"), within(0.01));
            }
        }
        assertThat(api.all("listRiders", "gender", List.of("female"), "limit", 200))
                .isEqualTo(api.all("listRiders", "limit", 200).stream()
                        .filter(r -> r.getString("gender").equals("female"))
                        .toList());
        assertThat(api.all("listRiders", "ageGroup", List.of("25-34", "35-44"), "limit", 200))
                .isNotEmpty()
                .allMatch(r -> r.getInteger("ageYears") >= 25 && r.getInteger("ageYears") <= 44);
        String name = riders.getFirst().getString("name");
        assertThat(api.all("listRiders", "name", name.substring(0, 4))).anyMatch(r -> name.equals(r.getString("name")));
        assertThat(api.all("listRiders", "name", "%")).isEmpty();
        assertThat(api.exception(ALL, "getRider", "rider", 999_999_999).status())
                .isEqualTo(404);
        assertThat(api.exception(ALL, "listRidesOfRider", "rider", 999_999_999).status())
                .isEqualTo(404);
    }

    @Test
    void exportsEverythingAboutARider() throws Exception {
        Map<Long, Long> byRider = fixture.ledger.stream()
                .filter(r -> r.riderUserId() != null)
                .collect(Collectors.groupingBy(ExpectedRide::riderUserId, Collectors.counting()));
        long rider = byRider.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();

        List<JsonObject> rides = new ArrayList<>();
        List<JsonObject> alerts = new ArrayList<>();
        JsonObject page = api.json("exportRiderData", "rider", rider, "limit", 1);
        while (true) {
            page.getJsonArray("rides").forEach(r -> rides.add((JsonObject) r));
            page.getJsonArray("alerts").forEach(a -> alerts.add((JsonObject) a));
            if (page.getString("next") == null) {
                break;
            }
            page = api.json("exportRiderData", "rider", rider, "limit", 1, "cursor", page.getString("next"));
        }

        assertThat(rides).hasSize(Math.toIntExact(byRider.getOrDefault(rider, 0L)));
        assertThat(rides.stream()
                        .mapToInt(r -> r.getJsonArray("readings").size())
                        .sum())
                .isEqualTo((int) fixture.warehouse.count(
                        "SELECT count(*) FROM reading JOIN ride USING (ride_id) WHERE rider_id = " + rider));
        assertThat(alerts)
                .hasSize((int) fixture.warehouse.count("SELECT count(*) FROM alert WHERE rider_id = " + rider));
        assertThat(fixture.warehouse.count("SELECT count(*) FROM audit WHERE action = 'export_rider'"))
                .isPositive();
    }

    @Test
    void listsAlertsAndTheirHistory() throws Exception {
        List<JsonObject> alerts = api.all("listAlerts", "limit", 2);
        assertThat(alerts).isNotEmpty().hasSize((int) fixture.warehouse.count("SELECT count(*) FROM alert"));
        assertThat(alerts.stream().map(a -> Instant.parse(a.getString("raisedAt"))))
                .isSortedAccordingTo(Comparator.reverseOrder());
        JsonObject alert = alerts.getFirst();
        JsonObject detail = api.json("getAlert", "alert", alert.getString("alertId"));
        assertThat(detail.getJsonObject("alert")).isEqualTo(alert);
        assertThat(detail.getJsonArray("transitions")).isNotEmpty();
        assertThat(api.all("listAlerts", "ride", alert.getLong("rideId"))).contains(alert);
        assertThat(api.all("listAlerts", "rider", alert.getLong("riderId"))).contains(alert);
        assertThat(api.all("listAlerts", "severity", alert.getString("severity")))
                .contains(alert);
        assertThat(api.all("listAlerts", "during", "2025")).isEmpty();
        assertThat(api.exception(ALL, "getAlert", "alert", "1-1").status()).isEqualTo(404);
        assertThat(api.exception(ALL, "getAlert", "alert", "9999999999999999999-1")
                        .status())
                .isEqualTo(404);
    }
}
