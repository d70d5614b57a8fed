package com.deloton.gateway.ingest.throughput;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.bench.PostgresCpu;
import com.deloton.gateway.bench.TrackedTopic;
import com.deloton.gateway.event.IngestBatch.Measured;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.testing.ChildJvm;
import com.deloton.gateway.testing.Skipped;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Kafka Connect with Debezium's JDBC sink as a process, on readings that are parsed already: upserts of a row for each, JSON with
 * schema. The process is measured from its first row to its last.
 */
final class ConnectSink {
    private static final Path LIBRARIES = Path.of("target", "peers");
    private static final String MAIN = "org.apache.kafka.connect.cli.ConnectStandalone";
    private static final int PARTITIONS = 4;
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final JsonObject SCHEMA = new JsonObject()
            .put("type", "struct")
            .put(
                    "fields",
                    new JsonArray(List.of(
                            field("ride_id", "int64", false),
                            field("elapsed_s", "int32", false),
                            field("recorded_ms", "int64", false),
                            field("heart_rate_bpm", "int16", true),
                            field("cadence_rpm", "int16", true),
                            field("resistance", "int16", true),
                            field("power_w", "float", true))));

    private final String topic;
    private final int rows;

    private ConnectSink(String topic, int rows) {
        this.topic = topic;
        this.rows = rows;
    }

    private static JsonObject field(String name, String type, boolean optional) {
        return new JsonObject().put("field", name).put("type", type).put("optional", optional);
    }

    /** Writes the first readings of a topic, at most this many, to a topic of rows; null without Kafka Connect's libraries. */
    @SuppressWarnings("FutureReturnValueIgnored") // the close of the producer waits for them
    static @Nullable ConnectSink ofRows(TrackedTopic source, long messages, int rows) {
        if (!Files.isDirectory(LIBRARIES)) {
            Skipped.report(
                    "the comparison with Kafka Connect", LIBRARIES + ": mvn -q -f src/test/peers/pom.xml package");
            return null;
        }
        String topic = TestServers.freshTopic(PARTITIONS);
        AtomicInteger written = new AtomicInteger();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrap(), "linger.ms", "20", "compression.type", "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            source.track(
                    messages,
                    (records, events) -> events.forEach(event -> {
                        if (event instanceof Measured measured && written.get() < rows) {
                            written.incrementAndGet();
                            producer.send(new ProducerRecord<>(
                                    topic, String.valueOf(measured.rideId()).getBytes(UTF_8), row(measured)));
                        }
                    }));
        }
        return new ConnectSink(topic, written.get());
    }

    private static byte[] row(Measured measured) {
        Reading reading = measured.reading();
        JsonObject payload = new JsonObject()
                .put("ride_id", measured.rideId())
                .put("elapsed_s", reading.elapsedS())
                .put("recorded_ms", reading.atMicros() / 1_000)
                .put("heart_rate_bpm", reading.hasHeartRate() ? reading.heartRateBpm() : null)
                .put("cadence_rpm", reading.cadenceRpm() == Reading.ABSENT ? null : reading.cadenceRpm())
                .put("resistance", reading.resistance() == Reading.ABSENT ? null : reading.resistance())
                .put("power_w", reading.hasPower() ? reading.powerW() : null);
        return new JsonObject()
                .put("schema", SCHEMA)
                .put("payload", payload)
                .toBuffer()
                .getBytes();
    }

    /** Rows a second, and CPU seconds for each million of them; a row is two messages of a bike. */
    JsonObject measure(Warehouse warehouse, PostgresCpu postgres) throws Exception {
        warehouse.execute("""
                CREATE TABLE connected_reading (ride_id bigint, elapsed_s integer, recorded_ms bigint,
                    heart_rate_bpm smallint, cadence_rpm smallint, resistance smallint, power_w real,
                    PRIMARY KEY (ride_id, elapsed_s))""");
        try (ChildJvm worker = start(warehouse.database())) {
            await(warehouse, worker, 1);
            long already = warehouse.count("SELECT count(*) FROM connected_reading");
            double postgresBefore = postgres.seconds();
            Duration before = worker.cpu();
            long begin = System.nanoTime();
            await(warehouse, worker, rows);
            double seconds = (System.nanoTime() - begin) / 1e9;
            double million = (rows - already) / 1e6;
            return new JsonObject()
                    .put("connectRows", rows)
                    .put("connectRowsPerSecond", (rows - already) / seconds)
                    .put(
                            "connectCpuSecondsPerMillionRows",
                            worker.cpu().minus(before).toNanos() / 1e9 / million)
                    .put("connectPostgresCpuSecondsPerMillionRows", (postgres.seconds() - postgresBefore) / million);
        }
    }

    private static void await(Warehouse warehouse, ChildJvm worker, int count) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (warehouse.count("SELECT count(*) FROM connected_reading") < count) {
            if (!worker.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("Kafka Connect does not write: " + worker.tail());
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private ChildJvm start(Database database) throws IOException {
        Path directory = Files.createDirectories(TestServers.freshDirectory());
        Path worker = Files.writeString(directory.resolve("worker.properties"), """
                bootstrap.servers=%s
                key.converter=org.apache.kafka.connect.converters.ByteArrayConverter
                value.converter=org.apache.kafka.connect.json.JsonConverter
                offset.storage.file.filename=%s
                listeners=http://127.0.0.1:%d
                """.formatted(
                        TestServers.kafkaBootstrap(), directory.resolve("offsets"), LocalServers.freePort()));
        Path sink = Files.writeString(directory.resolve("sink.properties"), """
                name=readings-%s
                connector.class=io.debezium.connector.jdbc.JdbcSinkConnector
                tasks.max=%d
                topics=%s
                connection.url=%s?reWriteBatchedInserts=true
                connection.username=%s
                connection.password=%s
                collection.name.format=connected_reading
                insert.mode=upsert
                primary.key.mode=record_value
                primary.key.fields=ride_id,elapsed_s
                schema.evolution=none
                batch.size=5000
                consumer.override.max.poll.records=5000
                """.formatted(
                directory.getFileName(), PARTITIONS, topic, database.jdbcUrl(), database.user(), database.password()));
        return ChildJvm.startFrom(
                LIBRARIES + "/*", "connect", Map.of(), List.of("-Xmx1g"), MAIN, worker.toString(), sink.toString());
    }
}
