package com.deloton.gateway.ingest.throughput;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of the throughput works; its times are not checked. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThroughputRunIT {
    private static final String FIGURES = """
            SELECT count(*), count(DISTINCT ride_id), max(elapsed_s), sum(heart_rate_bpm), sum(cadence_rpm),
                sum(resistance), sum(power_w::numeric) FROM\s""";

    @Test
    void aSmallBacklogIsReadFourTimes() throws Exception {
        Warehouse warehouse = Warehouse.fresh();

        JsonObject row = ThroughputRun.filled(50, 5_000, 0).measure(warehouse, 1);

        assertThat(row.getInteger("bikes")).isEqualTo(50);
        assertThat(row.fieldNames())
                .contains("discardedPerSecond", "trackedPerSecond", "copiedPerSecond", "storedPerSecond");
        assertThat(row.getDouble("storedPostgresCpuSecondsPerMillion")).isNotNegative();
        assertThat(warehouse.count("SELECT count(*) FROM reading")).isGreaterThan(2_000);
        assertThat(warehouse.rows(FIGURES + "copied_reading")).isEqualTo(warehouse.rows(FIGURES + "reading"));
        assertThat(warehouse.count("SELECT sum(next_offset) FROM copied_position"))
                .isEqualTo(5_000);
    }
}
