package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.bench.BenchReport;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * From the start of a gateway with the role ingest until all open rides are in its memory: {@code -Drecovery.rides} (100,000) of
 * {@code -Drecovery.seconds} (600) each, in {@code -Drecovery.rounds}.
 */
@Tag("bench")
class RecoveryBench {
    private static final int RIDES = Integer.getInteger("recovery.rides", 100_000);
    private static final int SECONDS = Integer.getInteger("recovery.seconds", 600);
    private static final int ROUNDS = Integer.getInteger("recovery.rounds", 5);

    @Test
    void openRidesAreRestored() throws Exception {
        RecoveryRun run = RecoveryRun.filled(RIDES, SECONDS);
        try (BenchReport report = BenchReport.of("recovery", "openRides", "secondsOfARide")) {
            for (int round = 0; round < ROUNDS; round++) {
                report.add(run.measure(List.of("-Xmx4g")));
            }
        }
    }
}
