package com.deloton.gateway.ingest;

import com.deloton.gateway.ingest.partition.FlushBatch;
import com.deloton.gateway.ingest.partition.Partition;
import com.deloton.gateway.store.Timestamps;
import io.vertx.kafka.client.common.TopicPartition;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The partitions that a reader reads at present. Confined to one event loop. */
final class PartitionSet {
    private final String topic;
    private final InstantSource clock;
    private final Map<Integer, Partition> partitions = new TreeMap<>();

    PartitionSet(String topic, InstantSource clock) {
        this.topic = topic;
        this.clock = clock;
    }

    @Nullable
    Partition get(int number) {
        return partitions.get(number);
    }

    void put(int number, Partition partition) {
        partitions.put(number, partition);
    }

    void remove(int number) {
        partitions.remove(number);
    }

    List<Integer> numbers() {
        return List.copyOf(partitions.keySet());
    }

    Collection<Partition> all() {
        return partitions.values();
    }

    boolean isEmpty() {
        return partitions.isEmpty();
    }

    Set<TopicPartition> names() {
        return partitions.keySet().stream().map(this::name).collect(Collectors.toSet());
    }

    TopicPartition name(int number) {
        return new TopicPartition(topic, number);
    }

    int buffered() {
        return partitions.values().stream().mapToInt(Partition::buffered).sum();
    }

    int quarantined() {
        return partitions.values().stream().mapToInt(Partition::quarantined).sum();
    }

    int streams() {
        return partitions.values().stream().mapToInt(Partition::streams).sum();
    }

    /**
     * Passes each partition its records, and moves it over offsets that have none.
     *
     * @param onFault called for a partition whose state is no longer reliable
     * @return the number of records accepted
     */
    int accept(ConsumerRecords<byte[], byte[]> polled, BiConsumer<Integer, RuntimeException> onFault) {
        long nowMicros = Timestamps.micros(clock.instant());
        long arrival = System.nanoTime();
        int accepted = 0;
        for (org.apache.kafka.common.TopicPartition name : polled.nextOffsets().keySet()) {
            Partition partition = partitions.get(name.partition());
            if (partition == null) {
                continue;
            }
            try {
                var records = polled.records(name);
                partition.accept(records, nowMicros, arrival);
                partition.advanceTo(polled.nextOffsets().get(name).offset());
                accepted += records.size();
            } catch (RuntimeException bug) {
                onFault.accept(name.partition(), bug);
            }
        }
        return accepted;
    }

    void abandonSilent(Duration silence, TopicMonitor.Snapshot snapshot) {
        partitions.forEach((number, partition) -> {
            TopicMonitor.Offsets offsets = snapshot.partitions().get(number);
            if (offsets != null) {
                partition.abandonSilent(silence, offsets.end(), snapshot.askedAt());
            }
        });
    }

    List<FlushBatch> takeBatches() {
        List<FlushBatch> batches = new ArrayList<>(partitions.size());
        for (Partition partition : partitions.values()) {
            FlushBatch batch = partition.takeBatch();
            if (batch != null) {
                batches.add(batch);
            }
        }
        return batches;
    }

    /** Those in which a record could not be passed, each until it is. */
    static final class Unreadable {
        private final Logger log;
        private final Map<Integer, Place> places = new TreeMap<>();

        private record Place(long offset, String text) {}

        /** @param log gets a line for each new reason */
        Unreadable(Logger log) {
            this.log = log;
        }

        void add(int number, long offset, String text, Throwable cause) {
            Place before = places.put(number, new Place(offset, text));
            if (before == null || !before.text().equals(text)) {
                log.error("{}; the other partitions are read", text, cause);
            }
        }

        void remove(int number) {
            places.remove(number);
        }

        /** The reasons; null without any. */
        @Nullable
        String reason(PartitionSet owned) {
            places.entrySet().removeIf(entry -> {
                Partition partition = owned.get(entry.getKey());
                return partition != null
                        && partition.nextOffset() > entry.getValue().offset();
            });
            return places.isEmpty()
                    ? null
                    : places.values().stream().map(Place::text).collect(Collectors.joining("; "));
        }
    }
}
