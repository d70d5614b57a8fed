package com.deloton.gateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.deloton.gateway.api.contract.ContractOperation;
import com.deloton.gateway.config.JwtConfig;
import com.deloton.gateway.testing.TestIssuer;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A rider's token against every operation of the contract, with every combination of own, foreign and absent values of the
 * parameters that name a rider, a ride or an alert; a new operation is covered by itself.
 */
class OwnDataIT {
    private static final Who ANN = new Who(4826, 101 * 4096 + 1, "Ann Own");
    private static final Who BEA = new Who(990_017, 700_301 * 4096L + 1, "Branwen Sealed");

    /** Values of a parameter: of the token's rider, of the other rider, and none. */
    private enum Whose {
        OWN,
        FOREIGN,
        ABSENT
    }

    private record Who(long rider, long ride, String name) {
        String value(String parameter) {
            return switch (parameter) {
                case "rider", "riders" -> String.valueOf(rider);
                case "ride", "ids" -> String.valueOf(ride);
                default -> ride + "-5";
            };
        }
    }

    private static final Set<String> NAMING = Set.of("rider", "riders", "ride", "ids", "alert");

    /** Bodies for the operations that take one. */
    private static final Map<String, JsonObject> BODIES = Map.of(
            "setAlertSettings",
            new JsonObject().put("maxBpm", 181).put("optOut", true),
            "answerAlert",
            new JsonObject().put("answer", "sensor_fault"));

    @SuppressWarnings("NullAway.Init")
    private static Warehouse warehouse;

    @SuppressWarnings("NullAway.Init")
    private static WholeApi api;

