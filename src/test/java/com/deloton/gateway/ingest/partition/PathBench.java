package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.bench.BenchReport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The work of ingest on one thread, without servers, for fleets of different sizes in turns. {@code -Dpath.rounds} are the
 * rounds; the first warms the JVM.
 */
@Tag("bench")
class PathBench {
    private static final int ROUNDS = Integer.getInteger("path.rounds", 5);
    private static final int[] BIKES = {200, 1_000, 10_000, 50_000};
    private static final int MESSAGES = 2_000_000;
    private static final int WARM_UP_S = 10;

    @Test
    void recordsOfAFleetOnOneThread() {
        try (BenchReport report = BenchReport.of("path", "bikes")) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int bikes : BIKES) {
                    int seconds = Math.min(3_000, MESSAGES / 2 / bikes);
                    report.add(PathRun.of(bikes, WARM_UP_S, WARM_UP_S + seconds).json());
                }
            }
        }
    }
}
