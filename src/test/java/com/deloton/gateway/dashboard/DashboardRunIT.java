package com.deloton.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The benchmark of the dashboard works; its times are not checked. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SAME_THREAD)
@ResourceLock(Browsers.LOCK)
class DashboardRunIT {
    @Test
    void readingsOfASmallFleetReachThePage() throws Exception {
        JsonObject row = DashboardRun.of(Browsers.open(), 20, 3);

        assertThat(row.getInteger("bikes")).isEqualTo(20);
        assertThat(row.getInteger("readingsSeenSingly")).isBetween(1, 3);
        assertThat(row.getDouble("latencyMaxMs")).isNotNegative();
        assertThat(row.getDouble("framesPerSecond")).isPositive();
    }
}
