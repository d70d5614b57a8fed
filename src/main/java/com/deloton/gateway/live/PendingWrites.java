package com.deloton.gateway.live;

/**
 * The bytes that were written to a connection and that the network has not accepted yet. Times are those of
 * {@link System#nanoTime}. Confined to one event loop.
 */
final class PendingWrites {
    static final long MAX_BYTES = 256 * 1_024;

    private long bytes;
    private long lastWrittenAt;

    /** Whether nothing more may be written. */
    boolean isFull() {
        return bytes > MAX_BYTES;
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    void started(int size, long now) {
        if (bytes == 0) {
            lastWrittenAt = now;
        }
        bytes += size;
    }

    void ended(int size, long now) {
        bytes -= size;
        lastWrittenAt = now;
    }

    /** Whether the network has accepted nothing for this long although bytes are pending. */
    boolean isStalled(long now, long timeoutNanos) {
        return bytes > 0 && now - lastWrittenAt > timeoutNanos;
    }
}
