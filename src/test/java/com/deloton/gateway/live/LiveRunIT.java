package com.deloton.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of the live view works; its times are not checked. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LiveRunIT {
    @Test
    void framesReachOneViewerAndAFew() throws Exception {
        try (LiveRun run = LiveRun.started(20, 5)) {
            JsonObject one = run.oneViewer(Duration.ZERO, Duration.ofSeconds(3));
            JsonObject few = run.manyViewers(5, 3);

            assertThat(one.getInteger("bikes")).isEqualTo(20);
            assertThat(one.getDouble("framesPerSecond")).isPositive();
            assertThat(one.getInteger("readings")).isPositive();
            assertThat(one.getDouble("latencyP50Ms")).isNotNegative();
            assertThat(few.getInteger("viewers")).isEqualTo(5);
            assertThat(few.getInteger("mostFramesOfAViewer")).isPositive();
            assertThat(few.getDouble("leastHeapOfTheLastThirdMb")).isPositive();
        }
    }
}
