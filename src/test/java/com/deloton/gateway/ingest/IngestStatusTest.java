package com.deloton.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IngestStatusTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long NOW = Duration.ofSeconds(100).toNanos();

    private static String stalled(Map<Integer, Long> lag, int zeroStoredS, int oneStoredS) {
        return String.valueOf(IngestStatus.stalled(
                lag,
                Map.of(
                        0, Duration.ofSeconds(zeroStoredS).toNanos(),
                        1, Duration.ofSeconds(oneStoredS).toNanos()),
                NOW,
                LIMIT));
    }

    @Test
    void onePartitionThatStandsStillIsNamedThoughAnotherIsStored() {
        assertThat(stalled(Map.of(0, 5L, 1, 7L), 99, 20))
                .isEqualTo("no record of partition 1 stored for 80 s though 7 wait");
    }

    @Test
    void aPartitionWithoutWaitingRecordsMayBeQuiet() {
        assertThat(stalled(Map.of(0, 5L, 1, 0L), 99, 20)).isEqualTo("null");
        assertThat(stalled(Map.of(0, 5L), 99, 20)).isEqualTo("null");
    }

    @Test
    void recordsMayWaitForTheLimit() {
        assertThat(stalled(Map.of(0, 5L, 1, 7L), 99, 40)).isEqualTo("null");
    }
}
