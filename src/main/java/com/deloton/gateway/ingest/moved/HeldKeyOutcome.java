package com.deloton.gateway.ingest.moved;

import com.deloton.gateway.ingest.moved.MovedRideStore.Candidate;
import com.deloton.gateway.ingest.moved.MovedRideStore.Stored;
import com.deloton.gateway.ingest.partition.HeldRecords;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one round does with the held records of a key, after partitions were added. */
enum HeldKeyOutcome {
    WAIT,
    /** The open ride moves to the key's partition, and the records continue it. */
    MOVE,
    /** No partition has an open ride of the key: the records begin one. */
    USE,
    /** As {@link #USE}, though a partition that may have an open ride is not read to its end. */
    GIVE_UP;

    /** Rounds in which a key waits: 60 s of them. A round counts only if Kafka and the database have answered. */
    static final int MAX_ROUNDS = 120;

    /**
     * Counts the round for a key that has to wait for another partition.
     *
     * @param own the partition of the key, as stored
     * @param positions of all partitions, by number
     * @param heldEarlier whether another partition holds earlier records of the key; must be read after {@code positions}
     * @param ride the open ride of the key in another partition, if one is stored; must be read after {@code heldEarlier}
     * @param stuck numbers of partitions that another key has given up on
     */
    static HeldKeyOutcome of(
            HeldRecords.Key key,
            Stored own,
            Map<Integer, Stored> positions,
            boolean heldEarlier,
            @Nullable Candidate ride,
            Set<Integer> stuck) {
        Map<Integer, Long> ends = key.ends();
        if (ends == null || own.nextOffset() <= key.firstOffset()) {
            return WAIT;
        }
        boolean ready = ride == null
                ? positions.values().stream()
                        .allMatch(other -> other.sourceId() == own.sourceId()
                                || stuck.contains(other.partition())
                                || isPassed(ends, other))
                : ride.sourceId() == own.sourceId() || isPassed(ends, positions.get(ride.partition()));
        if (ready && !heldEarlier) {
            return ride == null ? USE : MOVE;
        }
        return key.waitOnce() < MAX_ROUNDS ? WAIT : GIVE_UP;
    }

    /** Whether all that the partition had when the key's records began elsewhere is stored. */
    static boolean isPassed(Map<Integer, Long> ends, @Nullable Stored other) {
        return other == null || other.nextOffset() >= ends.getOrDefault(other.partition(), 0L);
    }
}
