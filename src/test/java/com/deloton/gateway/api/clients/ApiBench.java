package com.deloton.gateway.api.clients;

import com.deloton.gateway.bench.BenchReport;
import com.deloton.gateway.testing.Skipped;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a response of the API costs beside the query in it: requests a second and latencies of a gateway in a JVM of its
 * own, with its CPU time a request, against what pgbench gets for the same rows of the same database with prepared statements
 * and as many connections. Gateway, database and clients share this machine's cores. {@code -Dapi.rounds} are the rounds.
 */
@Tag("bench")
class ApiBench {
    private static final ApiRun.Size SIZE = new ApiRun.Size(200_000, 16, Duration.ofSeconds(5), Duration.ofSeconds(10));
    private static final int ROUNDS = Integer.getInteger("api.rounds", 5);

    @TempDir
    Path directory = Path.of("");

    @Test
    void responsesAgainstThePlainQuery() throws Exception {
        if (!Programs.isInstalled("pgbench")) {
            Skipped.test("ApiBench", "pgbench (Debian: apt install postgresql-contrib)");
        }
        try (ApiRun run = ApiRun.started(SIZE, directory);
                BenchReport report = BenchReport.of("api", "request")) {
            for (int round = 0; round < ROUNDS; round++) {
                report.addAll(run.measure());
            }
        }
    }
}
