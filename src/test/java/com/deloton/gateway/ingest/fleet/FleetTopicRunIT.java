package com.deloton.gateway.ingest.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of the fleet topic works; its times are not checked. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FleetTopicRunIT {
    @Test
    void aLiveProcessShowsAllRidesOfASmallFleet() throws Exception {
        try (FleetTopicRun run = FleetTopicRun.started(100)) {
            JsonObject row = run.measure(0, 1);

            assertThat(row.getInteger("bikes")).isEqualTo(100);
            assertThat(row.getInteger("ridesShown")).isEqualTo(100);
            assertThat(row.getDouble("liveCpuShareOfACore")).isPositive();
        }
    }
}
