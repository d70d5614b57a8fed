package com.deloton.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.Skipped;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark of the start works, whose times are not checked, and the start that makes the AOT cache of the image. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartRunIT {
    @TempDir
    Path directory = Path.of("");

    @BeforeEach
    void needsTheJar() {
        if (!Files.exists(StartRun.JAR)) {
            Skipped.test("StartRunIT", StartRun.JAR + ": mvn -q -DskipTests package");
        }
    }

    @Test
    void aStartWithoutServersLoadsTheClassesThatOneWithServersNeeds() throws Exception {
        try (StartRun run = new StartRun(directory)) {
            Path log = run.train(List.of("-XX:TieredStopAtLevel=1", "-Xlog:class+load:stdout"));

            assertThat(log)
                    .content()
                    .containsPattern("loaded [1-9][0-9]{3} classes for the AOT cache")
                    .contains(
                            "com.deloton.gateway.ingest.PollLoop source",
                            "io.vertx.pgclient.impl.PgSocketConnection source",
                            "org.apache.kafka.clients.consumer.KafkaConsumer source")
                    .contains("The gateway failed to start");
        }
    }

    @Test
    void theProductionJarBecomesReady() throws Exception {
        try (StartRun run = new StartRun(directory)) {
            JsonObject row = run.measure("without a cache", List.of("-XX:TieredStopAtLevel=1"));

            assertThat(row.getDouble("secondsUntilReady")).isPositive();
            assertThat(row.getDouble("gatewayCpuS")).isPositive();
        }
    }
}
