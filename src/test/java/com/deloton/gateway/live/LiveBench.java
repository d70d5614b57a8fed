package com.deloton.gateway.live;

import com.deloton.gateway.bench.BenchReport;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the dashboard costs and how late it is: one viewer of 1,000 and of 10,000 bikes, and many viewers, two of whom read
 * nothing. {@code -Dlive.rounds} are the rounds.
 */
@Tag("bench")
class LiveBench {
    private static final int ROUNDS = Integer.getInteger("live.rounds", 5);
    private static final int VIEWERS = 500;

    @Test
    void viewersOfTheFleet() throws Exception {
        try (BenchReport report = BenchReport.of("live", "bikes", "viewers")) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int bikes : List.of(1_000, 10_000)) {
                    try (LiveRun run = LiveRun.started(bikes, 1)) {
                        report.add(run.oneViewer(Duration.ofSeconds(5), Duration.ofSeconds(20)));
                    }
                }
                try (LiveRun run = LiveRun.started(1_000, VIEWERS)) {
                    report.add(run.manyViewers(VIEWERS, 60));
                }
            }
        }
    }
}
