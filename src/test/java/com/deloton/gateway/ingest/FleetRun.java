package com.deloton.gateway.ingest;

import com.deloton.gateway.local.LocalPostgres;
import com.deloton.gateway.testing.ChildJvm;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Simulated bikes in real time, with gateway (ingest alone), simulator and PostgreSQL (fsync on) as processes; the broker
 * runs in this JVM.
 */
final class FleetRun {
    private static final String TAKEN = "SELECT coalesce(sum(" + Warehouse.STORED_TO + "), 0) FROM ingest_position p";
    private static final String AGE_MS =
            "SELECT coalesce(extract(epoch FROM now() - max(last_record_at)) * 1000, 0)::bigint FROM ingest_position";
    private static final String READINGS_PER_ROW_X100 = """
            SELECT coalesce(round(avg(cardinality(delay_ms)) * 100), 0) FROM reading_chunk
            WHERE cardinality(delay_ms) > 0""";

    private FleetRun() {}

    /**
     * What was measured after the warm-up.
     *
     * @param settings variables of the gateway, without the prefix DELOTON_, and flags of its JVM, which begin with a
     *     hyphen; separated by spaces
     * @param gatewayThreads CPU seconds of the gateway by kind of thread
     * @param maxAgeMs of the newest stored record, the largest of a sample a second
     * @param readingsPerRow mean of the chunk rows of open rides
     */
    record Result(
            int bikes,
            int processes,
            String settings,
            double seconds,
            long messages,
            double gatewayCpu,
            double postgresCpu,
            double simulatorCpu,
            double brokerCpu,
            Map<String, Double> gatewayThreads,
            double readingsPerRow,
            long maxAgeMs) {

        double perMillion(double cpu) {
            return cpu * 1e6 / messages;
        }

        JsonObject json() {
            return new JsonObject()
                    .put("bikes", bikes)
                    .put("processes", processes)
                    .put("settings", settings)
                    .put("seconds", seconds)
                    .put("messages", messages)
                    .put("gatewayCpuSecondsPerMillion", perMillion(gatewayCpu))
                    .put("postgresCpuSecondsPerMillion", perMillion(postgresCpu))
                    .put("simulatorCpuSecondsPerMillion", perMillion(simulatorCpu))
                    .put("brokerCpuSecondsPerMillion", perMillion(brokerCpu))
                    .put("gatewayThreads", threads())
                    .put("readingsPerChunkRow", readingsPerRow)
                    .put("maxAgeOfNewestRecordMs", maxAgeMs);
        }

        /** CPU seconds for each million messages; kinds of thread that take less than a hundredth are left out. */
        private JsonObject threads() {
            JsonObject threads = new JsonObject();
            gatewayThreads.entrySet().stream()
                    .filter(thread -> perMillion(thread.getValue()) >= 0.01)
                    .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                    .forEach(thread ->
                            threads.put(thread.getKey(), Math.round(perMillion(thread.getValue()) * 100) / 100.0));
            return threads;
        }

        @Override
        public String toString() {
            return "| %,d | %d | %s | %,.0f | %.2f | %.2f | %.2f | %.2f | %.1f | %.1f | %s |"
                    .formatted(
                            bikes,
                            processes,
                            settings,
                            messages / seconds,
                            perMillion(gatewayCpu),
                            perMillion(postgresCpu),
                            perMillion(simulatorCpu),
                            perMillion(brokerCpu),
                            readingsPerRow,
                            maxAgeMs / 1e3,
                            threads().encode());
        }
    }

    static final String HEADER = """
            | bikes | processes | settings | messages/s | gateway CPU s/M | PostgreSQL | simulator | broker | readings a row | oldest newest record, s | gateway's threads, CPU s/M |
            |---|---|---|---|---|---|---|---|---|---|---|""";

    /** The heap of a small deployment: in less, garbage collection takes up to a sixth of the CPU with 10,000 open rides. */
    private static final String HEAP = "-Xmx1g";

    /** One gateway and four partitions. */
    static Result of(int bikes, String settings, Duration warmUp, Duration measured) throws Exception {
        return of(bikes, 1, 4, settings, warmUp, measured);
    }

