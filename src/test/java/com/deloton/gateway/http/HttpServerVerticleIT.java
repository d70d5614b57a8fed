package com.deloton.gateway.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.HttpConfig;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.ops.EventLoopLag;
import com.deloton.gateway.ops.EventLoopWatch;
import com.deloton.gateway.ops.Health;
import com.deloton.gateway.ops.Lifecycle;
import com.deloton.gateway.ops.Meters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerVerticleIT {
    private final Meters meters = new Meters("1.2.3");
    private final Vertx vertx = meters.vertx().build();
    private final HealthChecks checks = HealthChecks.create(vertx);
    private final Lifecycle lifecycle = new Lifecycle();
    private final HttpServerVerticle ops = new HttpServerVerticle(
            new HttpConfig("127.0.0.1", 0, "https://ride.example.com"),
            checks,
            lifecycle,
            meters.registry(),
            List.of(HttpServerVerticleIT::feature),
            List.of("https://id.example.com"));
    private final WebClient client = WebClient.create(vertx);

    private static void feature(Router router) {
        router.get("/bikes/:serial").handler(context -> context.end(context.pathParam("serial")));
        router.delete("/bikes/:serial").handler(context -> context.fail(403));
        router.get("/broken").handler(context -> {
            throw new IllegalStateException("secret detail");
        });
    }

    @BeforeEach
    void start() {
        checks.register("gateway", check -> check.complete(lifecycle.status()));
        vertx.deployVerticle(ops).await();
        vertx.deployVerticle(new EventLoopLag(meters.registry(), new EventLoopWatch(new Lifecycle())))
                .await();
        assertThat(get("/bikes/SN-1").statusCode()).isEqualTo(503);
        assertThat(get("/").getHeader("retry-after")).isEqualTo("5");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/started").statusCode()).isEqualTo(503);
        lifecycle.run();
    }

    @AfterEach
    void stop() {
        vertx.close().await();
        meters.close();
    }

    @Test
    void isReadyWhenAllChecksAreUp() {
        checks.register("database", check -> check.complete(Status.OK()));

        HttpResponse<Buffer> response = get("/health/ready");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.getHeader("content-type")).isEqualTo("application/json");
        assertThat(response.bodyAsJsonObject())
                .isEqualTo(new JsonObject()
                        .put("status", "UP")
                        .put(
                                "checks",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("name", "database")
                                                .put("status", "UP"))
                                        .add(new JsonObject()
                                                .put("name", "gateway")
                                                .put("status", "UP")
                                                .put("reason", "running"))));
    }

    @Test
    void saysWhyItIsNotReady() {
        checks.register("stated", check -> check.complete(Status.KO(Health.reason("no space left"))));
        checks.register("failed", check -> check.fail("connection refused"));
        checks.register("silent", 50, check -> {});
        checks.register("group/inner", check -> check.complete(Status.KO()));

        HttpResponse<Buffer> response = get("/health/ready");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(json(response).getString("status")).isEqualTo("DOWN");
        assertThat(json(response).getJsonArray("checks").encode())
                .contains("\"name\":\"stated\",\"status\":\"DOWN\",\"reason\":\"no space left\"")
                .contains("\"name\":\"failed\",\"status\":\"DOWN\",\"reason\":\"connection refused\"")
                .contains("\"name\":\"silent\",\"status\":\"DOWN\",\"reason\":\"timed out\"")
                .contains("\"name\":\"group/inner\",\"status\":\"DOWN\"");
    }

    @Test
    void hasStartedAlsoWithoutADatabase() {
        checks.register("database", check -> check.complete(Status.KO(Health.reason("connection refused"))));

        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/started").statusCode()).isEqualTo(200);
        assertThat(json(get("/health/started")))
                .isEqualTo(new JsonObject().put("status", "UP").put("stage", "RUNNING"));
    }

    @Test
    void isNoLongerReadyButAliveWhileItDrains() {
        lifecycle.drain();
        lifecycle.run();
        lifecycle.fail("too late to matter");

        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/started").statusCode()).isEqualTo(503);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(json(get("/health/live")).getString("stage")).isEqualTo("DRAINING");
    }

    @Test
    void isNeitherReadyNorAliveAfterAFatalFailure() {
        lifecycle.fail("out of memory");
        lifecycle.run();

        assertThat(get("/health/ready").bodyAsString()).contains("out of memory");
        assertThat(get("/health/live").statusCode()).isEqualTo(503);
    }

    @Test
    void showsMetricsForPrometheus() {
        get("/bikes/SN-1");
        get("/bikes/SN-2");

        HttpResponse<Buffer> response = get("/metrics");

        assertThat(response.getHeader("content-type")).startsWith("text/plain; version=0.0.4");
        assertThat(response.bodyAsString())
                .contains("deloton_build_info{version=\"1.2.3\"} 1")
                .contains("jvm_memory_used_bytes{area=\"heap\"")
                .contains("process_uptime_seconds ")
                .contains("deloton_event_loop_lag_seconds_max")
                .containsPattern(
                        "vertx_http_server_response_time_seconds_count\\{[^}]*route=\"/bikes/:serial\"[^}]*} 2")
                .doesNotContain("SN-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//metrics",
                "/metrics/",
                "/%6detrics",
                "/v1/%2e%2e/metrics",
                "/v1/../metrics",
                "/./metrics",
                "//health/ready",
                "/health/ready/",
                "/health/%72eady",
                "/x/../health/live"
            })
    void servesHealthAndMetricsUnderOneSpellingOnly(String path) {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void servesHealthAndMetricsOnAManagementPortOnly() {
        HttpServerVerticle managed = new HttpServerVerticle(
                new HttpConfig(
                        "127.0.0.1",
                        LocalServers.freePort(),
                        "https://ride.example.com",
                        null,
                        new HttpConfig.Management("127.0.0.1", 0)),
                checks,
                lifecycle,
                meters.registry(),
                List.of(HttpServerVerticleIT::feature),
                List.of());
        vertx.deployVerticle(managed).await();
        int port = managed.managementPort();

        assertThat(port).isNotEqualTo(managed.port());
        for (String path : List.of("/health/live", "/health/started", "/health/ready", "/metrics")) {
            assertThat(status(port, path)).isEqualTo(200);
            assertThat(status(managed.port(), path)).isEqualTo(404);
        }
        assertThat(status(managed.port(), "/bikes/SN-1")).isEqualTo(200);
        assertThat(status(port, "/bikes/SN-1")).isEqualTo(404);
    }

    private int status(int port, String path) {
        return client.get(port, "127.0.0.1", path).send().await().statusCode();
    }

    @Test
    void speaksOpenMetricsIfAsked() {
        HttpResponse<Buffer> response = request(HttpMethod.GET, "/metrics")
                .putHeader("accept", "application/openmetrics-text; version=1.0.0")
                .send()
                .await();

        assertThat(response.getHeader("content-type")).startsWith("application/openmetrics-text");
        assertThat(response.bodyAsString()).endsWith("# EOF\n");
    }

    @ParameterizedTest
    @CsvSource({"/, text/html", "/app/main.js, javascript", "/app/css/base.css, text/css", "/favicon.svg, image/svg"})
    void servesThePage(String path, String type) {
        HttpResponse<Buffer> response = get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.getHeader("content-type")).contains(type);
        assertThat(response.getHeader("cache-control")).isEqualTo("no-cache");
    }

    @Test
    void servesNothingBesideThePage() {
        for (String path :
                new String[] {"/app", "/app/", "/../openapi.yaml", "/..%2fopenapi.yaml", "/app/..%2f..%2flogback.xml"
                }) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-cache", "max-age=0"})
    void thePageIsSentOnceOnly(String cacheControl) {
        String tag = get("/app/main.js").getHeader("etag");

        HttpResponse<Buffer> again = request(HttpMethod.GET, "/app/main.js")
                .putHeader("if-none-match", tag)
                .putHeader("cache-control", cacheControl)
                .send()
                .await();

        assertThat(again.statusCode()).isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health/ready", "/metrics", "/nothing", "/broken"})
    void everyResponseCarriesTheSecurityHeaders(String path) {
        HttpResponse<Buffer> response = get(path);

        assertThat(response.getHeader("content-security-policy"))
                .startsWith("default-src 'none'")
                .doesNotContain("unsafe");
        assertThat(response.getHeader("x-content-type-options")).isEqualTo("nosniff");
        assertThat(response.getHeader("strict-transport-security")).isNotNull();
    }

    @Test
    void thePageForReportsRunsNoScriptsAndLoadsNothing() {
        HttpResponse<Buffer> response = get("/app/document.html");

        assertThat(response.getHeader("content-security-policy"))
                .startsWith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
                .contains("frame-ancestors 'self'", "sandbox allow-same-origin")
                .doesNotContain("script", "allow-scripts");
        assertThat(response.getHeader("x-frame-options")).isEqualTo("SAMEORIGIN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health/live", "/health/ready", "/metrics", "/bikes/SN-1"})
    void headIsGetWithoutABody(String path) {
        HttpResponse<Buffer> response = request(HttpMethod.HEAD, path).send().await();

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nothing, 404, Not Found",
        "POST, /nothing, 404, Not Found",
        "GET, /../pom.xml, 404, Not Found",
        "DELETE, /bikes/SN-1, 403, Forbidden",
        "GET, /broken, 500, Internal Server Error",
    })
    void aRefusalIsAProblemDocument(String method, String path, int status, String title) {
        HttpResponse<Buffer> response =
                request(HttpMethod.valueOf(method), path).send().await();

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.getHeader("content-type")).isEqualTo("application/problem+json");
        JsonObject problem = json(response);
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("title")).isEqualTo(title);
        assertThat(problem.getString("type")).isEqualTo("about:blank");
        assertThat(problem.getString("detail")).isNotEmpty().doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /, 'GET, HEAD'",
        "PUT, /health/ready, 'GET, HEAD'",
        "DELETE, /metrics, 'GET, HEAD'",
        "PATCH, /bikes/SN-1, 'DELETE, GET, HEAD'",
    })
    void aWrongMethodIsToldTheRightOnes(String method, String path, String allow) {
        HttpResponse<Buffer> response =
                request(HttpMethod.valueOf(method), path).send().await();

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.getHeader("allow")).isEqualTo(allow);
        assertThat(json(response).getString("detail")).contains(allow);
    }

    private static JsonObject json(HttpResponse<Buffer> response) {
        return requireNonNull(response.bodyAsJsonObject());
    }

    private HttpResponse<Buffer> get(String path) {
        return request(HttpMethod.GET, path).send().await();
    }

    private HttpRequest<Buffer> request(HttpMethod method, String path) {
        return client.request(method, ops.port(), "127.0.0.1", path);
    }
}
