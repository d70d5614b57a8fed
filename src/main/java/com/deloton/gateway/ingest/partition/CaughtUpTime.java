package com.deloton.gateway.ingest.partition;

/**
 * The latest time at which everything that the partition then held is known to be read. Silence is measured up to it, so
 * that a bike whose records still wait in the topic is never taken for silent. Times are those of
 * {@link System#nanoTime}: no other clock, of a bike, producer, broker or gateway, has a say.
 */
final class CaughtUpTime {
    private static final long NONE = -1;

    private long caughtUpAt;
    private long awaitedOffset = NONE;
    private long awaitedAt;

    CaughtUpTime(long now) {
        caughtUpAt = now;
    }

    /**
     * @param end the partition's end at {@code endAt}
     * @param position the offset up to which the partition is read
     */
    void observe(long end, long endAt, long position) {
        advance(position);
        if (awaitedOffset == NONE) {
            awaitedOffset = end;
            awaitedAt = endAt;
            advance(position);
        }
    }

    private void advance(long position) {
        if (awaitedOffset != NONE && position >= awaitedOffset) {
            caughtUpAt = awaitedAt;
            awaitedOffset = NONE;
        }
    }

    long nanos() {
        return caughtUpAt;
    }
}
