package com.deloton.gateway.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.simulate.FleetOptions;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of the alerts works; its times are not checked. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AlertRunIT {
    /** Each of its rides takes 8 seconds and has an alert. */
    private static final FleetOptions FLEET = FleetOptions.defaults()
            .withBikes(30)
            .withAbnormalHeartRate(1)
            .withRideSeconds(60, 60)
            .withPauseSeconds(0, 1)
            .withSpeed(8);

    @Test
    void everyAlertOfASmallFleetIsMailedAndCallsTheWebhook() throws Exception {
        try (AlertRun run = new AlertRun()) {
            JsonObject row = run.measure(FLEET, 0, 8);

            assertThat(row.getInteger("bikes")).isEqualTo(30);
            assertThat(row.getInteger("alerts")).isPositive();
            assertThat(row.getInteger("notDelivered")).isZero();
            assertThat(row.fieldNames()).contains("mailP99Ms", "webhookP99Ms", "killWindowP99Ms");
            assertThat(row.getDouble("gatewayCpuS")).isPositive();
        }
    }
}
