package com.deloton.gateway.ingest.throughput;

import com.deloton.gateway.bench.PostgresCpu;
import com.deloton.gateway.bench.TrackedTopic;
import com.deloton.gateway.config.HeartRateConfig;
import com.deloton.gateway.config.IngestConfig;
import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.ingest.IngestVerticle;
import com.deloton.gateway.ingest.partition.IngestedPartitions;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A topic full of records of a fleet, read by a plain consumer, by one that parses and tracks, by a pipeline that copies rows, by
 * the gateway, and by Kafka Connect.
 */
final class ThroughputRun {
    private static final int PARTITIONS = 4;

    /** Without the longer intervals of large fleets, whose last flush would wait for records that do not come. */
    private static final IngestConfig INGEST = new IngestConfig(
            1,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            200_000,
            Duration.ofMinutes(30),
            IngestConfig.DEFAULT_MAX_STREAMS_PER_PARTITION);

    private final int bikes;
    private final int messages;
    private final TrackedTopic topic;
    private final @Nullable ConnectSink connect;

    private ThroughputRun(int bikes, int messages, TrackedTopic topic, @Nullable ConnectSink connect) {
        this.bikes = bikes;
        this.messages = messages;
        this.topic = topic;
        this.connect = connect;
    }

    /**
     * Fills a topic with records of bikes that take turns.
     *
     * @param connectRows parsed rows for Kafka Connect; 0 means without it
     */
    static ThroughputRun filled(int bikes, int messages, int connectRows) {
        TrackedTopic topic = new TrackedTopic(TestServers.freshTopic(PARTITIONS), PARTITIONS);
        try (FleetProducer fleet = new FleetProducer(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrap()),
                topic.name(),
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
        return new ThroughputRun(
                bikes, messages, topic, connectRows == 0 ? null : ConnectSink.ofRows(topic, messages, connectRows));
    }

    private interface Reader {
        void read() throws Exception;
    }

    /** A way to read the topic. */
    private record Way(String name, boolean writes, Reader reader) {}

    /** Reads the topic in all ways, each of which is the first in its round, and writes to one database. */
    JsonObject measure(Warehouse warehouse, int round) throws Exception {
        PostgresCpu postgres = PostgresCpu.of(warehouse.database());
        List<Way> ways = List.of(
                new Way("discarded", false, () -> topic.read(messages, records -> {})),
                new Way("tracked", false, () -> topic.track(messages, (records, events) -> {})),
                new Way("copied", true, () -> CopyPipeline.run(topic, messages, warehouse.database())),
                new Way("stored", true, () -> store(warehouse)));
        List<Way> inTurns = new ArrayList<>(ways);
        Collections.rotate(inTurns, -round);
        Map<String, JsonObject> figures = new HashMap<>();
        for (Way way : inTurns) {
            figures.put(way.name(), figures(way, postgres));
        }
        JsonObject row = new JsonObject().put("bikes", bikes).put("messages", messages);
        ways.forEach(way -> row.mergeIn(figures.get(way.name())));
        double stored = row.getDouble("storedPerSecond");
        row.put("shareOfDiscarded", stored / row.getDouble("discardedPerSecond"))
                .put("shareOfTracked", stored / row.getDouble("trackedPerSecond"))
                .put("shareOfCopied", stored / row.getDouble("copiedPerSecond"));
        if (connect != null) {
            row.mergeIn(connect.measure(warehouse, postgres));
        }
        return row;
    }

    /** The JVM has reader and broker. */
    private JsonObject figures(Way way, PostgresCpu postgres) throws Exception {
        double postgresBefore = postgres.seconds();
        double jvmBefore = jvmCpu();
        long begin = System.nanoTime();
        way.reader().read();
        double seconds = (System.nanoTime() - begin) / 1e9;
        JsonObject figures = new JsonObject()
                .put(way.name() + "PerSecond", messages / seconds)
                .put(way.name() + "JvmCpuSecondsPerMillion", (jvmCpu() - jvmBefore) * 1e6 / messages);
        double postgresCpu = (postgres.seconds() - postgresBefore) * 1e6 / messages;
        return way.writes() ? figures.put(way.name() + "PostgresCpuSecondsPerMillion", postgresCpu) : figures;
    }

    private static double jvmCpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    private void store(Warehouse warehouse) {
        Vertx vertx = Vertx.vertx();
        try {
            Database database = warehouse.database();
            Pool pool = PgBuilder.pool()
                    .using(vertx)
                    .connectingTo(PgConnectOptions.fromUri(database.url()))
                    .build();
            String verticle = vertx.deployVerticle(new IngestVerticle(
                            new KafkaConfig(
                                    TestServers.kafkaBootstrap(), topic.name(), "bench-" + System.nanoTime(), Map.of()),
                            INGEST,
                            HeartRateConfig.DEFAULT,
                            new ProcessResources(
                                    pool,
                                    new SimpleMeterRegistry(),
                                    HealthChecks.create(vertx),
                                    InstantSource.system()),
                            new IngestedPartitions()))
                    .await();
            warehouse.awaitRecords(topic.name(), messages, Duration.ofMinutes(5));
            vertx.undeploy(verticle).await();
        } finally {
            vertx.close().await();
        }
    }
}
