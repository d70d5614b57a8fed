package com.deloton.gateway.ingest.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of the recovery works; its times are not checked. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecoveryRunIT {
    @Test
    void aFewOpenRidesAreRestored() throws Exception {
        JsonObject row = RecoveryRun.filled(200, 60).measure(List.of("-XX:TieredStopAtLevel=1"));

        assertThat(row.getInteger("openRides")).isEqualTo(200);
        assertThat(row.getDouble("restoredRides")).isEqualTo(200);
        assertThat(row.getDouble("secondsUntilRestored")).isPositive();
        assertThat(row.getDouble("gatewayCpuS")).isPositive();
    }
}
