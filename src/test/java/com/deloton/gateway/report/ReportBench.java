package com.deloton.gateway.report;

import com.deloton.gateway.bench.BenchReport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * From the query of a day's figures to the finished documents, for a day of a million readings. {@code -Dreport.messages} are its
 * messages, {@code -Dreport.rounds} the rounds.
 */
@Tag("bench")
class ReportBench {
    private static final int MESSAGES = Integer.getInteger("report.messages", 2_020_000);
    private static final int ROUNDS = Integer.getInteger("report.rounds", 5);

    @Test
    void aDayOfAMillionReadings() throws Exception {
        try (ReportRun run = ReportRun.filled(200, MESSAGES);
                BenchReport report = BenchReport.of("report", "rides")) {
            for (int round = 0; round < ROUNDS; round++) {
                report.add(run.measure());
            }
        }
    }
}
