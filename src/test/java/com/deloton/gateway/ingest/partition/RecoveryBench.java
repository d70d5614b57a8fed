package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * From the start of a gateway with the role ingest until all open rides are in its memory: {@code -Drecovery.rides} (100,000) of
 * {@code -Drecovery.seconds} (600) each, in chunks of 15 readings and 12 partitions.
 */
@Tag("bench")
class RecoveryBench {
    private static final int RIDES = Integer.getInteger("recovery.rides", 100_000);
    private static final int SECONDS = Integer.getInteger("recovery.seconds", 600);
    private static final int ROUNDS = Integer.getInteger("recovery.rounds", 3);
    private static final int PARTITIONS = 12;

    @Test
    void openRidesAreRestored() throws Exception {
        Warehouse warehouse = Warehouse.fresh();
        String topic = TestServers.freshTopic(PARTITIONS);
        fill(warehouse, topic);
        for (int round = 1; round <= ROUNDS; round++) {
            measure(round, warehouse, topic);
        }
    }

    private static void fill(Warehouse warehouse, String topic) {
        warehouse.execute("""
                INSERT INTO ingest_position (topic, partition, next_offset)
                SELECT '%s', n, 0 FROM generate_series(0, %d) n""".formatted(topic, PARTITIONS - 1));
        warehouse.execute("""
                INSERT INTO ride (ride_id, source_id, stream_key, started_at, gender)
                SELECT n * 4096 + source_id, source_id, 'bike-' || n, now() - interval '1 second' * %d, 'unknown'
                FROM generate_series(0, %d) n JOIN ingest_position ON partition = n %% %d""".formatted(SECONDS, RIDES - 1, PARTITIONS));
        warehouse.execute("""
                INSERT INTO reading_chunk (ride_id, next_offset, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm,
                    resistance, power_w)
                SELECT ride_id, s, s, started_at, array_fill(0, ARRAY[15]), array_fill(120::smallint, ARRAY[15]),
                    array_fill(80::smallint, ARRAY[15]), array_fill(40::smallint, ARRAY[15]),
                    array_fill(150::real, ARRAY[15])
                FROM ride, generate_series(0, %d, 15) s""".formatted(SECONDS - 1));
        warehouse.execute("VACUUM ANALYZE");
    }

    private static void measure(int round, Warehouse warehouse, String topic) throws Exception {
        int port = LocalServers.freePort();
        long begin = System.nanoTime();
        GatewayProcess gateway = GatewayProcess.startOptimised(
                warehouse.database(),
                topic,
                Map.of("DELOTON_HTTP_PORT", String.valueOf(port), "DELOTON_KAFKA_GROUP_ID", topic + "-" + round),
                List.of("-Xmx4g"));
        try {
            while (!GatewayProcess.isReady(port) || metric(port, "deloton_ingest_open_rides") < RIDES) {
                LockSupport.parkNanos(50_000_000);
            }
            System.out.printf(
                    "round %d: %,d open rides of %,d s restored %.1f s after the start of the process, %.1f s of its CPU%n",
                    round,
                    RIDES,
                    SECONDS,
                    (System.nanoTime() - begin) / 1e9,
                    metric(port, "process_cpu_time_ns_total") / 1e9);
        } finally {
            gateway.close();
        }
    }

    private static double metric(int port, String name) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String text = client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            Matcher lines = Pattern.compile("^" + name + "(\\{[^}]*})? (\\S+)$", Pattern.MULTILINE)
                    .matcher(text);
            double sum = 0;
            while (lines.find()) {
                sum += Double.parseDouble(lines.group(2));
            }
            return sum;
        }
    }
}
