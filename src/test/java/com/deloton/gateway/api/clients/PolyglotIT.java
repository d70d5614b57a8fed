package com.deloton.gateway.api.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deloton.gateway.api.http.WholeApi;
import com.deloton.gateway.testing.Skipped;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract in the hands of others: linters, generated clients in Java and TypeScript, and a proxy between them and a
 * live gateway that holds both sides to it.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PolyglotIT {
    private static final int FALSE_RIDE = 13;

    @TempDir
    private static Path classes = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private static Warehouse warehouse;

    @SuppressWarnings("NullAway.Init")
    private static WholeApi api;

    @SuppressWarnings("NullAway.Init")
    private static JavaClient javaClient;

    private static @Nullable Prism prism;

    @BeforeAll
    static void start() throws Exception {
        boolean node = NodeTool.isInstallable();
        CompletableFuture<Void> installed = CompletableFuture.completedFuture(null);
        if (node) {
            installed = CompletableFuture.runAsync(NodeTool::install);
        } else {
            Skipped.report("most of PolyglotIT", "node and npm (Debian: apt install nodejs npm)");
        }
        warehouse = WholeApi.someRides();
        api = new WholeApi(warehouse, null, List.of(PolyglotIT::answerFalsely));
        javaClient = JavaClient.compile("java-client", "RideReport", classes);
        installed.join();
        prism = node ? new Prism(gateway()) : null;
    }

    @AfterAll
    static void stop() {
        if (prism != null) {
            prism.close();
        }
        if (api != null) {
            api.close();
        }
    }

    private static String gateway() {
        return "http://127.0.0.1:" + api.fixture.port() + "/v1";
    }

    private static Prism prism() {
        assumeTrue(prism != null, "node and npm are not installed");
        return Objects.requireNonNull(prism);
    }

    private static void answerFalsely(Router router) {
        router.get("/v1/rides/" + FALSE_RIDE)
                .handler(context -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end("{\"rideId\": \"13\"}"));
    }

    @Test
    void theLintersFindNothing() {
        prism();
        try (NodeTool redocly = NodeTool.start("redocly", "lint", "openapi.yaml", "--config", "redocly.yaml");
                NodeTool spectral = NodeTool.start(
                        "spectral", "lint", "openapi.yaml", "--ruleset", "spectral.yaml", "--fail-severity", "hint");
                NodeTool events = NodeTool.start(
                        "spectral",
                        "lint",
                        "asyncapi.yaml",
                        "--ruleset",
                        "spectral-asyncapi.yaml",
                        "--fail-severity",
                        "hint")) {
            assertThat(redocly.output()).contains("Your API description is valid");
            assertThat(spectral.output()).contains("No results");
            assertThat(events.output()).contains("No results");
        }
    }

    @Test
    void aTypeScriptClientAsksEveryOperationAndTheProxyFindsNoViolation() {
        Prism proxy = prism();
        NodeTool.run("openapi-typescript", "openapi.yaml", "--output", "gateway.d.ts");
        NodeTool.run("tsc", "--project", "tsconfig.json");

        String asked = NodeTool.run("node", "build/client.js", proxy.url(), api.fixture.issuer.token(api.allScopes()));
        assertThat(asked.lines().distinct())
                .containsExactlyInAnyOrderElementsOf(api.operations.stream()
                        .map(operation -> operation.method() + " " + operation.path())
                        .toList());
        assertThat(proxy.said()).doesNotContain("Violation");
    }

    @Test
    void anotherTypeScriptClientReadsWhatTheWarehouseHolds() {
        prism();
        NodeTool.run("tsc", "--project", "tsconfig.fetch.json");

        String read = NodeTool.run(
                "node",
                "build/ride_report.js",
                gateway(),
                api.fixture.issuer.token(api.allScopes()),
                api.fixture.issuer.token("ops"));
        assertThat(read.lines()).containsExactlyElementsOf(expectedReport(warehouse));
    }

    @Test
    void aJavaClientWithOkHttpReadsWhatTheWarehouseHolds(@TempDir Path folder) throws Exception {
        assertThat(report(JavaClient.compile("okhttp-client", "OkHttpReport", folder), gateway()))
                .isEqualTo(expectedReport(warehouse));
    }

    @Test
    void aJavaClientReadsWhatTheWarehouseHolds() throws Exception {
        assertThat(report(gateway())).isEqualTo(expectedReport(warehouse));
    }

    @Test
    void aJavaClientIsAnsweredThroughTheProxyWithoutAViolation() throws Exception {
        Prism proxy = prism();

        assertThat(report(proxy.url())).isEqualTo(expectedReport(warehouse));
        assertThat(proxy.said()).doesNotContain("Violation");
    }

    @Test
    void theProxyObjectsToWhatIsNotInTheContract() throws Exception {
        String proxy = prism().url();

        assertThat(get(proxy + "/rides/" + FALSE_RIDE))
                .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(500))
                .satisfies(answer -> assertThat(answer.body()).contains("'startedAt'", "rideId must be integer"));
        assertThat(get(proxy + "/rides?limit=0"))
                .satisfies(request -> assertThat(request.statusCode()).isEqualTo(422))
                .satisfies(request -> assertThat(request.body()).contains("limit"));
    }

    private static HttpResponse<String> get(String url) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .header("Authorization", "Bearer " + api.fixture.issuer.token(api.allScopes()))
                    .build();
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static List<String> report(String url) throws Exception {
        return report(javaClient, url);
    }

    private static List<String> report(JavaClient client, String url) throws Exception {
        return client.report(url, api.fixture.issuer.token(api.allScopes()), api.fixture.issuer.token("ops")).stream()
                .map(String::valueOf)
                .toList();
    }

    /** What every program of {@code src/test/polyglot} reads from {@link WholeApi#someRides}. */
    static List<String> expectedReport(Warehouse warehouse) {
        List<String> expected = new ArrayList<>();
        expected.addAll(texts(warehouse, """
                SELECT format('ride %s of %s: %s, %s s, %s kJ', ride_id, name, status, duration_s,
                    round(energy_kj::numeric, 1))
                FROM ride JOIN rider USING (rider_id) ORDER BY started_at
                """));
        expected.addAll(texts(warehouse, """
                SELECT format('last %s at %s', ride_id, floor(extract(epoch FROM started_at) * 1000)::bigint)
                FROM ride ORDER BY started_at DESC LIMIT 1
                """));
        expected.addAll(texts(warehouse, """
                SELECT format('minute %s: %s bpm, %s W', elapsed_s / 60, round(avg(heart_rate_bpm), 1),
                    round(avg(power_w)::numeric, 1))
                FROM reading GROUP BY elapsed_s / 60 ORDER BY elapsed_s / 60
                """));
        expected.addAll(texts(
                warehouse,
                "SELECT format('rider %s: %s, %s, born %s', rider_id, name, gender, date_of_birth) FROM rider"));
        expected.add("no ride: 404 404 Not Found");
        expected.add("no scope: 403 403 Forbidden");
        assertThat(expected).hasSize(3 + 1 + 9 + 1 + 2);
        return expected;
    }

    private static List<String> texts(Warehouse warehouse, String sql) {
        return warehouse.rows(sql).stream()
                .map(row -> String.valueOf(row.getFirst()))
                .toList();
    }
}
