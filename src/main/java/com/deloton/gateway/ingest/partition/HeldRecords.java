package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.ingest.partition.FlushBatch.HeldRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of a partition that are not used yet, by key: an open ride of the key may be in another partition. The
 * position moves over them, since a flush stores those that it finds here. Confined to one thread.
 */
public final class HeldRecords {
    static final int MAX_RECORDS = 20_000;
    static final int MAX_RECORDS_OF_KEY = 5_000;

    /**
     * How long after a key's first record in its new partition the former partition's end is asked for. Kafka's producer may
     * deliver batches to the former partition after a later one to the new partition: those that were queued, in flight or
     * repeated when it learned of the new partition.
     */
    public static final Duration SKEW = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(HeldRecords.class);
    private static final int MAX_BYTES = 8_000_000;

    private final Map<String, Key> keys = new LinkedHashMap<>();
    private final Map<Long, HeldRecord> unstored = new LinkedHashMap<>();
    private final Set<Long> stored = new HashSet<>();
    private List<Long> released = new ArrayList<>();
    private int records;
    private int bytes;
    private boolean refused;

    /** A key whose records wait. */
    public static final class Key {
        private final List<HeldRecord> records = new ArrayList<>();
        private @Nullable Map<Integer, Long> ends;
        private int rounds;

        private Key() {}

        public String text() {
            return records.getFirst().key();
        }

        public long firstOffset() {
            return records.getFirst().offset();
        }

        /** {@link System#nanoTime} at which the first record arrived. */
        public long since() {
            return records.getFirst().since();
        }

        /**
         * Takes the ends of all partitions unless earlier ones are kept.
         *
         * @param askedAt {@link System#nanoTime} of the question; before {@link #SKEW} has passed, the ends are ignored
         */
        public void observe(Map<Integer, Long> latest, long askedAt) {
            if (ends == null && askedAt - since() >= SKEW.toNanos()) {
                ends = latest;
            }
        }

        /** The ends of all partitions, {@link #SKEW} or more after the first record; null until known. */
        public @Nullable Map<Integer, Long> ends() {
            return ends;
        }

        /** Counts a round in which the key had to wait; returns the number of rounds. */
        public int waitOnce() {
            return ++rounds;
        }
    }

    /** @param restored those that the warehouse has, in the order of their offsets */
    public HeldRecords(List<HeldRecord> restored) {
        for (HeldRecord record : restored) {
            put(record);
            stored.add(record.offset());
        }
    }

    /** A copy. */
    public List<Key> keys() {
        return List.copyOf(keys.values());
    }

    boolean has(String key) {
        return keys.containsKey(key);
    }

    int size() {
        return records;
    }

    /** Whether one more record of the key may wait. */
    boolean hasRoom(String key) {
        Key waiting = keys.get(key);
        return records < MAX_RECORDS
                && bytes < MAX_BYTES
                && (waiting == null || waiting.records.size() < MAX_RECORDS_OF_KEY);
    }

    /** Logs that a record found no room; once until no record waits. */
    void logRefusal(int partition, long offset) {
        if (!refused) {
            refused = true;
            LOG.warn(
                    "No more records of keys that moved can wait in partition {} (now {}, {} bytes): from offset {} on, such keys begin rides of unknown riders",
                    partition,
                    records,
                    bytes,
                    offset);
        }
    }

    void add(HeldRecord record) {
        put(record);
        unstored.put(record.offset(), record);
    }

    private void put(HeldRecord record) {
        keys.computeIfAbsent(record.key(), key -> new Key()).records.add(record);
        records++;
        bytes += record.value().length;
    }

    /** Removes a key's records, in the order of their offsets. */
    List<HeldRecord> release(String key) {
        Key removed = keys.remove(key);
        if (removed == null) {
            return List.of();
        }
        for (HeldRecord record : removed.records) {
            records--;
            bytes -= record.value().length;
            unstored.remove(record.offset());
            if (stored.remove(record.offset())) {
                released.add(record.offset());
            }
        }
        refused &= records > 0;
        return removed.records;
    }

    /** Whether the next flush has rows to write or to delete. */
    boolean isChanged() {
        return !unstored.isEmpty() || !released.isEmpty();
    }

    /** Those that the warehouse does not have; from now on they count as stored. */
    List<HeldRecord> takeUnstored() {
        List<HeldRecord> taken = List.copyOf(unstored.values());
        stored.addAll(unstored.keySet());
        unstored.clear();
        return taken;
    }

    /** Offsets of those that the warehouse has and that are used now. */
    List<Long> takeReleased() {
        List<Long> taken = released;
        released = new ArrayList<>();
        return taken;
    }
}
