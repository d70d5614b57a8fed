package com.deloton.gateway.ops;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Fails the process when one of its event loops has been blocked for two minutes: what runs on it stands still, its checks
 * and timers included, while the other loops answer. Thread-safe.
 */
public final class EventLoopWatch {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration REGULAR = Duration.ofSeconds(2);
    /** After a suspension of the process, each loop gets the time of these beats to run again. */
    private static final int REGULAR_BEATS = 10;

    private final Lifecycle lifecycle;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<Object, Beat> beats = new ConcurrentHashMap<>();

    /** @param regular how many beats before this one came in time */
    private record Beat(long at, int regular) {}

    public EventLoopWatch(Lifecycle lifecycle) {
        this(lifecycle, System::nanoTime);
    }

    EventLoopWatch(Lifecycle lifecycle, LongSupplier nanoTime) {
        this.lifecycle = lifecycle;
        this.nanoTime = nanoTime;
    }

    /** To be called by each loop, every half second. */
    void beat(Object loop) {
        long now = nanoTime.getAsLong();
        @Nullable Beat last = beats.get(loop);
        int regular = last != null && now - last.at() < REGULAR.toNanos() ? last.regular() + 1 : 0;
        beats.put(loop, new Beat(now, regular));
        if (regular < REGULAR_BEATS) {
            return;
        }
        beats.values().forEach(beat -> {
            Duration silence = Duration.ofNanos(now - beat.at());
            if (silence.compareTo(LIMIT) > 0) {
                lifecycle.fail("an event loop has been blocked for %d s".formatted(silence.toSeconds()));
            }
        });
    }

    /** To be called when the loop beats no more. */
    void leave(Object loop) {
        beats.remove(loop);
    }
}
