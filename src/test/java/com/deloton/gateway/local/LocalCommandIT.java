package com.deloton.gateway.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalCommandIT {
    private static final Path DATA = TestServers.freshDirectory();
    private static LocalProcess local;

    @BeforeAll
    static void start() throws Exception {
        local = LocalProcess.fromClasses(DATA);
        local.awaitBanner();
    }

    @AfterAll
    static void stopsAndRemovesItsStatus() throws Exception {
        try (LocalProcess stopping = local) {
            assertThat(stopping.stop()).isZero();
            assertThat(stopping.statusFile()).doesNotExist();
        }
    }

    @Test
    void printsAllAddressesAndNamesTheRunningProcessWhenStartedTwice() throws Exception {
        String banner = local.awaitBanner();
        JsonObject status = local.status();

        assertThat(status.getLong("pid")).isEqualTo(local.pid());
        assertThat(banner)
                .contains("kill " + local.pid())
                .contains("  Dashboard   " + status.getString("dashboard") + "\n")
                .contains("  API         " + status.getString("dashboard") + "/docs\n")
                .contains("  Mailbox     " + status.getString("dashboard") + "/mail\n")
                .contains("  Health      " + status.getString("management") + "/health/ready\n")
                .contains("  Metrics     " + status.getString("management") + "/metrics\n")
                .contains("Starting PostgreSQL ...", "Starting Kafka ...", "Starting the gateway ...")
                .containsPattern("Gateway ready in \\d+\\.\\d s")
                .contains(status.getJsonObject("postgres").getString("url"))
                .contains(status.getJsonObject("kafka").getString("bootstrap") + ", topic deloton")
                .contains("localhost:" + status.getJsonObject("smtp").getInteger("port"))
                .contains("localhost:" + status.getJsonObject("imap").getInteger("port"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(local.statusFile())))
                .isEqualTo("rw-------");

        try (LocalProcess second = LocalProcess.fromClasses(DATA)) {
            assertThat(second.awaitEnd())
                    .isEqualTo(
                            "already running (process %d): %s".formatted(local.pid(), status.getString("dashboard")));
        }
    }

    @Test
    void servesEveryMetricOfTheGrafanaDashboards() throws Exception {
        Set<String> shown = new TreeSet<>();
        try (Stream<Path> dashboards = Files.list(Path.of("ops/grafana/dashboards"))) {
            for (Path dashboard : dashboards.toList()) {
                Pattern.compile("\\b((?:deloton|jvm|process|vertx)_[a-z0-9_]+)\\{")
                        .matcher(Files.readString(dashboard))
                        .results()
                        .forEach(metric -> shown.add(metric.group(1)));
            }
        }

        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest metrics = HttpRequest.newBuilder(
                            URI.create(local.status().getString("management") + "/metrics"))
                    .build();
            // The metrics of a partition exist from its assignment on.
            IngestFixture.awaitTrue(() ->
                    client.send(metrics, BodyHandlers.ofString()).body().contains("\ndeloton_ingest_lag_records{"));
            String served = client.send(metrics, BodyHandlers.ofString()).body();

            assertThat(shown)
                    .hasSizeGreaterThan(40)
                    .allSatisfy(metric -> assertThat(served).containsPattern("(?m)^" + metric + "[{ ]"));
        }
    }

    @Test
    void losesNothingAndLeavesNoDatabaseServerWhenItIsKilled() throws Exception {
        Path data = TestServers.freshDirectory();
        try (LocalProcess killed = LocalProcess.fromClasses(data)) {
            killed.awaitBanner();
            killed.probe().leave("before");
            ProcessHandle orphan = killed.postgres();
            killed.kill();

            try (LocalProcess again = LocalProcess.fromClasses(data)) {
                again.awaitBanner();
                assertThat(orphan.isAlive()).isFalse();
                assertThat(again.probe().rows()).containsExactly("before");
                assertThat(again.probe().records()).containsExactly("before");
                ProcessHandle secondOrphan = again.postgres();
                again.kill();

                secondOrphan.onExit().get(20, TimeUnit.SECONDS);
                assertThat(data.resolve("postgres/data/postmaster.pid")).doesNotExist();
            }
        }
    }
}
