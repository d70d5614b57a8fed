package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.bench.GatewayMetrics;
import com.deloton.gateway.bench.PostgresCpu;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Open rides in a warehouse, in chunks of 15 readings and 12 partitions, and gateways that restore them. */
final class RecoveryRun {
    private static final int PARTITIONS = 12;

    private final Warehouse warehouse = Warehouse.fresh();
    private final String topic = TestServers.freshTopic(PARTITIONS);
    private final int rides;
    private final int seconds;
    private int starts;

    private RecoveryRun(int rides, int seconds) {
        this.rides = rides;
        this.seconds = seconds;
    }

    /** @param seconds of each ride */
    static RecoveryRun filled(int rides, int seconds) {
        RecoveryRun run = new RecoveryRun(rides, seconds);
        run.fill();
        return run;
    }

    private void fill() {
        warehouse.execute("""
                INSERT INTO ingest_position (topic, partition, next_offset)
                SELECT '%s', n, 0 FROM generate_series(0, %d) n""".formatted(topic, PARTITIONS - 1));
        warehouse.execute("""
                INSERT INTO ride (ride_id, source_id, stream_key, started_at, gender)
                SELECT n * 4096 + source_id, source_id, 'bike-' || n, now() - interval '1 second' * %d, 'unknown'
                FROM generate_series(0, %d) n JOIN ingest_position ON partition = n %% %d""".formatted(seconds, rides - 1, PARTITIONS));
        warehouse.execute("""
                INSERT INTO reading_chunk (ride_id, next_offset, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm,
                    resistance, power_w)
                SELECT ride_id, s, s, started_at, array_fill(0, ARRAY[15]), array_fill(120::smallint, ARRAY[15]),
                    array_fill(80::smallint, ARRAY[15]), array_fill(40::smallint, ARRAY[15]),
                    array_fill(150::real, ARRAY[15])
                FROM ride, generate_series(0, %d, 15) s""".formatted(seconds - 1));
        warehouse.execute("VACUUM ANALYZE");
    }

    /** From the start of a gateway with the role ingest until all open rides are in its memory. */
    JsonObject measure(List<String> flags) throws Exception {
        int port = LocalServers.freePort();
        PostgresCpu postgres = PostgresCpu.of(warehouse.database());
        double postgresBefore = postgres.seconds();
        long begin = System.nanoTime();
        try (GatewayProcess gateway = GatewayProcess.startOptimised(
                warehouse.database(),
                topic,
                Map.of("DELOTON_HTTP_PORT", String.valueOf(port), "DELOTON_KAFKA_GROUP_ID", topic + "-" + ++starts),
                flags)) {
            GatewayMetrics metrics = new GatewayMetrics(port);
            while (!GatewayProcess.isReady(port) || metrics.sum("deloton_ingest_open_rides") < rides) {
                if (!gateway.jvm().isAlive()) {
                    throw new IllegalStateException(
                            "the gateway has ended; " + gateway.jvm().tail());
                }
                LockSupport.parkNanos(50_000_000);
            }
            double duration = (System.nanoTime() - begin) / 1e9;
            return new JsonObject()
                    .put("openRides", rides)
                    .put("secondsOfARide", seconds)
                    .put("restoredRides", metrics.sum("deloton_ingest_open_rides"))
                    .put("secondsUntilRestored", duration)
                    .put("gatewayCpuS", metrics.cpuSeconds())
                    .put("postgresCpuS", postgres.seconds() - postgresBefore);
        }
    }
}
