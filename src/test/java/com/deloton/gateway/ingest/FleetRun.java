package com.deloton.gateway.ingest;

import com.deloton.gateway.bench.PostgresCpu;
import com.deloton.gateway.bench.Quantiles;
import com.deloton.gateway.bench.TrackedTopic;
import com.deloton.gateway.event.IngestBatch.Measured;
import com.deloton.gateway.local.LocalPostgres;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.testing.ChildJvm;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Simulated bikes in real time, with gateways (ingest alone), simulator and PostgreSQL (fsync on) as processes; the broker
 * runs in this JVM.
 */
final class FleetRun {
    private static final String TAKEN = "SELECT coalesce(sum(" + Warehouse.STORED_TO + "), 0) FROM ingest_position p";
    private static final String AGE_MS =
            "SELECT coalesce(extract(epoch FROM now() - max(last_record_at)) * 1000, 0)::bigint FROM ingest_position";
    private static final String READINGS_PER_ROW_X100 = """
            SELECT coalesce(round(avg(cardinality(delay_ms)) * 100), 0) FROM reading_chunk
            WHERE cardinality(delay_ms) > 0""";
    private static final String STORED = """
            SELECT count(*), count(DISTINCT ride_id * 100000 + elapsed_s), coalesce(sum(heart_rate_bpm), 0)::bigint,
                coalesce(sum(cadence_rpm), 0)::bigint FROM reading""";

    private static final int MAX_COMPARED = 20_000_000;

    /** Seldom, since the gateways take CPU for their metrics. */
    private static final int UNREAD_EVERY_S = 10;

    /** The simulator's producer waits for a batch as one would that forwards the records of many bikes. */
    private static final List<String> SIMULATE = Stream.concat(
                    Stream.of("--property", "linger.ms=50", "--property", "batch.size=131072"),
                    options("fleet.simulate"))
            .toList();

    /** Settings of PostgreSQL in place of its defaults. */
    private static final Map<String, String> POSTGRES = options("fleet.postgres")
            .map(setting -> setting.split("=", 2))
            .collect(Collectors.toUnmodifiableMap(setting -> setting[0], setting -> setting[1]));

    private final Load load;
    private final TrackedTopic topic;
    private final Warehouse warehouse;
    private final PostgresCpu postgres;
    private final JsonObject row;

    /**
     * What is measured.
     *
     * @param processes gateways that share the partitions of the topic
     * @param settings variables of the gateways, without the prefix DELOTON_, and flags of their JVMs, which begin with a
     *     hyphen; separated by spaces
     */
    record Load(int bikes, int processes, int partitions, String settings) {}

    private static Stream<String> options(String property) {
        return Stream.of(System.getProperty(property, "").split(" ", -1)).filter(option -> !option.isEmpty());
    }

    private FleetRun(Load load, Database database) {
        this.load = load;
        topic = new TrackedTopic(TestServers.freshTopic(load.partitions()), load.partitions());
        warehouse = Warehouse.in(database);
        postgres = PostgresCpu.of(database);
        row = new JsonObject()
                .put("bikes", load.bikes())
                .put("processes", load.processes())
                .put("partitions", load.partitions())
                .put("settings", load.settings());
    }

