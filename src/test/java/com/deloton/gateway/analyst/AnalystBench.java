package com.deloton.gateway.analyst;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.bench.BenchReport;
import com.deloton.gateway.local.LocalPostgres;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An analyst's questions over {@code -Danalyst.rides} rides of a year, a million if not given, in {@code -Danalyst.rounds}; one
 * question about two days of them is answered by the rides' summaries and, on the same data, by a table with a row for every
 * reading.
 */
@Tag("bench")
class AnalystBench {
    private static final int RIDES = Integer.getInteger("analyst.rides", 1_000_000);
    private static final int ROUNDS = Integer.getInteger("analyst.rounds", 5);
    private static final int RIDERS = 50_000;

    @Test
    void questionsOverAMillionRides() throws SQLException {
        try (LocalPostgres postgres = LocalPostgres.start(new LocalPostgres.Options(
                        TestServers.freshDirectory(), TestServers.postgresBinaries(), 0, true));
                BenchReport report = BenchReport.of("analyst", "question")) {
            AnalystRun run = AnalystRun.filled(Warehouse.in(Database.of(postgres)), RIDES, RIDERS);
            assertThat(run.twoDaysByReading()).isEqualTo(run.twoDaysByRide());
            for (int round = 0; round < ROUNDS; round++) {
                report.addAll(run.questions());
            }
        }
    }
}
