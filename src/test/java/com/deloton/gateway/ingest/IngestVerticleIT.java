package com.deloton.gateway.ingest;

import static com.deloton.gateway.testing.IngestFixture.await;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.simulate.model.Fault;
import com.deloton.gateway.telemetry.Captures;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IngestVerticleIT {
    private static final FleetOptions FLEET = FleetOptions.defaults()
            .withSeed(7)
            .withBikes(20)
            .withSpeed(Double.POSITIVE_INFINITY)
            .withStart(Instant.parse("2026-11-24T10:00:00Z"))
            .withRideSeconds(40, 70);

    private final IngestFixture fixture = new IngestFixture();
    private final Warehouse warehouse = fixture.warehouse;

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void theWarehouseEqualsTheLedger() throws Exception {
        fixture.start();
        fixture.ride(FLEET.withMessages(20_000));

        warehouse.equalsLedger(fixture.ledger);
        assertThat(warehouse.count("SELECT count(*) FROM quarantine")).isZero();
        assertThat(warehouse.count("""
                        SELECT count(*) FROM ride r
                        WHERE status <> 'open' AND readings <> (SELECT count(*) FROM reading x WHERE x.ride_id = r.ride_id)
                           OR status <> 'open' AND abs(energy_kj - (SELECT sum(power_w) / 1000 FROM reading x WHERE x.ride_id = r.ride_id)) > 1e-3"""))
                .as("rides whose summary differs from their readings")
                .isZero();
        assertThat(warehouse.count("SELECT sum(readings) FROM minute"))
                .isEqualTo(warehouse.count("SELECT sum(readings) FROM ride"))
                .isPositive();
        assertThat(warehouse.count("""
                        SELECT count(*) FROM (
                            SELECT ride_id, r.day, elapsed_s / 60 AS minute, count(*) AS readings, sum(power_w::float8) / 1000 AS energy_kj,
                                avg(power_w::float8) AS power_mean_w, max(power_w) AS power_max_w,
                                avg(heart_rate_bpm) AS heart_rate_mean_bpm, max(heart_rate_bpm) AS heart_rate_max_bpm,
                                count(heart_rate_bpm) AS heart_rate_measured_s, avg(cadence_rpm) AS cadence_mean_rpm,
                                avg(x.resistance) AS resistance_mean
                            FROM reading x JOIN ride r USING (ride_id) WHERE status <> 'open' GROUP BY 1, 2, 3
                        ) c
                        FULL JOIN minute m USING (ride_id, day, minute)
                        WHERE c.readings IS DISTINCT FROM m.readings
                            OR c.heart_rate_max_bpm IS DISTINCT FROM m.heart_rate_max_bpm
                            OR c.heart_rate_measured_s IS DISTINCT FROM m.heart_rate_measured_s
                            OR EXISTS (
                                SELECT FROM (VALUES (c.energy_kj, m.energy_kj), (c.power_mean_w, m.power_mean_w),
                                    (c.power_max_w, m.power_max_w), (c.heart_rate_mean_bpm, m.heart_rate_mean_bpm),
                                    (c.cadence_mean_rpm, m.cadence_mean_rpm), (c.resistance_mean, m.resistance_mean)) AS v (a, b)
                                WHERE (a IS NULL) <> (b IS NULL) OR abs(a - b) > 1e-3)"""))
                .as("minutes that differ from their readings")
                .isZero();
        assertThat(warehouse.count("SELECT count(*) FROM rider"))
                .isEqualTo(fixture.ledger.stream()
                        .map(ExpectedRide::riderUserId)
                        .distinct()
                        .count());
    }

    @Test
    void dirtHasItsNamedOutcomeAndTheReadingsStayWhole() throws Exception {
        fixture.start();
        FleetOptions dirty = FLEET.withMessages(30_000);
        for (Fault kind : List.of(
                Fault.NOT_JSON,
                Fault.NO_LOG,
                Fault.INVALID_UTF8,
                Fault.UNKNOWN_LINE,
                Fault.EMPTY,
                Fault.BAD_TIMESTAMP,
                Fault.BAD_NUMBER,
                Fault.DUPLICATE,
                Fault.MISSING_RIDE,
                Fault.MISSING_TELEMETRY,
                Fault.HEART_RATE_RANGE,
                Fault.CADENCE_RANGE,
                Fault.POWER_RANGE)) {
            dirty = dirty.withFault(kind, 0.002);
        }
        fixture.ride(dirty);

        assertThat(warehouse.count("SELECT count(DISTINCT reason) FROM quarantine"))
                .isEqualTo(7);
        long readings =
                fixture.ledger.stream().mapToLong(r -> r.readings().size()).sum();
        long stray = warehouse.count("SELECT count(*) FROM quarantine WHERE reason = 'STRAY_TELEMETRY'");
        assertThat(warehouse.count("SELECT count(*) FROM reading")).isBetween(readings - stray - 20, readings);
        assertThat(cleaned("DUPLICATE")).isPositive();
        assertThat(cleaned("RIDE_LINE_MISSING")).isPositive();
        assertThat(cleaned("TELEMETRY_MISSING")).isPositive();
        assertThat(cleaned("HEART_RATE_CLEARED")).isPositive();
    }

    @Test
    void repetitionsAloneChangeNothing() throws Exception {
        fixture.start();
        fixture.ride(FLEET.withMessages(10_000).withFault(Fault.DUPLICATE, 0.1));

        warehouse.equalsLedger(fixture.ledger);
        assertThat(warehouse.count("SELECT count(*) FROM quarantine")).isZero();
    }

    @Test
    void whatCannotBeUsedIsKeptAsItCame() throws Exception {
        fixture.start();
        byte[] junk = {'{', (byte) 0xFF, 0, 1, 2};
        try (KafkaProducer<String, byte[]> producer = producer()) {
            producer.send(new ProducerRecord<>(fixture.topic, 1, "SN\u0000", junk))
                    .get();
            producer.send(new ProducerRecord<>(fixture.topic, 1, null, "{\"log\": 3}".getBytes(UTF_8)))
                    .get();
            producer.send(new ProducerRecord<>(fixture.topic, 1, "x", null)).get();
            producer.send(new ProducerRecord<>(fixture.topic, 1, "x", new byte[900_000]))
                    .get();
        }
        warehouse.awaitRecords(fixture.topic, 4);

        assertThat(warehouse.rows("SELECT record_offset, reason, record_key, value FROM quarantine ORDER BY 1"))
                .satisfiesExactly(
                        row -> assertThat(row).containsExactly(0L, "INVALID_UTF8", "0x534e00", junk),
                        row -> assertThat(row.subList(0, 3)).containsExactly(1L, "NO_LOG", null),
                        row -> assertThat(row).containsExactly(2L, "EMPTY", "x", null),
                        row -> assertThat((byte[]) row.get(3)).hasSize(900_000));
    }

    @Test
    void aRestartInTheMidstOfRidesGoesOnWhereItStopped() throws Exception {
        FleetOptions options = FLEET.withMessages(12_001);
        fixture.start();
        FleetProducer fleet = fixture.fleet(options.withSpeed(40));
        try {
            fleet.start();
            for (int i = 0; i < 3; i++) {
                long stored = warehouse.count("SELECT count(*) FROM reading");
                awaitTrue(() -> warehouse.count("SELECT count(*) FROM reading") > stored + 300);
                fixture.renew();
                fixture.start();
            }
            assertThat(fleet.awaitEnd(Duration.ofSeconds(60))).isTrue();
        } finally {
            fleet.close();
        }
        warehouse.awaitRecords(fixture.topic, fleet.sent());
        warehouse.equalsLedger(fixture.ledger);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void instancesSharePartitionsAsTheyComeAndGo(String groupProtocol) throws Exception {
        fixture.kafkaProperties = Map.of("group.protocol", groupProtocol);
        fixture.start();
        FleetProducer fleet = fixture.fleet(FLEET.withMessages(16_000).withSpeed(40));
        try {
            fleet.start();
            awaitTrue(() -> warehouse.count("SELECT count(*) FROM reading") > 500);
            String second = fixture.start(InstantSource.system());
            awaitTrue(() -> warehouse.count("SELECT max(epoch) FROM ingest_position") > 1);
            awaitTrue(() -> warehouse.count("SELECT count(*) FROM reading") > 2_500);
            await(fixture.vertx().undeploy(second));
            assertThat(fleet.awaitEnd(Duration.ofSeconds(60))).isTrue();
        } finally {
            fleet.close();
        }
        warehouse.awaitRecords(fixture.topic, fleet.sent());
        warehouse.equalsLedger(fixture.ledger);
    }

    @Test
    void eachBatchIsPublishedAtOnce() throws Exception {
        AtomicLong measured = new AtomicLong();
        IngestBatch.consume(
                fixture.vertx().eventBus(),
                batch -> batch.events().stream()
                        .filter(IngestBatch.Measured.class::isInstance)
                        .forEach(e -> measured.incrementAndGet()));
        fixture.start();
        fixture.ride(FLEET.withMessages(5_000));

        awaitTrue(() -> measured.get() == warehouse.count("SELECT count(*) FROM reading"));
    }

    @Test
    void aSilentBikesRideIsAbandoned() throws Exception {
        fixture.abandonAfter = Duration.ofSeconds(1);
        fixture.start();
        fixture.ride(FLEET.withMessages(2_000));

        awaitTrue(() -> warehouse.count("SELECT count(*) FROM ride WHERE status = 'open'") == 0);
        assertThat(warehouse.count("SELECT count(*) FROM ride WHERE status = 'abandoned'"))
                .isPositive();
        assertThat(warehouse.count("SELECT count(*) FROM reading_chunk")).isZero();
    }

    @Test
    void readinessSaysWhatIsWrong() throws Exception {
        fixture.start();
        awaitTrue(() -> await(fixture.ready().checkStatus()).getUp());
        warehouse.execute("UPDATE ingest_position SET next_offset = 1000000, epoch = epoch + 1");
        try (FleetProducer fleet = fixture.fleet(FLEET.withMessages(300))) {
            fleet.start();
            assertThat(fleet.awaitEnd(Duration.ofSeconds(60))).isTrue();
        }

        awaitTrue(
                () -> await(fixture.ready().checkStatus()).toJson().encode().contains("Kafka has lost stored records"));
    }

    @Test
    void storesTheRidesOfTheCaptures() throws Exception {
        fixture.start();
        long lines = 0;
        try (KafkaProducer<String, byte[]> producer = producer()) {
            for (String name : Captures.NAMES) {
                for (String line : Captures.read(name)) {
                    producer.send(new ProducerRecord<>(fixture.topic, name, line.getBytes(UTF_8)))
                            .get();
                    lines++;
                }
            }
        }
        warehouse.awaitRecords(fixture.topic, lines);

        assertThat(warehouse.rows("""
                        SELECT stream_key, count(DISTINCT ride_id), count(DISTINCT rider_id), count(elapsed_s)
                        FROM ride LEFT JOIN reading USING (ride_id) GROUP BY 1 ORDER BY 1"""))
                .containsExactly(
                        List.of(Captures.LOG_ONS, 5L, 5L, 0L),
                        List.of(Captures.MID_RIDE, 1L, 0L, 15L),
                        List.of(Captures.THREE_RIDES, 3L, 2L, 15L),
                        List.of(Captures.WHOLE_RIDE, 1L, 1L, 120L));
        assertThat(warehouse.count("SELECT count(*) FROM quarantine")).isZero();
    }

    private static KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrap()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    private double cleaned(String kind) {
        return fixture.meters
                .get("deloton.ingest.cleaned")
                .tag("kind", kind)
                .counter()
                .count();
    }
}