    /**
     * Measures after the warm-up. Of several gateways one is then stopped, if two are left, and one killed. At last the
     * readings in the warehouse are compared with those of the topic.
     */
    static JsonObject of(Load load, Duration warmUp, Duration measured) throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start(new LocalPostgres.Options(
                TestServers.freshDirectory(), TestServers.postgresBinaries(), 0, true, POSTGRES))) {
            FleetRun run = new FleetRun(load, Database.of(postgres));
            try (FleetGateways gateways = FleetGateways.start(load, run.warehouse.database(), run.topic.name());
                    ChildJvm simulator = simulator(run.topic.name(), load.bikes())) {
                run.awaitSome();
                TimeUnit.NANOSECONDS.sleep(warmUp.toNanos());
                run.measure(gateways, simulator, measured);
                run.endGateways(gateways);
                simulator.kill();
                run.compareWithTopic();
            }
            return run.row;
        }
    }

    private void awaitSome() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (warehouse.count(TAKEN) == 0) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("nothing stored for two minutes");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void measure(FleetGateways gateways, ChildJvm simulator, Duration measured) throws Exception {
        Map<String, Double> threads = gateways.cpuByThread();
        double flushes = gateways.metric("deloton_ingest_flush_seconds_count");
        double flushSeconds = gateways.metric("deloton_ingest_flush_seconds_sum");
        Cpu before = cpu(gateways, simulator);
        long taken = warehouse.count(TAKEN);
        long begin = System.nanoTime();
        long maxAgeMs = 0;
        double maxUnread = 0;
        try (Connection connection = warehouse.database().connect();
                PreparedStatement age = connection.prepareStatement(AGE_MS)) {
            for (int second = 1; System.nanoTime() - begin < measured.toNanos(); second++) {
                TimeUnit.SECONDS.sleep(1);
                maxAgeMs = Math.max(maxAgeMs, number(age));
                if (second % UNREAD_EVERY_S == 0) {
                    maxUnread = Math.max(maxUnread, gateways.metric("deloton_ingest_unread_records"));
                }
            }
        }
        Cpu after = cpu(gateways, simulator);
        double seconds = (System.nanoTime() - begin) / 1e9;
        long messages = warehouse.count(TAKEN) - taken;
        double million = messages / 1e6;
        row.put("messages", messages)
                .put("messagesPerSecond", messages / seconds)
                .put("gatewayCpuSecondsPerMillion", (after.gateway - before.gateway) / million)
                .put("postgresCpuSecondsPerMillion", (after.postgres - before.postgres) / million)
                .put("simulatorCpuSecondsPerMillion", (after.simulator - before.simulator) / million)
                .put("brokerCpuSecondsPerMillion", (after.broker - before.broker) / million)
                .put("readingsPerChunkRow", warehouse.count(READINGS_PER_ROW_X100) / 100.0)
                .put("maxAgeOfNewestRecordS", maxAgeMs / 1e3)
                .put(
                        "flushMeanMs",
                        (gateways.metric("deloton_ingest_flush_seconds_sum") - flushSeconds)
                                * 1_000
                                / Math.max(1, gateways.metric("deloton_ingest_flush_seconds_count") - flushes))
                .put("maxLagS", maxUnread * seconds / messages)
                .put("gatewayThreads", perMillion(gateways.cpuByThread(), threads, million))
                .put("heapAfterGcMb", gateways.heapAfterGc() / 1e6);
    }

    private static long number(PreparedStatement query) throws SQLException {
        try (ResultSet result = query.executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }

    /** CPU seconds for each million messages; kinds of thread that take less than a hundredth are left out. */
    private static JsonObject perMillion(Map<String, Double> after, Map<String, Double> before, double million) {
        JsonObject threads = new JsonObject();
        after.entrySet().stream()
                .map(thread -> Map.entry(
                        thread.getKey(), (thread.getValue() - before.getOrDefault(thread.getKey(), 0.0)) / million))
                .filter(thread -> thread.getValue() >= 0.01)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(thread -> threads.put(thread.getKey(), Math.round(thread.getValue() * 100) / 100.0));
        return threads;
    }

    private void endGateways(FleetGateways gateways) throws Exception {
        if (load.processes() > 2) {
            GatewayProcess stopped = gateways.removeLast();
            putTakeOver("Stop", gateways, stopped::stop);
        }
        if (load.processes() > 1) {
            GatewayProcess killed = gateways.removeLast();
            putTakeOver("Kill", gateways, killed::kill);
        }
    }

    private void putTakeOver(String how, FleetGateways others, TakeOver.End end) throws Exception {
        List<Double> seconds = TakeOver.seconds(
                topic,
                warehouse,
                others.jvms(),
                load.partitions() / (others.jvms().size() + 1),
                end);
        row.put("partitionsTakenOverAfter" + how, seconds.size());
        Quantiles.of(seconds).putInto(row, "takeOverAfter" + how, "S");
    }

    /** Waits until the warehouse has all records of the topic. Too many are not compared. */
    private void compareWithTopic() {
        long messages =
                topic.ends().values().stream().mapToLong(Long::longValue).sum();
        if (messages > MAX_COMPARED) {
            return;
        }
        warehouse.awaitRecords(topic.name(), messages, Duration.ofMinutes(2));
        long[] expected = new long[3];
        topic.track(
                messages,
                (records, events) -> events.forEach(event -> {
                    if (event instanceof Measured measured) {
                        Reading reading = measured.reading();
                        expected[0]++;
                        expected[1] += reading.heartRateBpm();
                        expected[2] += Math.max(0, reading.cadenceRpm());
                    }
                }));
        List<Object> stored = warehouse.rows(STORED).getFirst();
        row.put("readingsOfTheTopic", expected[0])
                .put(
                        "eachReadingStoredOnce",
                        stored.equals(List.of(expected[0], expected[0], expected[1], expected[2])));
    }

    private static ChildJvm simulator(String topic, int bikes) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "simulate",
                "--bootstrap",
                TestServers.kafkaBootstrap(),
                "--topic",
                topic,
                "--bikes",
                String.valueOf(bikes)));
        arguments.addAll(SIMULATE);
        return ChildJvm.start(
                "simulator", Map.of(), List.of("-Xmx2g"), "com.deloton.gateway.Main", arguments.toArray(String[]::new));
    }

    /** Seconds of CPU since the start of each process. */
    private record Cpu(double gateway, double postgres, double simulator, double broker) {}

    private Cpu cpu(FleetGateways gateways, ChildJvm simulator) {
        return new Cpu(
                gateways.cpu(),
                postgres.seconds(),
                seconds(simulator.cpu()),
                seconds(ProcessHandle.current().info().totalCpuDuration().orElseThrow()));
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
