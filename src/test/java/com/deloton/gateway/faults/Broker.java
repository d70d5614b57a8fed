package com.deloton.gateway.faults;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;

import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.testing.ChildJvm;
import com.deloton.gateway.testing.TestServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A Kafka broker in a JVM that can be killed and suspended, with one topic. */
final class Broker implements AutoCloseable {
    private final Path home = TestServers.freshDirectory();
    private final int port = LocalServers.freePort();
    private ChildJvm jvm;
    private String topic = "";
    private int topics;

    /** Returns before the broker answers. */
    Broker() throws IOException {
        jvm = launch();
    }

    /** Creates the topic of the next run in place of the former one; returns when it exists. */
    void newTopic(int partitions) throws Exception {
        try (Admin admin = admin()) {
            if (!topic.isEmpty()) {
                admin.deleteTopics(List.of(topic)).all().get();
            }
            topic = "deloton-" + ++topics;
            createTopic(admin, partitions);
        }
    }

    private void createTopic(Admin admin, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get();
    }

    String topic() {
        return topic;
    }

    String bootstrap() {
        return "localhost:" + port;
    }

    void kill() throws InterruptedException {
        jvm.kill();
    }

    void restart() throws IOException {
        jvm = launch();
    }

    void suspend() throws Exception {
        jvm.suspend();
    }

    void resume() throws Exception {
        jvm.resume();
    }

    /** Writes records under these keys in a transaction that is withdrawn. */
    @SuppressWarnings("FutureReturnValueIgnored") // flush and commit report failures
    void abortTransaction(List<String> keys, byte[] value) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                bootstrap(),
                "transactional.id",
                "withdrawn",
                "key.serializer",
                StringSerializer.class,
                "value.serializer",
                ByteArraySerializer.class);
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(properties)) {
            producer.initTransactions();
            producer.beginTransaction();
            for (String key : keys) {
                producer.send(new ProducerRecord<>(topic, key, value));
            }
            producer.flush();
            producer.abortTransaction();
        }
    }

    /** Writes a record under each of the keys, to the partition that Kafka chooses. */
    @SuppressWarnings("FutureReturnValueIgnored") // flush waits for them
    void send(List<String> keys, long recordMillis, byte[] value) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                bootstrap(),
                "key.serializer",
                StringSerializer.class,
                "value.serializer",
                ByteArraySerializer.class);
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(properties)) {
            for (String key : keys) {
                producer.send(new ProducerRecord<>(topic, null, recordMillis, key, value));
            }
            producer.flush();
        }
    }

    /** Writes records to a partition, in this order. */
    @SuppressWarnings("FutureReturnValueIgnored") // flush waits for them
    void send(String key, int partition, List<byte[]> values) {
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrap());
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            values.forEach(value -> producer.send(new ProducerRecord<>(topic, partition, key, value)));
            producer.flush();
        }
    }

    /** Deletes the topic and creates one of the same name and as many partitions. */
    void createTopicAgain() throws Exception {
        int partitions = ends().size();
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(topic)).all().get();
            awaitTrue(() -> !admin.listTopics().names().get().contains(topic));
            createTopic(admin, partitions);
        }
    }

    /** Most of the fleet's keys move, and one unusable record is in the new partition. */
    @SuppressWarnings("FutureReturnValueIgnored") // flush waits for it
    void addPartition() throws Exception {
        int count = ends().size();
        try (Admin admin = admin()) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(count + 1)))
                    .all()
                    .get();
        }
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrap());
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, count, "added", "unusable".getBytes(StandardCharsets.UTF_8)));
            producer.flush();
        }
    }

    /** Deletes the records before these offsets. */
    void deleteRecords(Map<Integer, Long> before) throws Exception {
        Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
        before.forEach((partition, offset) ->
                deletions.put(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)));
        try (Admin admin = admin()) {
            admin.deleteRecords(deletions).all().get();
        }
    }

    /** The end of each partition. */
    Map<Integer, Long> ends() throws Exception {
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .values()
                    .forEach(described -> described
                            .partitions()
                            .forEach(partition ->
                                    wanted.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest())));
            Map<Integer, Long> ends = new HashMap<>();
            admin.listOffsets(wanted)
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
            return ends;
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap()));
    }

    private ChildJvm launch() throws IOException {
        return ChildJvm.start(
                "broker",
                Map.of(),
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                BrokerMain.class.getName(),
                home.toString(),
                String.valueOf(port));
    }

    @Override
    public void close() {
        jvm.close();
    }
}
