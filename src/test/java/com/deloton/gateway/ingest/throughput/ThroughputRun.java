package com.deloton.gateway.ingest;

import com.deloton.gateway.config.HeartRateConfig;
import com.deloton.gateway.config.IngestConfig;
import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.ingest.partition.DetachedPartitions;
import com.deloton.gateway.ingest.partition.IngestedPartitions;
import com.deloton.gateway.ingest.partition.Partition;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.store.Timestamps;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** A topic full of records of a fleet, read by a plain consumer, by one that parses and tracks, and by the gateway. */
final class ThroughputRun {
    private static final int PARTITIONS = 4;
    private static final int MAX_STREAMS = 100_000;
    private static final int RECORDS_A_BATCH = 100_000;

    private final int bikes;
    private final int messages;
    private final String topic;

    private ThroughputRun(int bikes, int messages, String topic) {
        this.bikes = bikes;
        this.messages = messages;
        this.topic = topic;
    }

    /** Seconds for the messages of the topic. */
    record Result(int bikes, int messages, double discarded, double tracked, double stored) {
        JsonObject json() {
            return new JsonObject()
                    .put("bikes", bikes)
                    .put("messages", messages)
                    .put("discardedPerSecond", Math.round(messages / discarded))
                    .put("trackedPerSecond", Math.round(messages / tracked))
                    .put("storedPerSecond", Math.round(messages / stored))
                    .put("shareOfDiscarded", discarded / stored)
                    .put("shareOfTracked", tracked / stored);
        }

        @Override
        public String toString() {
            return "| %,d | %,.0f | %,.0f | %,.0f | %.2f | %.2f |"
                    .formatted(
                            bikes,
                            messages / discarded,
                            messages / tracked,
                            messages / stored,
                            discarded / stored,
                            tracked / stored);
        }
    }

    static final String HEADER = """
            | bikes | messages/s of a plain consumer | that parses and tracks | gateway | share of the first | of the second |
            |---|---|---|---|---|---|""";

    /** Fills a topic with records of bikes that take turns. */
    static ThroughputRun filled(int bikes, int messages) {
        String topic = TestServers.freshTopic(PARTITIONS);
        try (FleetProducer fleet = new FleetProducer(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrap()),
                topic,
                FleetOptions.defaults().withBikes(bikes).withMessages(messages).withSpeed(Double.POSITIVE_INFINITY),
                InstantSource.system())) {
            fleet.start();
            if (!fleet.awaitEnd(Duration.ofMinutes(5))) {
                throw new IllegalStateException("the topic was not filled within five minutes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return new ThroughputRun(bikes, messages, topic);
    }

    Result measure(Warehouse warehouse) {
        return new Result(bikes, messages, discard(), track(), store(warehouse));
    }

    private double discard() {
        return read(records -> {});
    }

    private double track() {
        try (DetachedPartitions detached = new DetachedPartitions(MAX_STREAMS)) {
            List<Partition> partitions =
                    IntStream.range(0, PARTITIONS).mapToObj(detached::partition).toList();
            return read(records -> {
                long now = Timestamps.micros(Instant.now());
                for (TopicPartition name : records.partitions()) {
                    Partition partition = partitions.get(name.partition());
                    partition.accept(records.records(name), now, System.nanoTime());
                    if (partition.buffered() > RECORDS_A_BATCH) {
                        partition.discardBatch();
                    }
                }
                detached.events.clear();
            });
        }
    }

    /** The settings of the gateway's own consumer. */
    private double read(Consumer<ConsumerRecords<byte[], byte[]>> handler) {
        Map<String, Object> settings = new HashMap<>(ConsumerSettings.withoutGroup(
                new KafkaConfig(TestServers.kafkaBootstrap(), topic, "unused", Map.of())));
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long begin = System.nanoTime();
            for (int read = 0; read < messages; ) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                handler.accept(records);
                read += records.count();
            }
            return seconds(begin);
        }
    }

    private double store(Warehouse warehouse) {
        Vertx vertx = Vertx.vertx();
        try {
            Pool pool = PgBuilder.pool()
                    .using(vertx)
                    .connectingTo(PgConnectOptions.fromUri(warehouse.database().url()))
                    .build();
            long begin = System.nanoTime();
            String verticle = vertx.deployVerticle(new IngestVerticle(
                            new KafkaConfig(TestServers.kafkaBootstrap(), topic, "bench-" + begin, Map.of()),
                            new IngestConfig(1, Duration.ofSeconds(1), 200_000, Duration.ofMinutes(30)),
                            HeartRateConfig.DEFAULT,
                            new ProcessResources(
                                    pool,
                                    new SimpleMeterRegistry(),
                                    HealthChecks.create(vertx),
                                    InstantSource.system()),
                            new IngestedPartitions()))
                    .await();
            warehouse.awaitRecords(topic, messages, Duration.ofMinutes(5));
            double seconds = seconds(begin);
            vertx.undeploy(verticle).await();
            return seconds;
        } finally {
            vertx.close().await();
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
