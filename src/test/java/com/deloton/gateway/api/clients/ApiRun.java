package com.deloton.gateway.api.clients;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.bench.PostgresCpu;
import com.deloton.gateway.bench.Quantiles;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.TestIssuer;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A gateway with the role api as a process, on a database with rides, and requests to it in turns with pgbench. */
final class ApiRun implements AutoCloseable {
    private final Size size;
    private final Path directory;
    private final TestIssuer issuer = TestIssuer.start();
    private final Warehouse warehouse = Warehouse.fresh();
    private final PostgresCpu postgres = PostgresCpu.of(warehouse.database());
    private final GatewayProcess gateway;
    private final int port;
    private final HttpLoad load;
    private final List<Question> questions;

    /**
     * How much is measured.
     *
     * @param connections to the gateway and to the database each
     * @param warmUp of each measurement of the gateway
     * @param window whole seconds
     */
    record Size(int rides, int connections, Duration warmUp, Duration window) {}

    /**
     * A request and the query with the same rows.
     *
     * @param sql null for a request that needs no query
     */
    private record Question(String name, @Nullable String sql, Supplier<String> path) {}

    private ApiRun(Size size, Path directory) throws IOException {
        this.size = size;
        this.directory = directory;
        fill();
        port = LocalServers.freePort();
        gateway = GatewayProcess.startOptimised(
                warehouse.database(),
                TestServers.freshTopic(1),
                Map.of(
                        "DELOTON_GATEWAY_ROLES",
                        "api",
                        "DELOTON_HTTP_PORT",
                        String.valueOf(port),
                        "DELOTON_API_REQUESTS_PER_MINUTE",
                        "1000000",
                        "DELOTON_DATABASE_POOL_SIZE",
                        String.valueOf(size.connections()),
                        "DELOTON_API_JWT_ISSUER",
                        TestIssuer.ISSUER,
                        "DELOTON_API_JWT_JWKS_URL",
                        issuer.url()));
        load = new HttpLoad(port, issuer.token("rides:read"), size.connections());
        questions = List.of(
                new Question("health, for the cost of HTTP alone", null, () -> "/health/live"),
                new Question(
                        "ride by id",
                        "\\set n random(1, %d)\nSELECT * FROM ride WHERE ride_id = :n * 4096 + 1;"
                                .formatted(size.rides()),
                        () -> "/v1/rides/" + (ThreadLocalRandom.current().nextLong(1, size.rides() + 1L) * 4096 + 1)),
                new Question(
                        "list of 50 rides",
                        "SELECT * FROM ride ORDER BY started_at DESC, ride_id DESC LIMIT 51;",
                        () -> "/v1/rides"));
    }

    /** @param directory for the files of pgbench */
    static ApiRun started(Size size, Path directory) throws Exception {
        ApiRun run = new ApiRun(size, directory);
        awaitTrue(() -> GatewayProcess.isReady(run.port));
        return run;
    }

    /** Each question once to the gateway and, where it is installed, to pgbench. */
    List<JsonObject> measure() throws Exception {
        List<JsonObject> rows = new ArrayList<>();
        for (Question question : questions) {
            JsonObject row = request(question);
            String sql = question.sql();
            if (sql != null && Programs.isInstalled("pgbench")) {
                Measured plain = pgbench(sql);
                row.put("pgbenchPerSecond", plain.perSecond());
                plain.latenciesMs().putInto(row, "pgbench", "Ms");
                row.put("shareOfPgbench", row.getDouble("requestsPerSecond") / plain.perSecond());
            }
            rows.add(row);
        }
        return rows;
    }

    private JsonObject request(Question question) throws Exception {
        load.run(question.path(), size.warmUp());
        double postgresBefore = postgres.seconds();
        Duration before = gateway.jvm().cpu();
        long[] latencies = load.run(question.path(), size.window());
        Measured api = Measured.of(latencies, size.window());
        JsonObject row = new JsonObject()
                .put("request", question.name())
                .put("requests", latencies.length)
                .put("requestsPerSecond", api.perSecond());
        api.latenciesMs().putInto(row, "latency", "Ms");
        return row.put(
                        "gatewayCpuMicrosPerRequest",
                        gateway.jvm().cpu().minus(before).toNanos() / 1e3 / latencies.length)
                .put("postgresCpuMicrosPerRequest", (postgres.seconds() - postgresBefore) * 1e6 / latencies.length);
    }

    private void fill() {
        warehouse.execute("""
                INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('t', 0, 1);
                INSERT INTO bike SELECT 'SN' || i, now(), now() FROM generate_series(0, 499) i;
                INSERT INTO rider (rider_id, name, gender, date_of_birth, address_city, seen_at)
                    SELECT i, 'Name ' || i, 'female', date '1950-01-01' + i, 'City ' || i %% 400, now()
                    FROM generate_series(1, 10000) i;
                INSERT INTO ride (ride_id, source_id, stream_key, rider_id, bike_serial, started_at, gender, age_years,
                        status, ended_at, duration_s, moving_s, readings, energy_kj, power_mean_w, power_max_w,
                        heart_rate_mean_bpm, heart_rate_max_bpm, heart_rate_measured_s)
                    SELECT i * 4096 + 1, 1, 'SN' || i %% 500, 1 + i * 7 %% 10000, 'SN' || i %% 500,
                        timestamptz '2026-01-01Z' + i * interval '2 minutes', 'female', 15 + i %% 70, 'completed',
                        timestamptz '2026-01-01Z' + i * interval '2 minutes' + interval '520 s',
                        520, 500, 520, 10 + random() * 90, 50 + random() * 200, 300, 120.5, 160, 500
                    FROM generate_series(1, %d) i""".formatted(size.rides()));
        warehouse.execute("VACUUM ANALYZE");
    }

    /** Throughput and latencies. */
    private record Measured(double perSecond, Quantiles latenciesMs) {
        static Measured of(long[] micros, Duration window) {
            return new Measured(
                    micros.length / (window.toNanos() / 1e9),
                    Quantiles.of(Arrays.stream(micros)
                            .mapToDouble(each -> each / 1e3)
                            .toArray()));
        }
    }

    private Measured pgbench(String script) throws Exception {
        Database database = warehouse.database();
        Path file = Files.writeString(directory.resolve("script.sql"), script);
        Process process = new ProcessBuilder(
                        "pgbench",
                        "--no-vacuum",
                        "--protocol=prepared",
                        "--client=" + size.connections(),
                        "--jobs=1",
                        "--time=" + size.window().toSeconds(),
                        "--log",
                        "--log-prefix=latencies",
                        "--file=" + file,
                        database.url())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        try (Stream<Path> files = Files.list(directory)) {
            Path log = files.filter(each -> each.getFileName().toString().startsWith("latencies"))
                    .findFirst()
                    .orElseThrow();
            long[] micros;
            try (Stream<String> lines = Files.lines(log)) {
                micros = lines.mapToLong(line -> Long.parseLong(line.split(" ", 4)[2]))
                        .toArray();
            }
            Files.delete(log);
            return Measured.of(micros, size.window());
        }
    }

    @Override
    public void close() {
        gateway.close();
        issuer.close();
    }
}
