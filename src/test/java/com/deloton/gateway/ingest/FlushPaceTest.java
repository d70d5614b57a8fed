package com.deloton.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlushPaceTest {
    private final FlushPace pace = new FlushPace(Duration.ofSeconds(1), Duration.ofSeconds(15), 200_000);

    @ParameterizedTest
    @CsvSource({"0, 1000", "454, 1000", "1000, 2200", "5000, 11000", "7000, 15000", "1000000, 15000"})
    void theIntervalGrowsWithTheRidesWithinItsBounds(int rides, long millis) {
        assertThat(pace.interval(rides, 4, 4)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"250, 1, 4, 2200", "500, 4, 8, 2200", "1000, 4, 0, 2200", "0, 0, 8, 1000", "2147483647, 1, 64, 15000"})
    void theIntervalIsThatOfTheRidesOfAllPartitionsOfTheTopic(
            int rides, int partitions, int topicPartitions, long millis) {
        assertThat(pace.interval(rides, partitions, topicPartitions)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void aLongerShortestIntervalWins() {
        FlushPace slow = new FlushPace(Duration.ofSeconds(30), Duration.ofSeconds(15), 200_000);

        assertThat(slow.interval(100_000, 4, 4)).isEqualTo(Duration.ofSeconds(30));
        assertThat(slow.longestInterval()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 25000, 200000",
        "1000, 25000, 200000",
        "5000, 100000, 200000",
        "100000, 2000000, 4000000",
        "1000000, 2000000, 4000000"
    })
    void theBufferHoldsTenReadingsOfEachRideAndTwiceAsManyBeforePollingPauses(int rides, int flushAt, int pauseAt) {
        assertThat(pace.isFlushDue(flushAt - 1, 0, rides)).isFalse();
        assertThat(pace.isFlushDue(flushAt, 0, rides)).isTrue();
        assertThat(pace.isFull(pauseAt - 1, 0, rides)).isFalse();
        assertThat(pace.isFull(pauseAt, 0, rides)).isTrue();
        assertThat(pace.isHalfEmpty(pauseAt / 2 + 1, 0, rides)).isFalse();
        assertThat(pace.isHalfEmpty(pauseAt / 2, 0, rides)).isTrue();
    }

    @Test
    void quarantinedBytesAreBoundedForAnyNumberOfRides() {
        assertThat(pace.isFlushDue(25_000, 24_999, 100_000)).isFalse();
        assertThat(pace.isFlushDue(25_000, 25_000, 100_000)).isTrue();
        assertThat(pace.isFull(200_000, 199_999, 100_000)).isFalse();
        assertThat(pace.isFull(200_000, 200_000, 100_000)).isTrue();
        assertThat(pace.isHalfEmpty(200_000, 100_001, 100_000)).isFalse();
        assertThat(pace.isHalfEmpty(200_000, 100_000, 100_000)).isTrue();
    }
}
