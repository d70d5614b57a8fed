package com.deloton.gateway.dashboard;

import com.deloton.gateway.bench.BenchReport;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * From a reading's acknowledgement by the broker to its text in a page that shows the whole fleet, and how smoothly that
 * page runs. Broker, database, gateway, bikes and browser share this machine. {@code -Ddashboard.rounds} are the rounds.
 */
@Tag("bench")
class DashboardBench {
    private static final int ROUNDS = Integer.getInteger("dashboard.rounds", 5);
    private static final int READINGS = 60;

    @Test
    void fromKafkaToThePage() throws Exception {
        Browsers browsers = Browsers.open();
        try (BenchReport report = BenchReport.of("dashboard", "bikes")) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int bikes : List.of(1_000, 10_000)) {
                    report.add(DashboardRun.of(browsers, bikes, READINGS));
                }
            }
        }
    }
}
