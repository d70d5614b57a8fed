package com.deloton.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.Warehouse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of the throughput works; its times are not checked. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThroughputRunIT {
    @Test
    void aSmallBacklogIsReadThreeTimes() {
        ThroughputRun.Result result = ThroughputRun.filled(50, 5_000).measure(Warehouse.fresh());

        assertThat(result.discarded()).isPositive();
        assertThat(result.tracked()).isPositive();
        assertThat(result.stored()).isPositive();
        assertThat(result.json().getInteger("bikes")).isEqualTo(50);
    }
}
