package com.deloton.gateway.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The waits between attempts: each is twice the one before, from {@code first} up to {@code max}, less a random part of
 * up to half, so that gateways do not repeat in step.
 */
public record Backoff(Duration first, Duration max) {
    private static final int MAX_DOUBLINGS = 20;

    /**
     * The wait after an attempt that failed.
     *
     * @param attempt 1 for the first attempt
     */
    public Duration after(int attempt) {
        long doubled = first.toMillis() << Math.clamp(attempt - 1L, 0, MAX_DOUBLINGS);
        long longest = Math.min(doubled, max.toMillis());
        return Duration.ofMillis(longest - ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    }
}
