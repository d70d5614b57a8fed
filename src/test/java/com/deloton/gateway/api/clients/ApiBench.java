package com.deloton.gateway.api.clients;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.Skipped;
import com.deloton.gateway.testing.TestIssuer;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an answer of the API costs beside the query in it: requests a second and latencies of a gateway in a JVM of its
 * own, with its CPU time a request, against what pgbench gets for the same rows of the same database with prepared statements
 * and as many connections. Gateway, database, and whoever asks share this machine's cores.
 */
@Tag("bench")
class ApiBench {
    private static final int RIDES = 200_000;
    private static final int CONNECTIONS = 16;
    private static final int ROUNDS = Integer.getInteger("api.rounds", 3);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration WINDOW = Duration.ofSeconds(10);

    @TempDir
    Path directory = Path.of("");

    private final TestIssuer issuer = TestIssuer.start();
    private final Warehouse warehouse = Warehouse.fresh();

    /** What is asked of either side. */
    private record Question(String name, String sql, Supplier<String> path) {}

    @Test
    void answersAgainstThePlainQuery() throws Exception {
        if (!Programs.isInstalled("pgbench")) {
            Skipped.test("ApiBench", "pgbench (Debian: apt install postgresql-contrib)");
        }
        fill();
        int port = LocalServers.freePort();
        GatewayProcess gateway = GatewayProcess.startOptimised(
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
                        String.valueOf(CONNECTIONS),
                        "DELOTON_API_JWT_ISSUER",
                        TestIssuer.ISSUER,
                        "DELOTON_API_JWT_JWKS_URL",
                        issuer.url()));
        try {
            awaitTrue(() -> GatewayProcess.isReady(port));
            HttpLoad load = new HttpLoad(port, issuer.token("rides:read"), CONNECTIONS);
            List<Question> questions = List.of(
                    new Question("health, for what HTTP alone costs", "", () -> "/health/live"),
                    new Question(
                            "ride by id",
                            "\\set n random(1, %d)\nSELECT * FROM ride WHERE ride_id = :n * 4096 + 1;".formatted(RIDES),
                            () -> "/v1/rides/" + (ThreadLocalRandom.current().nextLong(1, RIDES + 1) * 4096 + 1)),
                    new Question(
                            "list of 50 rides",
                            "SELECT * FROM ride ORDER BY started_at DESC, ride_id DESC LIMIT 51;",
                            () -> "/v1/rides"));
            for (int round = 1; round <= ROUNDS; round++) {
                for (Question question : questions) {
                    compare(round, question, load, gateway);
                }
            }
        } finally {
            gateway.close();
            issuer.close();
        }
    }

    private void compare(int round, Question question, HttpLoad load, GatewayProcess gateway) throws Exception {
        load.run(question.path(), WARM_UP);
        Duration before = gateway.jvm().cpu();
        Measured api = Measured.of(load.run(question.path(), WINDOW), (double) WINDOW.toSeconds());
        double micros = gateway.jvm().cpu().minus(before).toNanos() / 1e3 / (api.perSecond() * WINDOW.toSeconds());
        if (question.sql().isEmpty()) {
            System.out.printf("round %d, %s: %s, %.0f µs of CPU%n", round, question.name(), api, micros);
            return;
        }
        Measured plain = pgbench(question.sql());
        System.out.printf(
                "round %d, %s: %s, %.0f µs of CPU; pgbench %s; ratio %.2f%n",
                round, question.name(), api, micros, plain, api.perSecond() / plain.perSecond());
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
                    FROM generate_series(1, %d) i""".formatted(RIDES));
        warehouse.execute("VACUUM ANALYZE");
    }

    /** Throughput, and quantiles of the latencies in milliseconds. */
    private record Measured(double perSecond, double p50, double p99) {
        static Measured of(long[] micros, double seconds) {
            long[] sorted = micros.clone();
            Arrays.sort(sorted);
            return new Measured(sorted.length / seconds, millis(sorted, 50), millis(sorted, 99));
        }

        private static double millis(long[] sorted, int percent) {
            return sorted[(int) ((long) sorted.length * percent / 100)] / 1_000.0;
        }

        @Override
        public String toString() {
            return "%,.0f/s, p50 %.2f ms, p99 %.2f ms".formatted(perSecond, p50, p99);
        }
    }

    private Measured pgbench(String script) throws Exception {
        Database database = warehouse.database();
        Path file = Files.writeString(directory.resolve("script.sql"), script);
        Process process = new ProcessBuilder(
                        "pgbench",
                        "--no-vacuum",
                        "--protocol=prepared",
                        "--client=" + CONNECTIONS,
                        "--jobs=1",
                        "--time=" + WINDOW.toSeconds(),
                        "--log",
                        "--log-prefix=latencies",
                        "--file=" + file,
                        database.url())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
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
            return Measured.of(micros, (double) WINDOW.toSeconds());
        }
    }
}
