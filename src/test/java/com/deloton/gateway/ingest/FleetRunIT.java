package com.deloton.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of fleets works; its times are not checked. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FleetRunIT {
    @Test
    void aSmallFleetIsMeasuredAndOneOfTwoGatewaysTakesOverFromTheOther() throws Exception {
        FleetRun.Load load = new FleetRun.Load(
                20, 2, 4, "KAFKA_PROPERTIES_SESSION_TIMEOUT_MS=3000 KAFKA_PROPERTIES_HEARTBEAT_INTERVAL_MS=500");

        JsonObject row = FleetRun.of(load, Duration.ZERO, Duration.ofSeconds(3));

        assertThat(row.getInteger("bikes")).isEqualTo(20);
        assertThat(row.getLong("messages")).isPositive();
        assertThat(row.getDouble("gatewayCpuSecondsPerMillion")).isPositive();
        assertThat(row.getDouble("postgresCpuSecondsPerMillion")).isPositive();
        assertThat(row.getDouble("heapAfterGcMb")).isPositive();
        assertThat(row.getInteger("partitionsTakenOverAfterKill")).isPositive();
        assertThat(row.getDouble("takeOverAfterKillP99S")).isPositive();
        assertThat(row.getLong("readingsOfTheTopic")).isPositive();
        assertThat(row.getBoolean("eachReadingStoredOnce")).isTrue();
    }
}
