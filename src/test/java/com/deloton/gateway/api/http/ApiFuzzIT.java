package com.deloton.gateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.api.contract.ContractOperation;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is sent to whichever operation: never a 5xx, and always an answer that the contract has. */
class ApiFuzzIT {
    private static final List<String> ODD = List.of(
            "",
            "0",
            "-1",
            "1",
            "7",
            "3.5",
            "1e9",
            "99999999999999999999",
            "9007199254740991",
            "true",
            "null",
            "NaN",
            "today",
            "2026-11-24",
            "2026-02-30",
            "0000-01-01",
            "9999-12-31",
            "2026",
            "2026-13",
            "2026-11-24T12:00:00Z",
            "2026-11-24T12:00:00+02:00",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "Europe/London",
            "Mars/Olympus",
            "live",
            "ended",
            "-startedAt",
            "female,male",
            "1,2,3",
            "1,,2",
            "1-1",
            "9223372036854775807-999999",
            "'; DROP TABLE ride; --",
            "%",
            "_",
            "\\",
            "\"",
            "a b",
            "é",
            "💥",
            "\u0000",
            "\u0007",
            "x".repeat(600),
            "WyIxIl0",
            "e30",
            "../..",
            "a/b",
            "*");
    private static final List<String> ACCEPTS = List.of(
            "*/*", "application/json", "text/csv", "text/html", "image/png", "application/json;q=0", ";;;", "é");
    private static final List<String> BODIES = List.of(
            "",
            "{}",
            "[]",
            "null",
            "7",
            "{",
            "{\"maxBpm\":175}",
            "{\"maxBpm\":-1}",
            "{\"minBpm\":\"x\"}",
            "{\"maxBpm\":175,\"optOut\":true,\"note\":\"\\u0000\"}",
            "{\"a\":{\"b\":[1,2,{}]}}",
            "[".repeat(2_000));
    private static final Set<Integer> PROBLEMS = Set.of(400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 429);

    @SuppressWarnings("NullAway.Init")
    private static WholeApi api;

    @BeforeContainer
    static void start() {
        api = new WholeApi(Warehouse.fresh());
    }

    @AfterContainer
    static void stop() {
        api.close();
    }

    @Property(tries = 700, shrinking = ShrinkingMode.OFF)
    void anyRequestHasAnAnswerOfTheContract(@ForAll long seed) {
        Random random = new Random(seed);
        ContractOperation operation = api.operations.get(random.nextInt(api.operations.size()));
        HttpRequest.Builder request = request(operation, random);
        HttpResponse<String> response = api.fixture.send(request);

        String what =
                operation.id() + " " + request.build().uri() + ": " + response.statusCode() + " " + response.body();
        assertThat(response.statusCode()).as(what).isLessThan(500);
        if (response.statusCode() >= 400) {
            assertThat(PROBLEMS).as(what).contains(response.statusCode());
            assertThat(response.headers().firstValue("content-type")).as(what).contains("application/problem+json");
            assertThat(new JsonObject(response.body()).getInteger("status"))
                    .as(what)
                    .isEqualTo(response.statusCode());
            assertThat(declares(operation, response.statusCode())).as(what).isTrue();
        }
    }

    private static HttpRequest.Builder request(ContractOperation operation, Random random) {
        String path = ApiRoutes.PREFIX + operation.path();
        List<String> query = new ArrayList<>();
        for (JsonObject parameter : api.parameters(operation)) {
            String name = parameter.getString("name");
            if (parameter.getString("in").equals("path")) {
                path = path.replace("{" + name + "}", encode(notEmpty(value(parameter, random))));
            } else if (random.nextInt(3) == 0) {
                query.add(name + "=" + encode(value(parameter, random)));
            }
        }
        if (random.nextInt(20) == 0) {
            query.add("unknown=1");
        }
        HttpRequest.Builder request =
                api.fixture.request(query.isEmpty() ? path : path + "?" + String.join("&", query));
        if (random.nextInt(20) != 0) {
            request.header("Authorization", "Bearer " + api.fixture.issuer.token(api.allScopes()));
        }
        if (random.nextInt(4) == 0) {
            String accept = ACCEPTS.get(random.nextInt(ACCEPTS.size() - 1));
            request.header("Accept", accept);
        }
        String body = BODIES.get(random.nextInt(BODIES.size()));
        if (operation.hasRequestBody()) {
            request.header("Content-Type", random.nextInt(8) == 0 ? "text/plain" : "application/json");
        }
        return request.method(
                operation.method(),
                operation.hasRequestBody() ? BodyPublishers.ofString(body) : BodyPublishers.noBody());
    }

    /** Half of them as the schema wants them. */
    private static String value(JsonObject parameter, Random random) {
        JsonObject schema = parameter.getJsonObject("schema");
        if (random.nextBoolean()) {
            return ODD.get(random.nextInt(ODD.size()));
        }
        JsonObject one = schema.getJsonObject("items", schema);
        JsonArray choice = one.getJsonArray("enum", one.getJsonArray("examples", schema.getJsonArray("examples")));
        if (choice != null) {
            return String.valueOf(choice.getValue(random.nextInt(choice.size())));
        }
        int least = one.getInteger("minimum", 0);
        int most = (int) Math.min(Integer.MAX_VALUE - 1L, one.getLong("maximum", 100L));
        return one.getString("type", "string").equals("boolean")
                ? String.valueOf(random.nextBoolean())
                : String.valueOf(least + random.nextInt(Math.max(1, most - least)));
    }

    private static boolean declares(ContractOperation operation, int status) {
        JsonObject responses = api.contract
                .getJsonObject("paths")
                .getJsonObject(operation.path())
                .getJsonObject(operation.method().toLowerCase(Locale.ROOT))
                .getJsonObject("responses");
        return responses.containsKey(String.valueOf(status));
    }

    private static String notEmpty(String value) {
        return value.isEmpty() || value.equals("..") || value.equals("../..") ? "x" : value;
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
