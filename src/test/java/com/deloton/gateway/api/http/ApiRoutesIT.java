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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-24T12:00:00%2B02:00",
                "2026-11-24T12:00:00%2B0200",
                "2026-11-24T12:00:00+02:00",
                "2026-11-24t10:00:00z",
                "2026-11-24T10:00:00.000000%2B0000",
                "2026-11-24T09:00:00-0100"
            })
    void aTimeMayHaveAnyOffset(String time) {
        assertThat(echo("at=" + time).getString("at")).isEqualTo("2026-11-24T10:00:00Z");
    }

    @Test
    void aDateIsATimeToo() {
        assertThat(echo("at=2026-11-24").getString("at")).isEqualTo("2026-11-24T00:00:00Z");
        assertThat(echo("at=yesterday").getString("at")).endsWith("T00:00:00Z");
    }

    @Test
    void aTimeWithoutOffsetIsExplained() {
        HttpResponse<String> response = fixture.get("/v1/echo?at=2026-11-24T12:00:00&limt=5&limit=0");

        assertProblem(response, 400);
        assertThat(json(response).getString("detail")).isEqualTo("The request does not match the contract.");
        assertThat(json(response).getJsonArray("errors"))
                .containsExactlyInAnyOrder(
                        violation(
                                "/query/at",
                                "'2026-11-24T12:00:00' is not valid; expected an RFC 3339 time with an offset, a date"
                                        + " YYYY-MM-DD, today or yesterday, for example 2026-11-24T10:15:30Z"),
                        violation("/query/limt", "is not a parameter of this operation; did you mean 'limit'?"),
                        violation(
                                "/query/limit",
                                "'0' is not valid; expected a whole number from 1 to 200, for example 50"));
    }

    private static JsonObject violation(String pointer, String reason) {
        return new JsonObject().put("pointer", pointer).put("reason", reason);
    }

    @Test
    void elementsOfAListAreRepeatedOrSeparatedByCommas() {
        assertThat(echo("bikes=1&bikes=2,3").getJsonArray("bikes")).containsExactly("1", "2", "3");
        assertThat(echo("ids=1,2&ids=3").getInteger("limit")).isEqualTo(50);
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
                "limit=1.5 | /query/limit",
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
                "at=2026-11-24T12:00:00 | /query/at",
                "at=tomorrow | /query/at",
                "at=2026-11-24T12:00 | /query/at",
                "q=%C3%28 | /query",
                "q=%ff | /query",
                "at=2026-13-45T00:00:00Z | /query/at",
                "day=2026-02-30 | /query/day",
                "day=24.11.2026 | /query/day",
                "ids=1&ids=x | /query/ids",
                "ids=1&ids=2&ids=3&ids=4 | /query/ids",
                "bikes=a,b&bikes=c,d | /query/bikes",
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
    void aWholeNumberMayHaveAFractionOfZero() {
        assertThat(fixture.get("/v1/echo?limit=7.0&ids=1.00,2").body()).contains("\"limit\":7,");
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
        "GET, /v1/rides, 404, ''",
        "GET, /v1/rides/7/more, 404, ''",
        "POST, /v1/rides/7, 405, 'DELETE, GET, HEAD, PUT'",
        "POST, /v1, 405, 'GET, HEAD'",
        "PATCH, /v1/echo, 405, 'GET, HEAD'"
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
        "'text/csv, application/json', application/json",
        "application/problem+json, application/json",
        "'application/*;q=0.1, text/csv', text/csv"
    })
    void theCallerChoosesTheForm(String accept, String mediaType) {
        HttpResponse<String> response =
                accept.isEmpty() ? fixture.get("/v1/rides/7") : fixture.get("/v1/rides/7", "Accept", accept);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith(mediaType);
    }

    @Test
    void headIsGetWithoutABody() {
        HttpResponse<String> head =
                fixture.send(fixture.authorised("/v1/echo?q=x").method("HEAD", BodyPublishers.noBody()));
        HttpResponse<String> get = fixture.get("/v1/echo?q=x");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("etag")).isEqualTo(get.headers().firstValue("etag"));
        assertThat(head.headers().firstValue("content-length"))
                .contains(String.valueOf(get.body().length()));
    }

    @Test
    void optionsAnswersWithTheMethods() {
        HttpResponse<String> response =
                fixture.send(fixture.request("/v1/rides/7").method("OPTIONS", BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue("allow")).contains("DELETE, GET, HEAD, OPTIONS, PUT");
    }

    @Test
    void theRootListsTheCollections() {
        JsonObject root = json(fixture.send(fixture.request("/v1").GET()));

        assertThat(root.getJsonArray("resources"))
                .contains(new JsonObject().put("name", "echo").put("href", "/v1/echo"));
        assertThat(root.getString("contract")).isEqualTo("/openapi.yaml");
    }

    @Test
    void severalLinesOfAListHeaderAreOneList() {
        HttpResponse<String> csv = raw("GET /v1/rides/7 HTTP/1.1\r\nAccept: image/png\r\nAccept: text/csv");
        String tag = fixture.get("/v1/echo?q=x").headers().firstValue("etag").orElse("");
        HttpResponse<String> unchanged =
                raw("GET /v1/echo?q=x HTTP/1.1\r\nIf-None-Match: \"other\"\r\nIf-None-Match: " + tag);

        assertThat(csv.headers().firstValue("content-type").orElse("")).startsWith("text/csv");
        assertThat(unchanged.statusCode()).isEqualTo(304);
    }

    @Test
    void gzipOfWeightZeroIsNotUsed() {
        HttpResponse<String> response = fixture.get("/v1/echo?q=" + "x".repeat(40), "Accept-Encoding", "gzip;q=0");

        assertThat(response.headers().firstValue("content-encoding")).isEmpty();
    }

    @Test
    void aCompressedBodyIsRefused() {
        HttpResponse<String> response = fixture.send(fixture.authorised("/v1/rides/7")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .PUT(BodyPublishers.ofString("{\"maxBpm\":180}")));

        assertProblem(response, 415);
        assertThat(response.headers().firstValue("accept-encoding")).contains("identity");
    }

    @Test
    void anIntegerMayHaveAFractionOfZero() {
        assertThat(fixture.put("/v1/rides/7", "application/json", "{\"maxBpm\":181.0}")
                        .statusCode())
                .isEqualTo(200);
        assertProblem(fixture.put("/v1/rides/7", "application/json", "{\"maxBpm\":181.5}"), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: y",
                "Authorization: Bearer x",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"
            })
    void ambiguousRequestsAreRefused(String header) {
        assertProblem(raw("GET /v1/echo HTTP/1.1\r\n" + header), 400);
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
                        .headers()
                        .firstValue("allow"))
                .contains("GET, HEAD, OPTIONS");
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
        assertThat(allowed.headers().allValues("vary")).contains("Origin");
        assertThat(other.statusCode()).isEqualTo(403);
    }

    @Test
    void pagesOfTheGatewayItselfMayAlwaysAsk() {
        for (String origin : List.of("https://ride.example.com", "http://127.0.0.1:" + fixture.port())) {
            HttpResponse<String> response = fixture.send(fixture.authorised("/v1/rides/7")
                    .header("Content-Type", "application/json")
                    .header("Origin", origin)
                    .PUT(BodyPublishers.ofString("{\"maxBpm\":180}")));

            assertThat(response.statusCode()).as(origin).isEqualTo(200);
        }
        assertThat(fixture.get("/v1/echo", "Origin", "null").statusCode()).isEqualTo(403);
        assertThat(fixture.get("/v1/echo", "Origin", "http://127.0.0.1:1").statusCode())
                .isEqualTo(403);
    }

    @Test
    void answersAreCompressedForThoseWhoAsk() {
        HttpResponse<String> response = fixture.get("/v1/echo?q=x", "Accept-Encoding", "gzip");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(String.join(", ", response.headers().allValues("vary"))).contains("Accept-Encoding", "Origin");
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