    @BeforeAll
    static void start() {
        warehouse = Warehouse.fresh();
        warehouse.execute("INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('deloton', 0, 9)");
        warehouse.execute(
                "INSERT INTO bike (bike_serial, first_seen_at, last_seen_at) VALUES ('SN0007', now(), now())");
        warehouse.execute("SELECT ensure_day((now() - interval '1 hour')::date)");
        insert(ANN);
        insert(BEA);
        api = new WholeApi(warehouse);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static void insert(Who who) {
        warehouse.execute("""
                INSERT INTO rider (rider_id, name, email_address, gender, date_of_birth, seen_at)
                VALUES (%1$d, '%3$s', 'rider%1$d@example.com', 'female', '1985-03-01', now());
                INSERT INTO rider_alert_setting (rider_id, max_bpm) VALUES (%1$d, 177);
                INSERT INTO ride (ride_id, source_id, stream_key, rider_id, bike_serial, started_at, gender, status, ended_at,
                    duration_s, moving_s, readings, energy_kj, power_mean_w, heart_rate_measured_s)
                SELECT %2$d, source_id, 'SN0007', %1$d, 'SN0007', now() - interval '1 hour', 'female', 'completed',
                    now() - interval '50 minutes', 60, 60, 60, 6, 120, 60
                FROM ingest_position;
                INSERT INTO ride_series (day, ride_id, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm, resistance,
                    power_w)
                SELECT day, ride_id, 1, started_at, array_agg(500 ORDER BY s), array_agg(120 + s / 6 ORDER BY s),
                    array_agg(70 ORDER BY s), array_agg(40 ORDER BY s), array_agg(150.5 ORDER BY s)
                FROM ride, generate_series(1, 60) s WHERE ride_id = %2$d GROUP BY day, ride_id, started_at;
                INSERT INTO alert (ride_id, first_s, rider_id, first_at, raised_s, raised_at, received_at, raised_bpm, high,
                    min_bpm, max_bpm, severity)
                VALUES (%2$d, 5, %1$d, now(), 7, now(), now(), 190, true, 50, 177, 'warning');
                INSERT INTO alert_transition VALUES (%2$d, 5, 'firing', 7, now(), 190, 177, 190, 'warning')
                """.formatted(who.rider, who.ride, who.name));
    }

    @TestFactory
    Stream<DynamicTest> noOperationShowsOrChangesTheDataOfAnotherRider() {
        return api.operations.stream()
                .filter(operation -> !operation.id().equals("eraseRider"))
                .flatMap(operation -> requests(operation)
                        .map(request -> dynamicTest(operation.id() + " " + request.whose, () -> {
                            List<List<Object>> before = dataOf(BEA);

                            HttpResponse<String> response = request.send();

                            if (isConfinedToOwn(operation, request)) {
                                assertThat(response.statusCode())
                                        .as(response.body())
                                        .isBetween(200, 204);
                                assertThat(response.body())
                                        .doesNotContain(String.valueOf(BEA.rider), String.valueOf(BEA.ride), BEA.name);
                            } else if (operation.isOpenToRiders()) {
                                assertThat(response.statusCode())
                                        .as(response.body())
                                        .isEqualTo(request.whose.containsValue(Whose.FOREIGN) ? 404 : 403);
                                assertThat(response.body()).doesNotContain(BEA.name);
                            } else {
                                assertThat(response.statusCode())
                                        .as(response.body())
                                        .isEqualTo(403);
                            }
                            assertThat(dataOf(BEA)).isEqualTo(before);
                        })));
    }

    /** Whether the request is about the token's rider only: the answer must then be complete. */
    private static boolean isConfinedToOwn(ContractOperation operation, Request request) {
        return operation.isOpenToRiders()
                && !request.whose.containsValue(Whose.FOREIGN)
                && (operation.id().equals("getMe") || request.whose.containsValue(Whose.OWN));
    }

    @TestFactory
    Stream<DynamicTest> anOperationForRidersNamesARiderARideOrAnAlert() {
        return api.operations.stream()
                .filter(ContractOperation::isOpenToRiders)
                .filter(operation -> !operation.id().equals("getMe"))
                .map(operation -> dynamicTest(
                        operation.id(),
                        () -> assertThat(api.parameters(operation))
                                .anySatisfy(parameter ->
                                        assertThat(parameter.getString("name")).isIn("rider", "ride", "alert"))));
    }

    @TestFactory
    Stream<DynamicTest> aTokenThatNamesNoRiderHasAccessToNothing() {
        return api.operations.stream()
                .map(operation -> dynamicTest(operation.id(), () -> {
                    HttpResponse<String> response =
                            send(operation, api.examplePath(operation), api.fixture.issuer.token("self"));

                    assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
                }));
    }

    @TestFactory
    Stream<DynamicTest> noStreamIsOpenToRiders() {
        return api.streams.stream()
                .map(stream -> dynamicTest(stream.path(), () -> {
                    String path = ApiRoutes.PREFIX + stream.path().replace("{ride}", String.valueOf(ANN.ride));

                    assertThat(send("GET", path, api.fixture.issuer.tokenOfRider(ANN.rider))
                                    .statusCode())
                            .isEqualTo(403);
                }));
    }

    @Test
    void aRiderSeesTheOwnNameAndErasesTheOwnDataOnly() {
        Who cat = new Who(5_555, 555, "Cat Leaving");
        insert(cat);
        String token = api.fixture.issuer.tokenOfRider(cat.rider);

        JsonObject me = new JsonObject(send("GET", "/v1/me", token).body());
        assertThat(me.getJsonObject("rider").getString("name")).isEqualTo(cat.name);
        assertThat(send("GET", "/v1/rides/" + cat.ride, token).body()).contains(cat.name);
        assertThat(send("DELETE", "/v1/riders/" + BEA.rider, token).statusCode())
                .isEqualTo(404);
        assertThat(send("DELETE", "/v1/riders/" + cat.rider, token).statusCode())
                .isEqualTo(200);
        assertThat(send("GET", "/v1/me", token).statusCode()).isEqualTo(404);
        assertThat(warehouse.rows("SELECT name FROM rider WHERE rider_id = " + BEA.rider))
                .containsExactly(List.of(BEA.name));
    }

    @Test
    void theScopesOfStaffAreNotConfined() {
        String both = api.fixture.issuer.sign(
                "key-1",
                TestIssuer.claims(Instant.now()).put("scope", "self rides:read").put(JwtConfig.RIDER_CLAIM, ANN.rider));

        assertThat(send("GET", "/v1/rides/" + BEA.ride, both).body()).doesNotContain(BEA.name);
        assertThat(send("GET", "/v1/rides/" + BEA.ride, both).statusCode()).isEqualTo(200);
        assertThat(send("GET", "/v1/riders/" + BEA.rider + "/data", both).statusCode())
                .isEqualTo(404);
        assertThat(send("GET", "/v1/riders/" + ANN.rider + "/data", both).body())
                .contains(ANN.name);
    }

    @Test
    void anAnswerAcknowledgesTheAlertAsTheRiderAndIsKept() {
        Who dee = new Who(6_666, 666, "Dee Answers");
        insert(dee);
        String token = api.fixture.issuer.tokenOfRider(dee.rider);
        String path = "/v1/alerts/666-5/rider-answer";

        JsonObject seen = alert(send("PUT", path, token, new JsonObject().put("answer", "seen")));
        JsonObject sensor = alert(send("PUT", path, token, new JsonObject().put("answer", "sensor_fault")));
        JsonObject again = alert(send("PUT", path, token, new JsonObject().put("answer", "seen")));

        assertThat(seen.containsKey("riderAnswer")).isFalse();
        assertThat(seen.containsKey("acknowledgedBy")).isFalse();
        assertThat(sensor.getString("riderAnswer")).isEqualTo("sensor_fault");
        assertThat(again).isEqualTo(sensor);
        assertThat(sensor.getString("acknowledgedAt")).isEqualTo(seen.getString("acknowledgedAt"));
        assertThat(warehouse.rows(
                        "SELECT count(*) FROM audit WHERE action = 'answer_alert' AND target = 'alert/666-5'"))
                .containsExactly(List.of(2L));
    }

    private static JsonObject alert(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body()).getJsonObject("alert");
    }

