package com.deloton.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.simulate.model.ExpectedRide;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The records of a simulated fleet with their ledger, to be sent in parts that end at any record.
 *
 * @param records in an order that keeps that of each of three partitions
 */
public record RecordedStream(List<ConsumerRecord<byte[], byte[]>> records, List<ExpectedRide> ledger) {
    private static final int PARTITIONS = 3;

    public static RecordedStream of(FleetOptions options) throws Exception {
        String topic = TestServers.freshTopic(PARTITIONS);
        List<ExpectedRide> ledger = Collections.synchronizedList(new ArrayList<>());
        FleetProducer fleet = new FleetProducer(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrap()),
                topic,
                options,
                InstantSource.system(),
                ledger::add);
        try {
            fleet.start();
            assertThat(fleet.awaitEnd(Duration.ofSeconds(60))).isTrue();
        } finally {
            fleet.close();
        }
        return new RecordedStream(read(topic, fleet.sent()), List.copyOf(ledger));
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String topic, long count) {
        Map<String, Object> server = Map.of("bootstrap.servers", TestServers.kafkaBootstrap());
        try (var consumer = new KafkaConsumer<>(server, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (records.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            assertThat(records).hasSize((int) count);
            return records;
        }
    }

    /** Sends the records from one index to before another, each to its partition, and returns when the broker has them. */
    @SuppressWarnings("FutureReturnValueIgnored") // flush waits for them
    public void send(String topic, int from, int to) {
        Map<String, Object> server = Map.of("bootstrap.servers", TestServers.kafkaBootstrap());
        try (var producer = new KafkaProducer<>(server, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ConsumerRecord<byte[], byte[]> record : records.subList(from, to)) {
                producer.send(new ProducerRecord<>(
                        topic, record.partition(), record.timestamp(), record.key(), record.value()));
            }
            producer.flush();
        }
    }
}
