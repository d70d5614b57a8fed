package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.telemetry.LogLine;
import java.time.Duration;

/**
 * Whether partitions were added to the topic of late, so that keys move between its partitions. Confined to one event loop.
 */
public final class TopicGrowth {
    /** After an added partition was noticed. Producers notice it within {@code metadata.max.age.ms}, 5 minutes by default. */
    private static final Duration WINDOW = Duration.ofHours(1);

    private final boolean asksForEachKey;
    private int partitions;
    private boolean recent;
    private long noticedAt;

    /**
     * @param asksForEachKey whether the first line of a key in mid-ride waits for a look at the topic, in case the growth is
     *     not noticed yet
     */
    public TopicGrowth(boolean asksForEachKey) {
        this.asksForEachKey = asksForEachKey;
    }

    /**
     * Takes the topic's present number of partitions.
     *
     * @return how many were added since the last call; 0 at the first
     */
    public int observe(int count) {
        int added = partitions == 0 ? 0 : count - partitions;
        partitions = count;
        if (added > 0) {
            noticed();
        }
        return Math.max(0, added);
    }

    /** The topic's number of partitions; 0 before the first call of {@link #observe}. */
    public int partitions() {
        return partitions;
    }

    /** Partitions were added of late, be it while no gateway was running. */
    public void noticed() {
        recent = true;
        noticedAt = System.nanoTime();
    }

    public boolean isRecent() {
        recent = recent && System.nanoTime() - noticedAt < WINDOW.toNanos();
        return recent;
    }

    /** Whether {@code line}, of a key without a stream in its partition, may continue a ride of another partition. */
    boolean concerns(LogLine line) {
        boolean midRide = line instanceof LogLine.Ride || line instanceof LogLine.Telemetry;
        return asksForEachKey ? midRide || isRecent() : midRide && isRecent();
    }
}