    private static List<List<Object>> dataOf(Who who) {
        return warehouse.rows("""
                SELECT to_jsonb(p)::text FROM rider p WHERE rider_id = %1$d
                UNION ALL SELECT to_jsonb(s)::text FROM rider_alert_setting s WHERE rider_id = %1$d
                UNION ALL SELECT to_jsonb(r)::text FROM ride r WHERE rider_id = %1$d
                UNION ALL SELECT to_jsonb(a)::text FROM alert a WHERE rider_id = %1$d
                UNION ALL SELECT count(*)::text FROM ride_series WHERE ride_id = %2$d
                """.formatted(who.rider, who.ride));
    }

    private record Request(ContractOperation operation, String path, Map<String, Whose> whose) {
        HttpResponse<String> send() {
            return OwnDataIT.send(operation, path, api.fixture.issuer.tokenOfRider(ANN.rider));
        }
    }

    /** Every combination; parameters of the path are never absent. */
    private static Stream<Request> requests(ContractOperation operation) {
        List<JsonObject> naming = api.parameters(operation).stream()
                .filter(parameter -> NAMING.contains(parameter.getString("name")))
                .toList();
        List<Map<String, Whose>> combinations = List.of(Map.of());
        for (JsonObject parameter : naming) {
            String name = parameter.getString("name");
            List<Whose> values = parameter.getString("in").equals("path")
                    ? List.of(Whose.OWN, Whose.FOREIGN)
                    : List.of(Whose.values());
            combinations = combinations.stream()
                    .flatMap(known -> values.stream().map(whose -> with(known, name, whose)))
                    .toList();
        }
        return combinations.stream().map(whose -> new Request(operation, path(operation, naming, whose), whose));
    }

    private static Map<String, Whose> with(Map<String, Whose> known, String name, Whose whose) {
        Map<String, Whose> more = new java.util.TreeMap<>(known);
        more.put(name, whose);
        return more;
    }

    private static String path(ContractOperation operation, List<JsonObject> naming, Map<String, Whose> whose) {
        String path = ApiRoutes.PREFIX + operation.path();
        List<String> query = new ArrayList<>();
        for (JsonObject parameter : naming) {
            String name = parameter.getString("name");
            Whose chosen = Objects.requireNonNull(whose.get(name));
            String value = (chosen == Whose.FOREIGN ? BEA : ANN).value(name);
            if (parameter.getString("in").equals("path")) {
                path = path.replace("{" + name + "}", value);
            } else if (chosen != Whose.ABSENT) {
                query.add(name + "=" + value);
            }
        }
        for (JsonObject parameter : api.parameters(operation)) {
            JsonArray examples = parameter.getJsonObject("schema").getJsonArray("examples", new JsonArray().add("1"));
            path = path.replace("{" + parameter.getString("name") + "}", String.valueOf(examples.getValue(0)));
        }
        return query.isEmpty() ? path : path + "?" + String.join("&", query);
    }

    private static HttpResponse<String> send(ContractOperation operation, String path, String token) {
        return operation.hasRequestBody()
                ? send(operation.method(), path, token, BODIES.getOrDefault(operation.id(), new JsonObject()))
                : send(operation.method(), path, token);
    }

    private static HttpResponse<String> send(String method, String path, String token, JsonObject body) {
        return api.fixture.send(request(path, token)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body.encode())));
    }

    private static HttpResponse<String> send(String method, String path, String token) {
        return api.fixture.send(request(path, token).method(method, BodyPublishers.noBody()));
    }

    private static HttpRequest.Builder request(String path, String token) {
        return api.fixture.request(path).header("Authorization", "Bearer " + token);
    }
}
