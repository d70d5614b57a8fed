package com.deloton.gateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.auth.Scope;
import com.deloton.gateway.config.ApiConfig;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiRoutesIT {
    private static final ApiConfig CONFIG =
            new ApiConfig(List.of("https://page.example.com"), 100_000, Duration.ofSeconds(5));

    @SuppressWarnings("NullAway.Init")
    private static HttpApiFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new HttpApiFixture(
                HttpApiFixture.resource("contract.yaml"),
                new EchoOperations()
                        .failing("gone", ApiException.notFound("Ride gone"))
                        .failing("busy", ApiException.conflict("The ride is live."))
                        .failing("odd", ApiException.invalid("/query/to", "must be after from"))
                        .failing("personal", ApiException.missingScope(Scope.RIDERS_READ))
                        .failing("slow", new PgException("cancel", "ERROR", "57014", "secret"))
                        .failing("stopped", new PgException("stop", "FATAL", "57P01", "secret"))
                        .failing("away", new IOException("secret"))
                        .failing("fault", new IllegalStateException("secret"))
                        .failing("thrown", new AssertionError("secret")),
                CONFIG);
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3.0 | 3.0",
                "say%20%22hi%22 | say \"hi\"",
                "a%2Bb | a+b",
                "a+b | a b",
                "100%25 | 100%",
                "a;b=c | a;b=c",
                "true | true",
                "null | null",
                "%7B%22a%22:1%7D | {\"a\":1}",
                "Si%C3%A2n | Siân"
            })
    void textIsDecodedOnceAndStaysText(String given, String understood) {
        assertThat(echo("q=" + given).getString("q")).isEqualTo(understood);
    }

    @Test
    void textMayBeEmpty() {
        assertThat(echo("q=").getString("q")).isEmpty();
    }

    @Test
    void aTimeMayHaveAnOffset() {
        assertThat(echo("at=2026-11-24T12:00:00%2B02:00").getString("at")).isEqualTo("2026-11-24T10:00:00Z");
    }

    @Test
    void elementsOfAListStayText() {
        assertThat(echo("bikes=1,true,SN2").getJsonArray("bikes")).containsExactly("1", "true", "SN2");
    }

    @Test
    void aHeaderIsNotDecoded() {
        assertThat(json(fixture.get("/v1/echo", "X-Trace", "a%2Bb+c")).getString("trace"))
                .isEqualTo("a%2Bb+c");
    }

    @Test
    void defaultsOfTheContractApply() {
        assertThat(echo("").getInteger("limit")).isEqualTo(50);
        assertThat(echo("").getBoolean("live")).isTrue();
        assertThat(echo("live=false&limit=7").getInteger("limit")).isEqualTo(7);
    }

    @Test
    void aWholeNumberIsANumberToo() {
        assertThat(echo("power=5").getDouble("power")).isEqualTo(5);
        assertThat(fixture.put("/v1/rides/7", "application/json", "{\"maxBpm\":180,\"power\":5}")
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=0 | /query/limit",
                "limit=201 | /query/limit",
                "limit=1.0 | /query/limit",
                "limit=x | /query/limit",
                "limit= | /query/limit",
                "limit=99999999999 | /query/limit",
                "limit=99999999999999999999 | /query/limit",
                "limit=1&limit=2 | /query/limit",
                "LIMIT=5 | /query/LIMIT",
                "colour=red | /query/colour",
                "live=yes | /query/live",
                "power=Infinity | /query/power",
                "power=0x10 | /query/power",
                "q=a%00b | /query/q",
                "q=1&q=2 | /query/q",
                "q=12345678901234567890123456789012345678901 | /query/q",
                "at=2026-11-24 | /query/at",
                "at=2026-13-45T00:00:00Z | /query/at",
                "day=2026-02-30 | /query/day",
                "day=24.11.2026 | /query/day",
                "ids=1&ids=x | /query/ids",
                "ids=1&ids=2&ids=3&ids=4 | /query/ids",
                "bikes=a&bikes=b | /query/bikes",
                "q=%zz | /query"
            })
    void whatIsWrongWithAParameterIsSaid(String query, String pointer) {
        HttpResponse<String> response = fixture.get("/v1/echo?" + query.replace("%zz", "%25"));
        if (query.contains("%zz")) {
            response = raw("GET /v1/echo?q=%zz HTTP/1.1");
        }

        assertProblem(response, 400);
        assertThat(pointers(response)).containsExactly(pointer);
    }

    @Test
    void allFaultsAreToldAtOnce() {
        HttpResponse<String> response = fixture.get("/v1/echo?limit=0&live=maybe&day=x&y=1");

        assertThat(pointers(response))
                .containsExactlyInAnyOrder("/query/limit", "/query/live", "/query/day", "/query/y");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"maxBpm\":\"x\"} | /maxBpm",
                "{\"maxBpm\":59} | /maxBpm",
                "{\"maxBpm\":180,\"minBpm\":7} | /minBpm",
                "{} | ''",
                "[] | ''",
                "7 | ''",
                "nonsense | ''",
                "'' | ''",
                "{\"maxBpm\":180,\"note\":\"a\\u0000b\"} | ''",
                "{\"maxBpm\":180,\"note\":\"123456789012345678901\"} | /note"
            })
    void whatIsWrongWithABodyIsSaid(String body, String pointer) {
        HttpResponse<String> response = fixture.put("/v1/rides/7", "application/json", body);

        assertProblem(response, 400);
        assertThat(pointers(response)).containsExactly(pointer);
        assertThat(json(response).getJsonArray("errors")).hasSize(1);
    }

    @Test
    void anUnknownMemberOfABodyIsNamed() {
        HttpResponse<String> response =
                fixture.put("/v1/rides/7", "application/json", "{\"maxBpm\":180,\"colour\":\"red\"}");

        assertProblem(response, 400);
        assertThat(response.body()).contains("colour");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/rides/42 | 42",
                "/v1/7/../rides/42 | 42",
                "/v1/rides/a%2Fb | a/b",
                "/v1/rides/a%20b | a b",
                "/v1/rides/a+b | a+b",
                "/v1/rides/3.0 | 3.0",
                "/v1/rides/100%25 | 100%"
            })
    void routerAndReaderSeeTheSamePath(String path, String ride) {
        assertThat(json(raw("GET " + path + " HTTP/1.1")).getString("ride")).isEqualTo(ride);
    }

    @Test
    void aFixedPathComesBeforeAPlaceholder() {
        assertThat(fixture.get("/v1/rides/latest").body()).isEqualTo("{\"latest\":true}");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/nowhere, 404, ''",
        "GET, /v1, 404, ''",
        "GET, /v1/rides, 404, ''",
        "GET, /v1/rides/7/more, 404, ''",
        "POST, /v1/rides/7, 405, 'DELETE, GET, PUT'",
        "HEAD, /v1/echo, 405, GET",
        "PATCH, /v1/echo, 405, GET"
    })
    void unknownAddressesAndMethodsAreProblems(String method, String path, int status, String allow) {
        HttpResponse<String> response = fixture.send(fixture.authorised(path).method(method, BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("allow").orElse("")).isEqualTo(allow);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource({
        "gone, 404, Ride gone does not exist.",
        "busy, 409, The ride is live.",
        "personal, 403, The token does not have the scope riders:read.",
        "slow, 503, 'The query exceeded its time limit. Narrow the filters, or retry later.'",
        "stopped, 503, The warehouse is unavailable. Retry later.",
        "away, 503, The warehouse is unavailable. Retry later.",
        "fault, 500, 'The request failed. The gateway''s log has the cause under the request id.'",
        "thrown, 500, 'The request failed. The gateway''s log has the cause under the request id.'",
        "wrong, 500, 'The request failed. The gateway''s log has the cause under the request id.'"
    })
    void failuresAreProblemsThatGiveNothingAway(String ride, int status, String detail) {
        HttpResponse<String> response = fixture.get("/v1/rides/" + ride);

        assertProblem(response, status);
        assertThat(new JsonObject(response.body()).getString("detail")).isEqualTo(detail);
        assertThat(response.body()).doesNotContain("secret");
        assertThat(response.headers().firstValue("retry-after").isPresent()).isEqualTo(status == 503);
    }

    @Test
    void aRefusalPointsAtItsReason() {
        HttpResponse<String> response = fixture.get("/v1/rides/odd");

        assertProblem(response, 422);
        assertThat(response.body()).contains("{\"pointer\":\"/query/to\",\"reason\":\"must be after from\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "'', application/json",
        "*/*, application/json",
        "text/csv, text/csv",
        "'text/*;q=0.5, application/json;q=0.1', text/csv",
        "'application/json;q=0, text/csv;q=0.1', text/csv",
        "'text/csv, application/json', application/json"
    })
    void theCallerChoosesTheForm(String accept, String mediaType) {
        HttpResponse<String> response =
                accept.isEmpty() ? fixture.get("/v1/rides/7") : fixture.get("/v1/rides/7", "Accept", accept);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith(mediaType);
    }

    @Test
    void headersWithQuotesAreSent() {
        HttpResponse<String> response = fixture.get("/v1/rides/7", "Accept", "text/csv");

        assertThat(response.headers().firstValue("link")).contains("</v1/x>; rel=\"next\"");
    }

    @Test
    void aFormThatThereIsNotIsRefused() {
        assertProblem(fixture.get("/v1/rides/7", "Accept", "image/png"), 406);
        assertProblem(fixture.get("/v1/rides/7", "Accept", "application/json;q=0"), 406);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/json-patch+json", "application/x-www-form-urlencoded", "x"})
    void aBodyOfAnotherMediaTypeIsRefused(String contentType) {
        assertProblem(fixture.put("/v1/rides/7", contentType, "{\"maxBpm\":180}"), 415);
    }

    @Test
    void aBodyMayNameItsCharset() {
        assertThat(fixture.put("/v1/rides/7", "Application/JSON; charset=utf-8", "{\"maxBpm\":180}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        HttpResponse<String> response = fixture.put("/v1/rides/7", "application/json", " ".repeat(70_000));

        assertProblem(response, 413);
        assertThat(response.headers().firstValue("x-request-id"))
                .contains(json(response).getString("requestId"));
    }

    @Test
    void aRequestLineOrHeadersThatAreTooLongAreRefused() {
        assertProblem(raw("GET /v1/echo?q=" + "x".repeat(5_000) + " HTTP/1.1"), 414);
        assertProblem(raw("GET /v1/echo HTTP/1.1\r\nX-Long: " + "x".repeat(40_000)), 431);
        assertProblem(raw("GET /v1/echo?q= x HTTP/1.1"), 400);
    }

    @Test
    void eachScopeOfAnOperationIsNeeded() {
        HttpRequest.Builder oneScope = fixture.request("/v1/rides/7")
                .header("Authorization", "Bearer " + fixture.issuer.token("rides:read"))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"maxBpm\":180}"));

        HttpResponse<String> response = fixture.send(oneScope);

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains("riders:write");
        assertThat(fixture.put("/v1/rides/7", "application/json", "{\"maxBpm\":180}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void tokensAreAskedForBeforeAnythingElse() {
        assertThat(fixture.send(fixture.request("/v1/echo?limit=0")).statusCode())
                .isEqualTo(401);
        assertThat(fixture.send(fixture.request("/v1/echo").header("Authorization", "Bearer a{b.c.d"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(fixture.send(fixture.request("/v1/echo")
                                .header("Access-Control-Request-Headers", "authorization")
                                .method("OPTIONS", BodyPublishers.noBody()))
                        .statusCode())
                .isIn(401, 405);
    }

    @Test
    void anAnswerThatTheCallerHasIsNotSentAgain() {
        HttpResponse<String> first = fixture.get("/v1/echo?q=x");
        String tag = first.headers().firstValue("etag").orElse("");
        HttpResponse<String> again = fixture.get("/v1/echo?q=x", "If-None-Match", "\"other\", " + tag);

        assertThat(tag).startsWith("W/\"");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers().firstValue("etag")).contains(tag);
        assertThat(first.headers().firstValue("cache-control")).contains("private, no-cache");
        assertThat(fixture.get("/v1/echo?q=y", "If-None-Match", tag).statusCode())
                .isEqualTo(200);
    }

    @Test
    void requestsHaveAnId() {
        HttpResponse<String> own = fixture.get("/v1/echo", "X-Request-Id", "abc-1");
        HttpResponse<String> unsafe = fixture.get("/v1/rides/gone", "X-Request-Id", "a b");

        assertThat(own.headers().firstValue("x-request-id")).contains("abc-1");
        String made = unsafe.headers().firstValue("x-request-id").orElse("");
        assertThat(made).matches("[a-z0-9]+");
        assertThat(json(unsafe).getString("requestId")).isEqualTo(made);
    }

    @Test
    void pagesOfAllowedOriginsMayAsk() {
        HttpResponse<String> preflight = fixture.send(fixture.request("/v1/rides/7")
                .header("Origin", "https://page.example.com")
                .header("Access-Control-Request-Method", "DELETE")
                .header("Access-Control-Request-Headers", "authorization")
                .method("OPTIONS", BodyPublishers.noBody()));
        HttpResponse<String> allowed = fixture.get("/v1/echo", "Origin", "https://page.example.com");
        HttpResponse<String> other = fixture.get("/v1/echo", "Origin", "https://evil.example.com");

        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight
                        .headers()
                        .firstValue("access-control-allow-methods")
                        .orElse(""))
                .contains("DELETE");
        assertThat(allowed.headers().firstValue("access-control-allow-origin")).contains("https://page.example.com");
        assertThat(allowed.headers().firstValue("access-control-expose-headers").orElse(""))
                .contains("RateLimit-Reset");
        assertThat(other.statusCode()).isEqualTo(403);
    }

    @Test
    void answersAreCompressedForThoseWhoAsk() {
        HttpResponse<String> response = fixture.get("/v1/echo?q=x", "Accept-Encoding", "gzip");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("vary").orElse("")).contains("Accept-Encoding");
    }

    @Test
    void whoAsksTooOftenWaits() {
        try (HttpApiFixture strict = new HttpApiFixture(
                HttpApiFixture.resource("contract.yaml"),
                new EchoOperations(),
                new ApiConfig(List.of(), 2, Duration.ofSeconds(5)))) {
            assertThat(strict.get("/v1/echo").headers().firstValue("ratelimit-remaining"))
                    .contains("1");
            strict.get("/v1/echo");
            HttpResponse<String> refused = strict.get("/v1/echo");

            assertProblem(refused, 429);
            assertThat(Integer.parseInt(
                            refused.headers().firstValue("retry-after").orElse("")))
                    .isBetween(1, 60);
            String other = strict.issuer.token("another", new String[] {"rides:read"});
            assertThat(strict.send(strict.request("/v1/echo").header("Authorization", "Bearer " + other))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void doesNotStartIfAnOperationIsUnboundOrUnknown() {
        Operations missing = () -> Map.of("echo", request -> Future.succeededFuture(ApiResponse.noContent()));
        Operations more = () -> {
            Map<String, Operation> all = new TreeMap<>(new EchoOperations().byId());
            all.put("invented", request -> Future.succeededFuture(ApiResponse.noContent()));
            return all;
        };

        assertThatThrownBy(() -> new HttpApiFixture(HttpApiFixture.resource("contract.yaml"), missing, CONFIG))
                .hasMessageContaining("not implemented [deleteRide, getRide, latest, setRide]");
        assertThatThrownBy(() -> new HttpApiFixture(HttpApiFixture.resource("contract.yaml"), more, CONFIG))
                .hasMessageContaining("not in the contract [invented]");
    }

    private static JsonObject echo(String query) {
        return json(fixture.get("/v1/echo" + (query.isEmpty() ? "" : "?" + query)));
    }

    private static JsonObject json(HttpResponse<String> response) {
        return new JsonObject(response.body());
    }

    private static Set<String> pointers(HttpResponse<String> response) {
        var errors = json(response).getJsonArray("errors");
        return IntStream.range(0, errors.size())
                .mapToObj(i -> errors.getJsonObject(i).getString("pointer"))
                .collect(Collectors.toSet());
    }

    private static void assertProblem(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(json(response).getInteger("status")).isEqualTo(status);
    }

    /** For request lines that Java's own client would not send. */
    private static HttpResponse<String> raw(String requestLine) {
        return RawRequest.send(
                fixture.port(),
                requestLine + "\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                        + fixture.issuer.token("rides:read") + "\r\n\r\n");
    }
}
