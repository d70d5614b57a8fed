package com.deloton.gateway.api.operations;

import static com.deloton.gateway.testing.ApiRig.ALL;
import static com.deloton.gateway.testing.ApiRig.PSEUDONYMOUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.model.LedgerRide;
import com.deloton.gateway.simulate.model.Rider;
import com.deloton.gateway.tableau.TableauFiles;
import com.deloton.gateway.testing.ApiRig;
import com.deloton.gateway.testing.IngestRig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Every operation that reads, on a warehouse that a simulated fleet has filled, held against the fleet's ledger. */
class OperationsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T23:00:00Z");
    private static final FleetOptions FLEET =
            IngestRig.TROUBLED.withBikes(12).withMessages(4_000).withSeed(5);

    private static IngestRig rig;
    private static ApiRig api;
    /** Rides of the ledger by bike, in order, but for those that the warehouse cannot have. */
    private static Map<String, List<LedgerRide>> said;

    @BeforeAll
    static void fill() throws Exception {
        rig = new IngestRig();
        rig.start();
        rig.ride(FLEET);
        api = new ApiRig(rig.vertx(), rig.pool(), InstantSource.fixed(NOW));
        said = new TreeMap<>();
        rig.ledger.stream()
                .filter(ride -> ride.logOnMicros() != null || !ride.readings().isEmpty())
                .sorted(Comparator.comparingInt(LedgerRide::ordinal))
                .forEach(ride -> said.computeIfAbsent(ride.bikeSerial(), k -> new ArrayList<>())
                        .add(ride));
    }

    @AfterAll
    static void close() throws Exception {
        rig.close();
    }

    private static long saidRides() {
        return said.values().stream().mapToLong(List::size).sum();
    }

    private static List<LedgerRide> saidOf(String bike) {
        return Objects.requireNonNull(said.get(bike));
    }

    private static JsonObject rideOf(String bike, int index) throws Exception {
        return api.all("listRides", "bike", bike, "sort", "startedAt").get(index);
    }

    private static String anyBike() {
        return said.keySet().iterator().next();
    }

    @Test
    void tableauFilesNameThisDeploymentsDatabase() throws Exception {
        for (String file : TableauFiles.names()) {
            assertThat(api.text("application/xml", "getTableauFile", "file", file))
                    .contains("warehouse.example.com")
                    .doesNotContainIgnoringCase("password=");
        }
    }

    @Test
    void listsEveryRideOnceInOrderPageByPage() throws Exception {
        List<JsonObject> rides = api.all("listRides", "limit", 7, "sort", "startedAt");

        assertThat(rides).hasSize((int) saidRides());
        assertThat(rides.stream().map(r -> r.getLong("rideId")).distinct()).hasSize(rides.size());
        assertThat(rides.stream().map(r -> Instant.parse(r.getString("startedAt"))))
                .isSorted();
        assertThat(api.all("listRides", "limit", 200).reversed()).isEqualTo(rides);
        said.forEach((bike, own) -> assertThat(rides.stream()
                        .filter(r -> bike.equals(r.getString("bike")))
                        .map(r -> r.getJsonObject("rider").getLong("riderId")))
                .containsExactlyElementsOf(
                        own.stream().map(LedgerRide::riderUserId).toList()));
    }

    @Test
    void sortsEndedRidesByFigures() throws Exception {
        long ended = rig.warehouse.count("SELECT count(*) FROM ride WHERE status <> 'open'");
        for (String figure : List.of("durationS", "energyKj", "powerMeanW")) {
            List<Double> values = api.all("listRides", "sort", "-" + figure, "limit", 9).stream()
                    .map(r -> r.getDouble(figure))
                    .toList();
            assertThat(values).hasSize((int) ended).isSortedAccordingTo(Comparator.reverseOrder());
        }
        assertThat(api.refusal(ALL, "listRides", "sort", "-energyKj", "state", "live")
                        .pointer())
                .isEqualTo("/query/sort");
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
        assertThat(api.refusal(ALL, "listRides", "during", "2026-02-30").pointer())
                .isEqualTo("/query/during");
        assertThat(api.refusal(ALL, "listRides", "during", "2026", "zone", "Mars/Olympus")
                        .pointer())
                .isEqualTo("/query/zone");
    }

    @Test
    void refusesCursorsItHasNotGivenOut() throws Exception {
        String next = api.json("listRides", "limit", 1).getString("next");
        for (String cursor : List.of("x", "e30", "WyItc3RhcnRlZEF0IiwieCIsInkiXQ", "////", next + "A")) {
            assertThat(api.refusal(ALL, "listRides", "cursor", cursor, "sort", "-startedAt")
                            .status())
                    .as(cursor)
                    .isEqualTo(422);
        }
        assertThat(api.refusal(ALL, "listRides", "cursor", next, "sort", "-energyKj")
                        .pointer())
                .isEqualTo("/query/cursor");
    }

    @Test
    void keepsPersonalDataFromThoseWhoMayNotSeeIt() throws Exception {
        String names = rig
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
                api.json(PSEUDONYMOUS, "listQuarantine"));

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.encode())
                        .doesNotContainPattern(names)
                        .doesNotContain("ageYears", "weightKg", "heightCm", "dateOfBirth", "\"name\"", "\"detail\""));
        assertThat(api.json("listRiders", "limit", 200).encode()).containsPattern(names);
        for (String filter : List.of("city", "minAge", "maxAge")) {
            assertThat(api.refusal(PSEUDONYMOUS, "listRides", filter, filter.equals("city") ? "x" : 3)
                            .status())
                    .isEqualTo(403);
        }
        assertThat(api.refusal(PSEUDONYMOUS, "listRiders", "name", "S").status())
                .isEqualTo(403);
    }

    @Test
    void answersForLiveRidesAsForEndedOnes() throws Exception {
        List<JsonObject> live = api.all("listRides", "state", "live", "limit", 200);
        assertThat(live)
                .hasSize(said.size())
                .allMatch(r -> r.getString("status").equals("live"));
        assertThat(api.all("listRides", "state", "ended", "limit", 200)).hasSize((int) saidRides() - live.size());

        for (JsonObject ride : live) {
            LedgerRide told = saidOf(ride.getString("bike")).getLast();
            List<LedgerRide.Reading> whole =
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
        LedgerRide told = saidOf(bike).getFirst();
        long ride = rideOf(bike, 0).getLong("rideId");

        JsonArray items = api.json("getReadings", "ride", ride).getJsonArray("items");
        List<String> lines =
                api.text("text/csv", "getReadings", "ride", ride).lines().toList();

        assertThat(items).hasSize(told.readings().size());
        assertThat(lines).hasSize(items.size() + 1);
        for (int i = 0; i < items.size(); i++) {
            LedgerRide.Reading reading = told.readings().get(i);
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
    void exportsEveryRideAsAGarminDocument() throws Exception {
        long gaps = 0;
        for (JsonObject ride : api.all("listRides", "limit", 200)) {
            long id = ride.getLong("rideId");

            Document tcx = TcxDocuments.valid(api.text("application/vnd.garmin.tcx+xml", "exportTcx", "ride", id));

            List<Element> points = TcxDocuments.elements(tcx.getDocumentElement(), "Trackpoint");
            JsonArray readings = api.json("getReadings", "ride", id).getJsonArray("items");
            assertThat(points).hasSize(readings.size());
            for (int i = 0; i < points.size(); i++) {
                JsonObject reading = readings.getJsonObject(i);
                assertThat(TcxDocuments.number(points.get(i), "HeartRateBpm"))
                        .isEqualTo(reading.getInteger("heartRateBpm"));
                assertThat(TcxDocuments.number(points.get(i), "Cadence")).isEqualTo(reading.getInteger("cadenceRpm"));
                Float power = reading.getFloat("powerW");
                assertThat(TcxDocuments.number(points.get(i), "Watts"))
                        .isEqualTo(power == null ? null : Math.round(power));
                gaps += reading.containsKey("heartRateBpm") ? 0 : 1;
            }
            assertThat(TcxDocuments.number(tcx.getDocumentElement(), "TotalTimeSeconds"))
                    .isEqualTo(ride.getInteger("durationS"));
        }
        assertThat(gaps).as("seconds without a heart rate").isPositive();
    }

    @Test
    void summarisesEndedRides() throws Exception {
        JsonObject ride = rideOf(anyBike(), 0);
        JsonObject summary = api.json("getRideSummary", "ride", ride.getLong("rideId"));
        LedgerRide told = saidOf(anyBike()).getFirst();

        assertThat(summary.getString("status")).isEqualTo("completed");
        assertThat(summary.getJsonObject("power").getDouble("best5sW")).isGreaterThan(0);
        assertThat(summary.getJsonObject("power").getDouble("wattsPerKg")).isGreaterThan(0);
        assertThat(summary.getJsonObject("heartRate").getInteger("measuredS")).isEqualTo((int) told.readings().stream()
                .filter(r -> Objects.requireNonNull(r.heartRateBpm()) > 0)
                .count());
        assertThat(summary.getInteger("movingS")).isLessThanOrEqualTo(summary.getInteger("readings"));
        assertThat(api.refusal(ALL, "getRideSummary", "ride", 1).status()).isEqualTo(404);
        assertThat(api.refusal(ALL, "getRide", "ride", 1).status()).isEqualTo(404);
        assertThat(api.refusal(ALL, "getReadings", "ride", 1).status()).isEqualTo(404);
        assertThat(api.refusal(ALL, "exportTcx", "ride", 1).status()).isEqualTo(404);
    }

    @Test
    void describesRiders() throws Exception {
        List<JsonObject> riders = api.all("listRiders", "limit", 5);
        Set<Long> told = rig.ledger.stream()
                .map(LedgerRide::riderUserId)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(riders.stream().map(r -> r.getLong("riderId"))).containsExactlyElementsOf(told);

        for (long id : told.stream().limit(5).toList()) {
            Rider invented = Rider.invent(
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
            assertThat(detail.getInteger("rides")).isEqualTo(rides.size()).isEqualTo((int) rig.ledger.stream()
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
        assertThat(api.refusal(ALL, "getRider", "rider", 999_999_999).status()).isEqualTo(404);
        assertThat(api.refusal(ALL, "listRidesOfRider", "rider", 999_999_999).status())
                .isEqualTo(404);
    }

    @Test
    void exportsEverythingAboutARider() throws Exception {
        Map<Long, Long> byRider = rig.ledger.stream()
                .filter(r -> r.riderUserId() != null)
                .collect(Collectors.groupingBy(LedgerRide::riderUserId, Collectors.counting()));
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
                .isEqualTo((int) rig.warehouse.count(
                        "SELECT count(*) FROM reading JOIN ride USING (ride_id) WHERE rider_id = " + rider));
        assertThat(alerts).hasSize((int) rig.warehouse.count("SELECT count(*) FROM alert WHERE rider_id = " + rider));
        assertThat(rig.warehouse.count("SELECT count(*) FROM audit WHERE action = 'export_rider'"))
                .isPositive();
    }

    @Test
    void sumsUpADay() throws Exception {
        List<JsonObject> rides = api.all("listRides", "limit", 200);
        for (String period : List.of("day", "week", "month", "year")) {
            JsonObject day = api.json("getDay", "date", "today", "period", period);
            assertThat(day.getInteger("rides")).isEqualTo(rides.size());
            assertThat(day.getInteger("live")).isEqualTo(said.size());
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
                    .isEqualTo((int) rig.warehouse.count("SELECT count(*) FROM alert"));
        }
        assertThat(api.json("getDay", "date", "2020-02-29").getInteger("rides")).isZero();
        assertThat(api.all("listRidesOfDay", "date", "2026-11-24", "limit", 200))
                .isEqualTo(rides);
        for (String noDay : List.of("2021-02-29", "1899-12-31", "3000-01-01", "9999-12-31")) {
            assertThat(api.refusal(ALL, "getDay", "date", noDay).pointer())
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
        Map<Long, Long> ended = api.all("listRides", "state", "ended", "limit", 200).stream()
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
        List<Integer> ended = api.all("listRides", "state", "ended", "limit", 200).stream()
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
                .isEqualTo(saidRides());
    }

    @Test
    void listsAlertsAndTheirHistory() throws Exception {
        List<JsonObject> alerts = api.all("listAlerts", "limit", 2);
        assertThat(alerts).isNotEmpty().hasSize((int) rig.warehouse.count("SELECT count(*) FROM alert"));
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
        assertThat(api.refusal(ALL, "getAlert", "alert", "1-1").status()).isEqualTo(404);
        assertThat(api.refusal(ALL, "getAlert", "alert", "9999999999999999999-1")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void listsBikes() throws Exception {
        List<JsonObject> bikes = api.all("listBikes", "limit", 5);
        assertThat(bikes.stream().map(b -> b.getString("bike"))).containsExactlyElementsOf(said.keySet());
        JsonObject bike = api.json("getBike", "bike", anyBike());
        assertThat(bike.getInteger("rides")).isEqualTo(saidOf(anyBike()).size());
        assertThat(bike.getJsonObject("bike").getLong("liveRideId"))
                .isEqualTo(rideOf(anyBike(), saidOf(anyBike()).size() - 1).getLong("rideId"));
        assertThat(api.refusal(ALL, "getBike", "bike", "none").status()).isEqualTo(404);
    }
}
