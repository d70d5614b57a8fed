package com.deloton.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class InboundLimitTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void aPageAtTheFastestFrameRateIsNeverLimited() {
        InboundLimit limit = new InboundLimit(0);
        for (int tenth = 1; tenth <= 36_000; tenth++) {
            assertThat(limit.acceptFrame(tenth * SECOND / 10)).isTrue();
        }
    }

    @Property
    void noMoreThanTheBurstAndTheRateAreAccepted(@ForAll @Size(500) List<@IntRange(max = 50) Integer> gapsMs) {
        InboundLimit limit = new InboundLimit(0);
        long now = 0;
        int accepted = 0;
        for (int gap : gapsMs) {
            now += TimeUnit.MILLISECONDS.toNanos(gap);
            accepted += limit.acceptFrame(now) ? 1 : 0;
        }
        assertThat(accepted).isLessThanOrEqualTo((int)
                (InboundLimit.FRAME_BURST + InboundLimit.FRAMES_PER_SECOND * now / SECOND + 1));
    }

    @Test
    void refusalsAreCountedForTheLifeOfTheSocket() {
        InboundLimit limit = new InboundLimit(0);
        for (int i = 0; i < InboundLimit.MAX_REFUSED; i++) {
            assertThat(limit.acceptRefusal()).isTrue();
        }
        assertThat(limit.acceptRefusal()).isFalse();
    }
}
