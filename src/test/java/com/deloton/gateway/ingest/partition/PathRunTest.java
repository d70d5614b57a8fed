package com.deloton.gateway.ingest.partition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The benchmark of ingest on one thread works; its times are not checked. */
class PathRunTest {
    @Test
    void everyReadingOfASmallFleetIsCounted() {
        PathRun.Result result = PathRun.of(50, 2, 12);

        assertThat(result.messages()).isEqualTo(50 * 10 * 2);
        assertThat(result.readings()).isEqualTo(50 * 10);
        assertThat(result.acceptNanos()).isPositive();
        assertThat(result.allocatedBytes()).isPositive();
        assertThat(result.json().getInteger("bikes")).isEqualTo(50);
    }
}
