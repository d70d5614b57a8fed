package com.deloton.gateway.ops;

import com.deloton.gateway.bench.BenchReport;
import com.deloton.gateway.testing.Skipped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Time and CPU time from the start of the production jar until it is ready, without and with an AOT cache that was made as in the
 * image. Build the jar first: {@code mvn -q -DskipTests package}. {@code -Dstart.rounds} are the rounds.
 */
@Tag("bench")
class StartBench {
    private static final int ROUNDS = Integer.getInteger("start.rounds", 5);

    @TempDir
    Path directory = Path.of("");

    @Test
    void fromStartToReady() throws Exception {
        if (!Files.exists(StartRun.JAR)) {
            Skipped.test("StartBench", StartRun.JAR + ": mvn -q -DskipTests package");
        }
        try (StartRun run = new StartRun(directory);
                BenchReport report = BenchReport.of("start", "start")) {
            Path cache = run.aotCache();
            for (int round = 0; round < ROUNDS; round++) {
                report.add(run.measure("without a cache", List.of()));
                report.add(run.measure("with an AOT cache", List.of("-XX:AOTCache=" + cache)));
            }
        }
    }
}
