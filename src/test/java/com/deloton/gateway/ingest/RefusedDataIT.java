package com.deloton.gateway.ingest;

import static com.deloton.gateway.testing.BikeProducer.logOn;
import static com.deloton.gateway.testing.BikeProducer.readings;
import static com.deloton.gateway.testing.BikeProducer.ride;
import static com.deloton.gateway.testing.IngestFixture.await;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.deloton.gateway.ingest.partition.Recovery;
import com.deloton.gateway.simulate.model.WireFormat;
import com.deloton.gateway.testing.BikeProducer;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.slf4j.LoggerFactory;

/** Records whose data PostgreSQL refuses, or that would fill memory or the catalogue. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusedDataIT {
    @SuppressWarnings("TimeInStaticInitializer") // the records of one run of the tests begin there
    private static final Instant START = Instant.now().minusSeconds(600);

    private final IngestFixture fixture = new IngestFixture();
    private final Warehouse warehouse = fixture.warehouse;
    private final BikeProducer bikes = new BikeProducer(fixture.topic);

    @AfterEach
    void close() throws Exception {
        bikes.close();
        fixture.close();
    }

    @Test
    @Execution(CONCURRENT)
    void aRefusedRiderIsQuarantinedAndEveryReadingIsStored() throws Exception {
        warehouse.execute("ALTER TABLE rider ADD CONSTRAINT no_4711 CHECK (rider_id <> 4711)");
        bikes.send(0, "before", ride(1, START, 20));
        bikes.send(0, "refused", ride(4711, START, 20));
        bikes.send(0, "after", ride(2, START, 20));
        bikes.send(1, "elsewhere", ride(3, START, 20));
        fixture.start();
        warehouse.awaitRecords(fixture.topic, 4 * 44);

        assertThat(warehouse.rows("""
                        SELECT stream_key, rider_id, count(*), count(DISTINCT elapsed_s) FROM ride JOIN reading USING (ride_id)
                        GROUP BY 1, 2 ORDER BY 1"""))
                .containsExactly(
                        List.of("after", 2L, 20L, 20L),
                        List.of("before", 1L, 20L, 20L),
                        List.of("elsewhere", 3L, 20L, 20L),
                        Arrays.asList("refused", null, 20L, 20L));
        assertThat(warehouse.rows("SELECT record_key, reason, detail, convert_from(value, 'UTF8') FROM quarantine"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.subList(0, 2)).containsExactly("refused", "REFUSED_BY_DATABASE");
                    assertThat((String) row.get(2))
                            .contains("violates check constraint \"no_4711\"")
                            .contains("SQLSTATE 23514");
                    assertThat((String) row.get(3)).contains("4711");
                });
        bikes.send(0, "refused", readings(START, 21, 25));
        warehouse.awaitRecords(fixture.topic, 4 * 44 + 10);
        assertThat(warehouse.count(
                        "SELECT count(*) FROM ride JOIN reading USING (ride_id) WHERE stream_key = 'refused'"))
                .isEqualTo(25);
        awaitTrue(() -> await(fixture.ready().checkStatus()).getUp());
        assertThat(fixture.meters
                        .get("deloton.ingest.quarantined")
                        .tag("reason", "REFUSED_BY_DATABASE")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    @Execution(CONCURRENT)
    void aRefusedReadingIsQuarantinedAlone() throws Exception {
        warehouse.execute("ALTER TABLE reading_chunk ADD CHECK (NOT 50.007::real = ANY (power_w))");
        bikes.send(0, "bike", ride(1, START, 30));
        fixture.start();
        warehouse.awaitRecords(fixture.topic, 64);

        assertThat(warehouse.rows("SELECT array_agg(elapsed_s ORDER BY elapsed_s)::text FROM reading"))
                .containsExactly(
                        List.of("{1,2,3,4,5,6,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30}"));
        assertThat(warehouse.rows("SELECT reason, convert_from(value, 'UTF8')::json ->> 'firstS' FROM quarantine"))
                .containsExactly(List.of("REFUSED_BY_DATABASE", "7"));
    }

    @Test
    @Execution(CONCURRENT)
    void aRefusedHeartRateAlertIsQuarantinedAndEveryReadingIsStored() throws Exception {
        warehouse.execute("ALTER TABLE alert ADD CONSTRAINT none CHECK (rider_id IS NULL)");
        List<String> lines = ride(1, START, 20).stream()
                .map(line -> line.replace("\"gender\"", "\"date_of_birth\":631152000000,\"gender\"")
                        .replace("hrt = 100", "hrt = 215"))
                .toList();
        bikes.send(0, "bike", lines);
        fixture.start();
        warehouse.awaitRecords(fixture.topic, 44);

        assertThat(warehouse.count("SELECT count(*) FROM reading")).isEqualTo(20);
        assertThat(warehouse.rows("SELECT reason, convert_from(value, 'UTF8'), detail FROM quarantine"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.get(0)).isEqualTo("REFUSED_BY_DATABASE");
                    assertThat((String) row.get(1)).startsWith("Raised[");
                    assertThat((String) row.get(2))
                            .startsWith("a heart-rate event of ride ")
                            .contains("\"none\"");
                });
    }

    @Test
    @Execution(CONCURRENT)
    void aRideWhoseSeriesIsRefusedEndsWithItsReadings() throws Exception {
        warehouse.execute("ALTER TABLE ride_series ADD CHECK (first_s <> 1)");
        bikes.send(0, "bike", ride(1, START, 30));
        bikes.send(0, "bike", logOn(2, START.plusSeconds(60)));
        bikes.send(0, "other", ride(3, START, 10));
        fixture.start();
        warehouse.awaitRecords(fixture.topic, 64 + 4 + 24);

        assertThat(warehouse.rows("""
                        SELECT rider_id, status, (SELECT count(*) FROM reading x WHERE x.ride_id = r.ride_id)
                        FROM ride r ORDER BY rider_id"""))
                .containsExactly(List.of(1L, "completed", 30L), List.of(2L, "open", 0L), List.of(3L, "open", 10L));
        assertThat(warehouse.count("SELECT count(*) FROM quarantine WHERE reason = 'REFUSED_BY_DATABASE'"))
                .isEqualTo(1);
    }

    @Test
    @Execution(CONCURRENT)
    void ridesOfManyOldDaysAreStoredWithoutATableForEach() throws Exception {
        long before = warehouse.count("SELECT count(*) FROM pg_inherits");
        for (int day = 0; day < 300; day++) {
            bikes.send(0, "bike", ride(1, START.minus(Duration.ofDays(400 + day)), 2));
        }
        bikes.send(0, "bike", ride(1, START, 2));
        bikes.send(0, "bike", logOn(1, START.plusSeconds(60)));
        fixture.start();
        warehouse.awaitRecords(fixture.topic, 301 * 8 + 4);

        assertThat(warehouse.count("SELECT count(*) FROM ride_series")).isEqualTo(301);
        assertThat(warehouse.count("SELECT count(*) FROM pg_inherits") - before)
                .as("new partitions of tables and indexes")
                .isLessThan(60);
    }

    @Test
    @Execution(CONCURRENT)
    void binaryAndLongKeysAreStreamsOfTheirOwn() throws Exception {
        byte[] first = HexFormat.of().parseHex("0000000000000081");
        byte[] second = HexFormat.of().parseHex("0000000000000082");
        byte[] longest = "k".repeat(6_000).getBytes(UTF_8);
        List<String> one = ride(1, START, 5);
        List<String> two = ride(2, START, 5);
        for (int i = 0; i < one.size(); i++) {
            bikes.send(0, first, null, one.subList(i, i + 1));
            bikes.send(0, second, null, two.subList(i, i + 1));
        }
        bikes.send(0, longest, null, ride(3, START, 5));
        fixture.start();
        warehouse.awaitRecords(fixture.topic, 3 * 14);

        assertThat(warehouse.rows("""
                        SELECT rider_id, left(stream_key, 18), count(*) FROM ride JOIN reading USING (ride_id)
                        GROUP BY 1, 2 ORDER BY 1"""))
                .containsExactly(
                        List.of(1L, "0x0000000000000081", 5L),
                        List.of(2L, "0x0000000000000082", 5L),
                        List.of(3L, "sha256:e4bdbafd24c", 5L));
        assertThat(warehouse.count("SELECT count(*) FROM quarantine")).isZero();
    }

    @Test
    @Execution(CONCURRENT)
    void recordTimesAreBoundedByTheGatewaysClock() throws Exception {
        for (long millis : new long[] {0, System.currentTimeMillis() / 1_000, System.currentTimeMillis() + 3_000_000}) {
            bikes.send(0, ("bike" + millis).getBytes(UTF_8), millis, ride(1, START, 3));
        }
        fixture.start();
        warehouse.awaitRecords(fixture.topic, 30);

        assertThat(warehouse.rows(
                        "SELECT DISTINCT started_at, recorded_at - started_at FROM ride JOIN reading USING (ride_id)"))
                .as("the bikes' own times")
                .hasSize(3);
        assertThat(warehouse.count("SELECT count(*) FROM ingest_position WHERE last_record_at > now()"))
                .isZero();
    }

    @Test
    @Execution(CONCURRENT)
    void streamsBeyondTheLimitAreQuarantinedUntilOthersEnd() throws Exception {
        fixture.maxStreams = 2;
        fixture.start();
        bikes.send(0, "a", ride(1, START, 3));
        bikes.send(0, "b", ride(2, START, 3));
        bikes.send(0, "c", ride(3, START, 3));
        warehouse.awaitRecords(fixture.topic, 30);

        assertThat(warehouse.rows("SELECT record_key, reason, count(*) FROM quarantine GROUP BY 1, 2"))
                .containsExactly(List.of("c", "TOO_MANY_STREAMS", 10L));
        bikes.send(0, "a", List.of(WireFormat.BEGINNING_OF_MAIN));
        warehouse.awaitRecords(fixture.topic, 31);
        awaitTrue(() -> fixture.meters.get("deloton.ingest.open.rides").gauge().value() == 1);
        bikes.send(0, "c", ride(3, START, 3));
        warehouse.awaitRecords(fixture.topic, 41);
        assertThat(warehouse.count("SELECT count(*) FROM ride WHERE stream_key = 'c'"))
                .isEqualTo(1);
    }

    @Test
    @Execution(CONCURRENT)
    void aPartitionThatIsTakenOverManyTimesUsesUpNoNumber() throws Exception {
        Recovery recovery = new Recovery(fixture.pool());
        for (int i = 0; i < 5; i++) {
            await(recovery.takeOver(fixture.topic, "id", 0, 0, 3));
        }
        warehouse.execute("SELECT setval(pg_get_serial_sequence('ingest_position', 'source_id'), 4094)");
        for (int i = 0; i < 5; i++) {
            await(recovery.takeOver(fixture.topic, "id", 0, 0, 3));
        }
        await(recovery.takeOver(fixture.topic, "id", 1, 7, 3));

        assertThat(warehouse.rows("SELECT source_id, partition, next_offset, epoch FROM ingest_position ORDER BY 1"))
                .containsExactly(List.of(1, 0, 0L, 10L), List.of(4095, 1, 7L, 1L));
    }

    @Test
    @Execution(CONCURRENT)
    void ridesOfADayWithoutAPartitionAreStoredWhileAnAnalystReads() throws Exception {
        fixture.usePool(vertx -> PgBuilder.pool()
                .using(vertx)
                .connectingTo(
                        PgConnectOptions.fromUri(warehouse.database().url()).addProperty("lock_timeout", "300"))
                .build());
        Instant lastWeek = START.minus(Duration.ofDays(7));
        try (var analyst = warehouse.database().connect();
                var statement = analyst.createStatement()) {
            analyst.setAutoCommit(false);
            statement.execute("SELECT count(*) FROM reading");
            bikes.send(0, "bike", ride(1, lastWeek, 20));
            bikes.send(0, "bike", logOn(2, lastWeek.plusSeconds(60)));
            fixture.start();
            warehouse.awaitRecords(fixture.topic, 44 + 4);
        }

        assertThat(warehouse.count("SELECT count(*) FROM ride_series")).isEqualTo(1);
    }

    @Test
    @Execution(CONCURRENT)
    void aProducerWhoseClockIsSlowMakesNoAlertAnOldOne() throws Exception {
        Instant now = Instant.now().minusSeconds(30);
        List<String> lines = ride(1, now, 20).stream()
                .map(line -> line.replace("\"gender\"", "\"date_of_birth\":631152000000,\"gender\"")
                        .replace("hrt = 100", "hrt = 215"))
                .toList();
        bikes.send(
                0,
                "bike".getBytes(UTF_8),
                System.currentTimeMillis() - Duration.ofDays(1).toMillis(),
                lines);
        fixture.start();
        warehouse.awaitRecords(fixture.topic, 44);

        assertThat(warehouse.rows("SELECT received_at - raised_at FROM alert")).hasSize(1);
        assertThat(warehouse.count("SELECT count(*) FROM alert WHERE received_at > now() - interval '2 minutes'"))
                .isEqualTo(1);
    }

    @Test
    @Execution(CONCURRENT)
    void manyRefusedRowsAreLoggedInAFewLines() throws Exception {
        warehouse.execute("ALTER TABLE rider ADD CHECK (rider_id < 100)");
        Logger logger = (Logger) LoggerFactory.getLogger(SalvageWriter.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        for (int rider = 100; rider < 150; rider++) {
            bikes.send(0, fixture.topic + rider, logOn(rider, START));
        }
        log.start();
        logger.addAppender(log);
        fixture.start();
        warehouse.awaitRecords(fixture.topic, 50 * 4);
        logger.detachAppender(log);

        assertThat(warehouse.count("SELECT count(*) FROM quarantine WHERE reason = 'REFUSED_BY_DATABASE'"))
                .isEqualTo(50);
        assertThat(List.copyOf(log.list))
                .filteredOn(event -> event.getFormattedMessage().contains("rider_rider_id_check"))
                .hasSizeLessThan(50);
    }
}
