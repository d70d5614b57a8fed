package com.deloton.gateway.ingest;

import static com.deloton.gateway.testing.BikeProducer.readings;
import static com.deloton.gateway.testing.BikeProducer.ride;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.simulate.model.WireFormat;
import com.deloton.gateway.testing.BikeProducer;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/** Records without value, with headers and in every codec, and partitions that are added. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecordFormatsIT {
    @SuppressWarnings("TimeInStaticInitializer") // the records of one run of the tests begin there
    private static final Instant START = Instant.now().minusSeconds(60);

    private final IngestFixture fixture = new IngestFixture();
    private final Warehouse warehouse = fixture.warehouse;

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    @Execution(CONCURRENT)
    void everyCodecIsRead() throws Exception {
        fixture.start();
        for (String codec : List.of("gzip", "snappy", "lz4", "zstd")) {
            try (BikeProducer bikes =
                    new BikeProducer(fixture.topic, Map.of("compression.type", codec, "linger.ms", "50"))) {
                bikes.send(0, codec, ride(1, START, 20));
            }
        }

        awaitTrue(() -> warehouse.count("SELECT count(*) FROM reading") == 80);
        assertThat(warehouse.rows("SELECT stream_key FROM ride ORDER BY 1"))
                .containsExactly(List.of("gzip"), List.of("lz4"), List.of("snappy"), List.of("zstd"));
    }

    @Test
    @Execution(CONCURRENT)
    @SuppressWarnings("FutureReturnValueIgnored") // flush and commit report failures
    void headersAreIgnoredAndRecordsWithoutValueAreQuarantined() throws Exception {
        fixture.start();
        try (BikeProducer bikes = new BikeProducer(fixture.topic)) {
            var named = bikes.producer().send(new ProducerRecord<>(fixture.topic, 0, "bike".getBytes(UTF_8), null));
            var unnamed = bikes.producer().send(new ProducerRecord<>(fixture.topic, 0, null, null));
            assertThat(List.of(named.get(), unnamed.get()))
                    .allSatisfy(
                            record -> assertThat(record.serializedValueSize()).isNegative());
            for (String line : ride(7, START, 3)) {
                ProducerRecord<byte[], byte[]> entry =
                        new ProducerRecord<>(fixture.topic, 0, "bike".getBytes(UTF_8), WireFormat.record(line));
                entry.headers().add("traceparent", "00-1".getBytes(UTF_8)).add("empty", null);
                bikes.producer().send(entry);
            }
            bikes.producer().flush();
        }

        awaitTrue(() -> warehouse.count("SELECT count(*) FROM reading") == 3);
        assertThat(warehouse.rows("SELECT reason, value FROM quarantine ORDER BY record_offset"))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.get(1)).isIn(null, ""));
    }

    @Test
    @Execution(CONCURRENT)
    void addedPartitionsAreReadFromTheirBeginning() throws Exception {
        fixture.kafkaProperties = Map.of("metadata.max.age.ms", "1000");
        fixture.start();
        try (BikeProducer bikes = new BikeProducer(fixture.topic);
                Admin admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafkaBootstrap()))) {
            bikes.send(0, "first", ride(1, START, 5));
            awaitTrue(() -> warehouse.count("SELECT count(*) FROM reading") == 5);
            admin.createPartitions(Map.of(fixture.topic, NewPartitions.increaseTo(4)))
                    .all()
                    .get();
            try (BikeProducer aware = new BikeProducer(fixture.topic)) {
                aware.send(3, "added", ride(2, START, 10));
            }
        }

        awaitTrue(() -> warehouse.count("SELECT count(*) FROM reading") == 15);
        awaitTrue(() ->
                fixture.meters.get("deloton.ingest.partitions.added").counter().count() == 1);
    }

    @Test
    @Execution(CONCURRENT)
    void aCodecThatCannotBeLoadedStopsOnlyItsPartitionAndFailsLiveness() throws Exception {
        int port = LocalServers.freePort();
        try (GatewayProcess gateway = GatewayProcess.start(
                        warehouse.database(),
                        fixture.topic,
                        Map.of(
                                "DELOTON_HTTP_PORT",
                                String.valueOf(port),
                                "JAVA_TOOL_OPTIONS",
                                "-Dorg.xerial.snappy.tempdir=/proc/missing"));
                BikeProducer plain = new BikeProducer(fixture.topic);
                BikeProducer packed =
                        new BikeProducer(fixture.topic, Map.of("compression.type", "snappy", "linger.ms", "50"))) {
            plain.send(0, "stops", ride(1, START, 5));
            packed.send(0, "stops", readings(START, 6, 25));
            plain.send(1, "continues", ride(2, START, 5));
            awaitTrue(() -> stored("continues") == 5);
            awaitTrue(() -> stored("stops") == 5);

            awaitTrue(() -> get(port, "/health/live").startsWith("503"));
            assertThat(get(port, "/health/ready"))
                    .startsWith("503")
                    .contains(fixture.topic + "-0 cannot be read at offset ")
                    .contains("snappyjava");
            plain.send(1, "continues", readings(START, 6, 8));
            awaitTrue(() -> stored("continues") == 8);
            assertThat(gateway.stop()).isZero();
        }
    }

    private long stored(String key) {
        return warehouse.count(
                "SELECT count(*) FROM reading JOIN ride USING (ride_id) WHERE stream_key = '%s'".formatted(key));
    }

    private static String get(int port, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        }
    }
}
