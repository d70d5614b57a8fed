package com.deloton.gateway.ingest.fleet;

import com.deloton.gateway.bench.BenchReport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The CPU of a live process that reads the fleet topic: {@code -Dfleet.bikes} rides (100,000) with a reading each second,
 * {@code -Dfleet.rounds} of {@code -Dfleet.seconds} (30) each, after {@code -Dfleet.warmup} (60).
 */
@Tag("bench")
class FleetTopicBench {
    private static final int BIKES = Integer.getInteger("fleet.bikes", 100_000);
    private static final int ROUNDS = Integer.getInteger("fleet.rounds", 5);
    private static final int WARM_UP_S = Integer.getInteger("fleet.warmup", 60);
    private static final int SECONDS = Integer.getInteger("fleet.seconds", 30);

    @Test
    void aLiveProcessReadsTheFleet() throws Exception {
        try (FleetTopicRun run = FleetTopicRun.started(BIKES);
                BenchReport report = BenchReport.of("fleet-topic", "bikes")) {
            for (int round = 0; round < ROUNDS; round++) {
                report.add(run.measure(round == 0 ? WARM_UP_S : 0, SECONDS));
            }
        }
    }
}
