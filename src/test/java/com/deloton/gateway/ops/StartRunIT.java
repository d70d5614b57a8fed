package com.deloton.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.Skipped;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark of the start works; its times are not checked. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartRunIT {
    @TempDir
    Path directory = Path.of("");

    @Test
    void theProductionJarBecomesReady() throws Exception {
        if (!Files.exists(StartRun.JAR)) {
            Skipped.test("StartRunIT", StartRun.JAR + ": mvn -q -DskipTests package");
        }
        try (StartRun run = new StartRun(directory)) {
            JsonObject row = run.measure("without a cache", List.of("-XX:TieredStopAtLevel=1"));

            assertThat(row.getDouble("secondsUntilReady")).isPositive();
            assertThat(row.getDouble("gatewayCpuS")).isPositive();
        }
    }
}
