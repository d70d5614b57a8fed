package com.deloton.gateway.ingest;

import com.deloton.gateway.bench.BenchReport;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Fleets in real time, each with flushes at most 1 s apart and with the default interval, interleaved over the rounds.
 * {@code -Dfleet.bikes=1000,10000} are their sizes, {@code -Dfleet.variants} other settings to compare, separated by
 * commas, as {@link FleetRun.Load#settings} has them, {@code -Dfleet.simulate} further options of the simulator,
 * {@code -Dfleet.postgres} settings of PostgreSQL, as in {@code "shared_buffers=4GB max_wal_size=16GB"},
 * {@code -Dfleet.processes=1,4} and {@code -Dfleet.partitions=16} the gateways
 * that share a topic and its partitions, {@code -Dfleet.rounds} the rounds, {@code -Dfleet.warmup} and
 * {@code -Dfleet.seconds} the seconds before and of each measurement.
 */
@Tag("bench")
class FleetBench {
    private static final List<Integer> BIKES = numbers("fleet.bikes", "1000,10000");
    private static final List<Integer> PROCESSES = numbers("fleet.processes", "1");
    private static final int PARTITIONS = Integer.getInteger("fleet.partitions", 4);
    private static final List<String> VARIANTS =
            List.of(System.getProperty("fleet.variants", "INGEST_MAX_FLUSH_INTERVAL=1s,INGEST_MAX_FLUSH_INTERVAL=15s")
                    .split(",", -1));
    private static final int ROUNDS = Integer.getInteger("fleet.rounds", 5);
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("fleet.warmup", 60));
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("fleet.seconds", 60));

    private static List<Integer> numbers(String property, String otherwise) {
        return Stream.of(System.getProperty(property, otherwise).split(",", -1))
                .map(Integer::valueOf)
                .toList();
    }

    @Test
    void bikesInRealTime() throws Exception {
        try (BenchReport report = BenchReport.of("fleet", "bikes", "processes", "partitions", "settings")) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int bikes : BIKES) {
                    for (String settings : VARIANTS) {
                        compareProcesses(report, bikes, settings);
                    }
                }
            }
        }
    }

    /** With the CPU for each message as a multiple of that of the first number of processes. */
    private static void compareProcesses(BenchReport report, int bikes, String settings) throws Exception {
        double gateway = 0;
        double both = 0;
        for (int processes : PROCESSES) {
            JsonObject row = FleetRun.of(new FleetRun.Load(bikes, processes, PARTITIONS, settings), WARM_UP, MEASURED);
            double cpu = row.getDouble("gatewayCpuSecondsPerMillion");
            double withPostgres = cpu + row.getDouble("postgresCpuSecondsPerMillion");
            gateway = gateway == 0 ? cpu : gateway;
            both = both == 0 ? withPostgres : both;
            report.add(
                    row.put("gatewayCpuRatio", cpu / gateway).put("gatewayAndPostgresCpuRatio", withPostgres / both));
        }
    }
}
