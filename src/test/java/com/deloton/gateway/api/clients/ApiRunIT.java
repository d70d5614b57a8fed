package com.deloton.gateway.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark of the API works; its times are not checked. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ApiRunIT {
    @TempDir
    Path directory = Path.of("");

    @Test
    void eachRequestIsAnsweredAndComparedWithItsQuery() throws Exception {
        ApiRun.Size size = new ApiRun.Size(200, 2, Duration.ZERO, Duration.ofSeconds(1));
        try (ApiRun run = ApiRun.started(size, directory)) {
            List<JsonObject> rows = run.measure();

            assertThat(rows).hasSize(3).allSatisfy(row -> {
                assertThat(row.getInteger("requests")).isPositive();
                assertThat(row.getDouble("latencyP50Ms")).isPositive();
            });
            if (Programs.isInstalled("pgbench")) {
                assertThat(rows.subList(1, 3))
                        .extracting(row -> row.getDouble("pgbenchPerSecond"))
                        .allSatisfy(perSecond -> assertThat(perSecond).isPositive());
            }
        }
    }
}