    /** Gateways that share the partitions of the topic. */
    static Result of(int bikes, int processes, int partitions, String settings, Duration warmUp, Duration measured)
            throws Exception {
        Path home = TestServers.freshDirectory();
        String topic = TestServers.freshTopic(partitions);
        try (LocalPostgres postgres =
                LocalPostgres.start(new LocalPostgres.Options(home, TestServers.postgresBinaries(), 0, true))) {
            Database database = new Database(
                    postgres.host(), postgres.port(), LocalPostgres.DATABASE, postgres.user(), postgres.password());
            Warehouse warehouse = Warehouse.in(database);
            try (Gateways gateways = Gateways.start(processes, database, topic, settings);
                    ChildJvm simulator = simulator(topic, bikes)) {
                awaitSome(warehouse);
                TimeUnit.NANOSECONDS.sleep(warmUp.toNanos());
                long server = Long.parseLong(
                        Files.readAllLines(home.resolve("data/postmaster.pid")).getFirst());
                Cpu before = Cpu.now(gateways, simulator, server);
                long taken = warehouse.count(TAKEN);
                long begin = System.nanoTime();
                List<Long> ages = new ArrayList<>();
                try (Connection connection = database.connect();
                        PreparedStatement age = connection.prepareStatement(AGE_MS)) {
                    while (System.nanoTime() - begin < measured.toNanos()) {
                        TimeUnit.SECONDS.sleep(1);
                        ages.add(number(age));
                    }
                }
                Cpu after = Cpu.now(gateways, simulator, server);
                return new Result(
                        bikes,
                        processes,
                        settings,
                        (System.nanoTime() - begin) / 1e9,
                        warehouse.count(TAKEN) - taken,
                        after.gateway - before.gateway,
                        after.postgres - before.postgres,
                        after.simulator - before.simulator,
                        after.broker - before.broker,
                        after.threadsSince(before),
                        warehouse.count(READINGS_PER_ROW_X100) / 100.0,
                        ages.stream().mapToLong(Long::longValue).max().orElse(0));
            }
        }
    }

    private static long number(PreparedStatement query) throws SQLException {
        try (ResultSet result = query.executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }

    /** The processes of one run. */
    private record Gateways(List<GatewayProcess> processes) implements AutoCloseable {
        static Gateways start(int count, Database database, String topic, String settings) throws IOException {
            List<GatewayProcess> processes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                processes.add(GatewayProcess.startOptimised(database, topic, variables(settings), flags(settings)));
            }
            return new Gateways(processes);
        }

        double cpu() {
            return processes.stream()
                    .mapToDouble(process -> seconds(process.jvm().cpu()))
                    .sum();
        }

        Map<String, Double> cpuByThread() throws IOException {
            Map<String, Double> seconds = new HashMap<>();
            for (GatewayProcess process : processes) {
                process.jvm().cpuByThread().forEach((name, cpu) -> seconds.merge(name, cpu, Double::sum));
            }
            return seconds;
        }

        @Override
        public void close() {
            processes.forEach(GatewayProcess::close);
        }
    }

    private static Map<String, String> variables(String settings) {
        Map<String, String> variables = new HashMap<>(Map.of("DELOTON_INGEST_FLUSH_INTERVAL", "1s"));
        for (String setting : settings.split(" ", -1)) {
            if (!setting.startsWith("-")) {
                String[] parts = setting.split("=", 2);
                variables.put("DELOTON_" + parts[0], parts[1]);
            }
        }
        return variables;
    }

    private static List<String> flags(String settings) {
        return Stream.concat(
                        Stream.of(HEAP), Stream.of(settings.split(" ", -1)).filter(setting -> setting.startsWith("-")))
                .toList();
    }

    private static ChildJvm simulator(String topic, int bikes) throws IOException {
        return ChildJvm.start(
                "simulator",
                Map.of(),
                List.of("-Xmx512m"),
                "com.deloton.gateway.Main",
                "simulate",
                "--bootstrap",
                TestServers.kafkaBootstrap(),
                "--topic",
                topic,
                "--bikes",
                String.valueOf(bikes));
    }

    private static void awaitSome(Warehouse warehouse) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (warehouse.count(TAKEN) == 0) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("nothing stored for two minutes");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Seconds of CPU since the start of each process. */
    private record Cpu(double gateway, Map<String, Double> threads, double postgres, double simulator, double broker) {
        private static final double TICKS_PER_SECOND = 100;

        static Cpu now(Gateways gateways, ChildJvm simulator, long postmaster) throws IOException {
            double sessions = ProcessHandle.of(postmaster).stream()
                    .flatMap(ProcessHandle::children)
                    .map(child -> child.info().totalCpuDuration())
                    .flatMap(Optional::stream)
                    .mapToDouble(FleetRun::seconds)
                    .sum();
            return new Cpu(
                    gateways.cpu(),
                    gateways.cpuByThread(),
                    server(postmaster) + sessions,
                    seconds(simulator.cpu()),
                    seconds(ProcessHandle.current().info().totalCpuDuration().orElseThrow()));
        }

        Map<String, Double> threadsSince(Cpu before) {
            Map<String, Double> since = new HashMap<>();
            threads.forEach((name, seconds) -> since.put(name, seconds - before.threads.getOrDefault(name, 0.0)));
            return since;
        }

        /** The server itself and those of its sessions that have ended; see proc(5). */
        private static double server(long pid) throws IOException {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            return fields.subList(11, 15).stream().mapToLong(Long::parseLong).sum() / TICKS_PER_SECOND;
        }
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
