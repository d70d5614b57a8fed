package com.deloton.gateway.bench;

import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.event.IngestBatch.Event;
import com.deloton.gateway.ingest.ConsumerSettings;
import com.deloton.gateway.ingest.partition.DetachedPartitions;
import com.deloton.gateway.ingest.partition.Partition;
import com.deloton.gateway.store.Timestamps;
import com.deloton.gateway.testing.TestServers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * A topic that is read from its beginning in this process, with the settings of the gateway's consumer and no group.
 *
 * @param name of the topic
 * @param partitions their number
 */
public record TrackedTopic(String name, int partitions) {
    private static final int MAX_STREAMS = 100_000;
    private static final int RECORDS_A_BATCH = 100_000;

    /** Receives the records of each poll. */
    public void read(long messages, Consumer<ConsumerRecords<byte[], byte[]>> handler) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            for (long read = 0; read < messages; ) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                handler.accept(records);
                read += records.count();
            }
        }
    }

    /** Receives the records of a poll, and what they mean. */
    public interface Tracked {
        void accept(ConsumerRecords<byte[], byte[]> records, List<Event> events);
    }

    /** Parses the records and tracks the rides. */
    public void track(long messages, Tracked handler) {
        try (DetachedPartitions detached = new DetachedPartitions(MAX_STREAMS)) {
            List<Partition> tracked =
                    IntStream.range(0, partitions).mapToObj(detached::partition).toList();
            read(messages, records -> {
                long now = Timestamps.micros(Instant.now());
                for (TopicPartition source : records.partitions()) {
                    Partition partition = tracked.get(source.partition());
                    partition.accept(records.records(source), now, System.nanoTime());
                    if (partition.buffered() > RECORDS_A_BATCH) {
                        partition.discardBatch();
                    }
                }
                handler.accept(records, detached.events);
                detached.events.clear();
            });
        }
    }

    /** The offsets of the next records, by partition. */
    public Map<Integer, Long> ends() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            return consumer.endOffsets(all()).entrySet().stream()
                    .collect(Collectors.toMap(end -> end.getKey().partition(), Map.Entry::getValue));
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = new HashMap<>(
                ConsumerSettings.withoutGroup(new KafkaConfig(TestServers.kafkaBootstrap(), name, "unused", Map.of())));
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings);
        consumer.assign(all());
        consumer.seekToBeginning(all());
        return consumer;
    }

    private List<TopicPartition> all() {
        return IntStream.range(0, partitions)
                .mapToObj(number -> new TopicPartition(name, number))
                .toList();
    }
}
