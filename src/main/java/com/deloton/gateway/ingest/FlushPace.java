package com.deloton.gateway.ingest;

import java.time.Duration;

/**
 * When to flush, and how much to buffer, for a number of open rides. A bike sends a reading a second, as two records; with
 * many bikes a flush waits until each of them has sent about ten, since a chunk row of one reading costs as much as one of
 * ten. The bytes of quarantined records stay bounded by the setting, since only readings are buffered with the ride anyway.
 *
 * @param shortest between two flushes, with few rides
 * @param longest between two flushes, with many rides
 * @param maxBufferedRecords polling pauses at this many, or at {@value #RECORDS_PAUSED} for each ride if these are more
 */
record FlushPace(Duration shortest, Duration longest, int maxBufferedRecords) {
    private static final int RIDES = 5_000;
    private static final Duration AT_RIDES = Duration.ofSeconds(11);
    private static final int RECORDS_FLUSHED = 20;
    private static final int RECORDS_PAUSED = 40;
    /** Bounds what rides add to the buffer, as a multiple of the setting. */
    private static final int MAX_GROWTH = 20;

    /**
     * The interval of a reader that has some of the topic's partitions: that of all their rides, since a row of few readings
     * costs as much when other processes write the rest of them.
     *
     * @param partitions of the reader
     * @param topicPartitions of the topic; 0 if unknown
     */
    Duration interval(int rides, int partitions, int topicPartitions) {
        long ofTopic = partitions == 0 ? rides : (long) rides * Math.max(partitions, topicPartitions) / partitions;
        return interval((int) Math.min(Integer.MAX_VALUE, ofTopic));
    }

    private Duration interval(int rides) {
        Duration grown = AT_RIDES.multipliedBy(rides).dividedBy(RIDES);
        Duration bounded = grown.compareTo(longest) < 0 ? grown : longest;
        return bounded.compareTo(shortest) > 0 ? bounded : shortest;
    }

    /** The longest that a record waits for its flush to start. */
    Duration longestInterval() {
        return longest.compareTo(shortest) > 0 ? longest : shortest;
    }

    /**
     * Whether a flush should start at once.
     *
     * @param buffered records that wait for it, quarantined ones included
     * @param quarantined those whose bytes it stores, in records of typical size
     */
    boolean isFlushDue(int buffered, int quarantined, int rides) {
        return buffered >= flushAt(rides) || quarantined >= maxBufferedRecords / 8;
    }

    /** Whether polling should pause. */
    boolean isFull(int buffered, int quarantined, int rides) {
        return buffered >= pauseAt(rides) || quarantined >= maxBufferedRecords;
    }

    /** Whether polling should resume. */
    boolean isHalfEmpty(int buffered, int quarantined, int rides) {
        return buffered <= pauseAt(rides) / 2 && quarantined <= maxBufferedRecords / 2;
    }

    private int flushAt(int rides) {
        return (int) Math.max(maxBufferedRecords / 8, Math.min((long) rides * RECORDS_FLUSHED, pauseAt(rides) / 2));
    }

    private int pauseAt(int rides) {
        long grown = Math.min((long) rides * RECORDS_PAUSED, (long) maxBufferedRecords * MAX_GROWTH);
        return (int) Math.min(Integer.MAX_VALUE, Math.max(maxBufferedRecords, grown));
    }
}
