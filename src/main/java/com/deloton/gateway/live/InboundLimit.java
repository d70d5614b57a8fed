package com.deloton.gateway.live;

import java.util.concurrent.TimeUnit;

/**
 * How much one socket may send: a token bucket over all WebSocket frames, pings included, and a number of refused messages.
 * Times are those of {@link System#nanoTime}. Not thread-safe.
 */
final class InboundLimit {
    /** A page sends an acknowledgement per frame, at most 10 a second, and a ping every 5 s. */
    static final int FRAMES_PER_SECOND = 40;

    static final int FRAME_BURST = 200;
    static final int MAX_REFUSED = 32;

    private double available = FRAME_BURST;
    private long refilledAt;
    private long lastFrameAt;
    private int refused;

    InboundLimit(long now) {
        refilledAt = now;
        lastFrameAt = now;
    }

    /** Counts a frame; false if the socket has sent too many. */
    boolean acceptFrame(long now) {
        lastFrameAt = now;
        double seconds = (now - refilledAt) / (double) TimeUnit.SECONDS.toNanos(1);
        available = Math.min(FRAME_BURST, available + seconds * FRAMES_PER_SECOND);
        refilledAt = now;
        available--;
        return available >= 0;
    }

    /** Counts a refused message; false if there were too many. */
    boolean acceptRefusal() {
        return ++refused <= MAX_REFUSED;
    }

    boolean isSilent(long now, long timeoutNanos) {
        return now - lastFrameAt > timeoutNanos;
    }
}
