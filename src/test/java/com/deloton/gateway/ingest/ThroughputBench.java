package com.deloton.gateway.ingest;

import com.deloton.gateway.config.HeartRateConfig;
import com.deloton.gateway.config.IngestConfig;
import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.ingest.partition.IngestedPartitions;
import com.deloton.gateway.local.LocalPostgres;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Messages a second from a full topic to committed rows, three rounds, each beside a plain consumer that throws the
 * same records away. All of it, broker and database (fsync on) included, shares this machine.
 */
@Tag("bench")
class ThroughputBench {
    private static final int MESSAGES = 2_000_000;
    private static final int PARTITIONS = 4;

    @Test
    void messagesASecondFromTopicToWarehouse() throws Exception {
        String topic = TestServers.freshTopic(PARTITIONS);
        FleetProducer fleet = new FleetProducer(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrap()),
                topic,
                FleetOptions.defaults().withBikes(200).withMessages(MESSAGES).withSpeed(Double.POSITIVE_INFINITY),
                InstantSource.system());
        fleet.start();
        fleet.awaitEnd(Duration.ofMinutes(5));
        fleet.close();
        for (int round = 1; round <= 3; round++) {
            double limit = MESSAGES / read(topic);
            double gateway = MESSAGES / ingest(topic);
            System.out.printf(
                    "round %d: gateway %,.0f messages/s, plain consumer %,.0f messages/s, ratio %.2f%n",
                    round, gateway, limit, gateway / limit);
        }
    }

    private static double read(String topic) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", TestServers.kafkaBootstrap(), "max.poll.records", 5000);
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = java.util.stream.IntStream.range(0, PARTITIONS)
                    .mapToObj(i -> new TopicPartition(topic, i))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long begin = System.nanoTime();
            long bytes = 0;
            for (int read = 0; read < MESSAGES; ) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    read++;
                    bytes += record.value().length;
                }
            }
            return seconds(begin) + (bytes < 0 ? 1 : 0);
        }
    }

    private static double ingest(String topic) throws Exception {
        LocalPostgres postgres = LocalPostgres.start(
                new LocalPostgres.Options(TestServers.freshDirectory(), TestServers.postgresBinaries(), 0, true));
        Warehouse warehouse = Warehouse.in(new Database(
                postgres.host(), postgres.port(), LocalPostgres.DATABASE, postgres.user(), postgres.password()));
        Vertx vertx = Vertx.vertx();
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
                                pool, new SimpleMeterRegistry(), HealthChecks.create(vertx), InstantSource.system()),
                        new IngestedPartitions()))
                .toCompletionStage()
                .toCompletableFuture()
                .get(1, TimeUnit.MINUTES);
        warehouse.awaitRecords(topic, MESSAGES, Duration.ofMinutes(5));
        double seconds = seconds(begin);
        vertx.undeploy(verticle).toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
        vertx.close().toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
        postgres.close();
        return seconds;
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
