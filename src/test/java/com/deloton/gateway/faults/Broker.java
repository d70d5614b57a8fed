package com.deloton.gateway.faults;

import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.testing.ChildJvm;
import com.deloton.gateway.testing.TestServers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A Kafka broker of the run's own, in a JVM that can be killed and suspended. */
final class Broker implements AutoCloseable {
    static final String TOPIC = "deloton";

    private final Path home = TestServers.freshDirectory();
    private final int port = LocalServers.freePort();
    private ChildJvm jvm;

    /** Returns when the topic exists. */
    Broker(int partitions) throws Exception {
        jvm = launch();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 1)))
                    .all()
                    .get();
        }
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
                producer.send(new ProducerRecord<>(TOPIC, key, value));
            }
            producer.flush();
            producer.abortTransaction();
        }
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
