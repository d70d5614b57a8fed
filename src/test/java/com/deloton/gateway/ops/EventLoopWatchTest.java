package com.deloton.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventLoopWatchTest {
    private final Lifecycle lifecycle = new Lifecycle();
    private long now;
    private final EventLoopWatch watch = new EventLoopWatch(lifecycle, () -> now);

    @BeforeEach
    void run() {
        lifecycle.run();
    }

    private void beats(Duration time, String... loops) {
        for (long end = now + time.toNanos();
                now < end;
                now += Duration.ofMillis(500).toNanos()) {
            for (String loop : loops) {
                watch.beat(loop);
            }
        }
    }

    @Test
    void aLoopThatIsBlockedForTwoMinutesFailsTheProcess() {
        beats(Duration.ofSeconds(10), "one", "two");
        beats(Duration.ofSeconds(119), "one");
        assertThat(lifecycle.isAlive()).isTrue();

        beats(Duration.ofSeconds(3), "one");
        assertThat(lifecycle.isAlive()).isFalse();
        assertThat(lifecycle.status().getData().getString("reason"))
                .isEqualTo("an event loop has been blocked for 122 s");
    }

    @Test
    void aSuspensionOfTheProcessIsNoBlockedLoop() {
        beats(Duration.ofSeconds(10), "one", "two");
        now += Duration.ofHours(1).toNanos();
        beats(Duration.ofSeconds(4), "one");
        beats(Duration.ofSeconds(10), "one", "two");

        assertThat(lifecycle.isAlive()).isTrue();
    }

    @Test
    void aLoopThatHasLeftIsNotMissed() {
        beats(Duration.ofSeconds(10), "one", "two");
        watch.leave("two");
        beats(Duration.ofMinutes(5), "one");

        assertThat(lifecycle.isAlive()).isTrue();
    }
}
