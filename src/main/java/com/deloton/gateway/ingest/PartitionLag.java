package com.deloton.gateway.ingest;

import com.deloton.gateway.ingest.TopicMonitor.Offsets;
import com.deloton.gateway.ingest.TopicMonitor.Snapshot;
import com.deloton.gateway.ingest.partition.Partition;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** How far the partitions that a consumer has are behind the topic, also while their state is restored. */
final class PartitionLag {
    private final PartitionSet owned;
    private final Map<Integer, Long> storedOffsets = new TreeMap<>();

    PartitionLag(PartitionSet owned) {
        this.owned = owned;
    }

    /** The warehouse has the position {@code offset}. */
    void stored(int partition, long offset) {
        storedOffsets.put(partition, offset);
    }

    void remove(int partition) {
        storedOffsets.remove(partition);
    }

    /** Offsets between the end and the position in the warehouse, and held records before it, by partition. */
    Map<Integer, Long> unstored(Snapshot snapshot) {
        return behind(snapshot, (number, stored) -> {
            Partition partition = owned.get(number);
            return partition == null ? stored : stored - partition.heldRecords();
        });
    }

    /** Offsets between the end and what is read, by partition: without the records that wait for a flush. */
    Map<Integer, Long> unread(Snapshot snapshot) {
        return behind(snapshot, (number, stored) -> {
            Partition partition = owned.get(number);
            return partition == null ? stored : partition.nextOffset();
        });
    }

    private Map<Integer, Long> behind(Snapshot snapshot, BiFunction<Integer, Long, Long> position) {
        Map<Integer, Long> behind = new TreeMap<>();
        storedOffsets.forEach((number, stored) -> {
            Offsets offsets = snapshot.partitions().get(number);
            if (offsets != null) {
                behind.put(number, Math.max(0, offsets.end() - position.apply(number, stored)));
            }
        });
        return behind;
    }
}
