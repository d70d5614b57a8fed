package com.deloton.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class BackoffTest {
    @Property
    void aWaitIsBetweenHalfAndAllOfTheDoubledFirstWaitUpToTheMaximum(
            @ForAll @LongRange(min = 1, max = 60_000) long firstMs,
            @ForAll @LongRange(min = 1, max = 3_600_000) long maxMs,
            @ForAll @IntRange(min = 1, max = 1_000_000) int attempt) {
        Backoff backoff = new Backoff(Duration.ofMillis(firstMs), Duration.ofMillis(maxMs));

        long waitMs = backoff.after(attempt).toMillis();

        double longest = Math.min(firstMs * Math.pow(2, Math.min(attempt - 1, 20)), (double) maxMs);
        assertThat(waitMs).isBetween((long) Math.floor(longest / 2), (long) longest);
    }

    @Property
    void waitsOfManyGatewaysDiffer(@ForAll @IntRange(min = 1, max = 10) int attempt) {
        Backoff backoff = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(10));

        assertThat(java.util.stream.Stream.generate(() -> backoff.after(attempt))
                        .limit(50)
                        .distinct()
                        .count())
                .isGreaterThan(40);
    }
}
