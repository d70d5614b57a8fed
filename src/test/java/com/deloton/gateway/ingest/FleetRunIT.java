package com.deloton.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of fleets works; its times are not checked. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FleetRunIT {
    @Test
    void aSmallFleetIsMeasured() throws Exception {
        FleetRun.Result result = FleetRun.of(20, "INGEST_MAX_FLUSH_INTERVAL=1s", Duration.ZERO, Duration.ofSeconds(4));

        assertThat(result.messages()).isPositive();
        assertThat(result.gatewayCpu()).isPositive();
        assertThat(result.postgresCpu()).isPositive();
        assertThat(result.json().getInteger("bikes")).isEqualTo(20);
    }
}
