package com.deloton.gateway.ingest;

import static com.deloton.gateway.testing.BikeProducer.logOn;
import static com.deloton.gateway.testing.BikeProducer.readings;
import static com.deloton.gateway.testing.BikeProducer.ride;
import static com.deloton.gateway.testing.IngestFixture.await;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.deloton.gateway.testing.BikeProducer;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/** Transactions, silence, deletion, re-creation and damage of the topic. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TopicFaultsIT {
    @SuppressWarnings("TimeInStaticInitializer") // the records of one run of the tests begin there
    private static final Instant START = Instant.now().minusSeconds(60);

    private final IngestFixture fixture = new IngestFixture();
    private final Warehouse warehouse = fixture.warehouse;
    private final BikeProducer bikes = new BikeProducer(fixture.topic);
    private final BikeProducer transactions =
            new BikeProducer(fixture.topic, Map.of("transactional.id", "tx-" + fixture.topic));

    @AfterEach
    void close() throws Exception {
        bikes.close();
        transactions.close();
        fixture.close();
    }

    @Test
    @Execution(CONCURRENT)
    void withdrawnRecordsTakeNoEffectAndTheMarkersLeaveNoLag() throws Exception {
        fixture.start();
        transactions.producer().initTransactions();
        transact(true, "bike", ride(1, START, 5));
        transact(false, "bike", readings(START.plusSeconds(1), 6, 10));
        transact(true, "bike", readings(START, 6, 10));
        awaitTrue(() -> warehouse.count("SELECT count(*) FROM reading") == 10);

        assertThat(warehouse.rows("SELECT max(recorded_at - started_at)::text FROM ride JOIN reading USING (ride_id)"))
                .as("the committed seconds, not the withdrawn ones, which were a second later")
                .containsExactly(List.of("00:00:10"));
        awaitTrue(
                () -> fixture.meters.find("deloton.ingest.lag.records").gauges().size() == 3
                        && fixture.meters.get("deloton.ingest.lag.records").gauges().stream()
                                .allMatch(gauge -> gauge.value() == 0));
        assertThat(health("ingest").getBoolean("up")).isTrue();
    }

    @Test
    @Execution(CONCURRENT)
    void aPartitionThatBeginsWithWithdrawnRecordsStopsNothing() throws Exception {
        transactions.producer().initTransactions();
        transact(false, "withdrawn", ride(1, START, 5));
        bikes.send(1, "other", ride(2, START, 5));
        fixture.start();
        warehouse.awaitRecords(fixture.topic, 15 + 14);

        assertThat(warehouse.rows(
                        "SELECT partition, next_offset, last_record_at IS NULL FROM ingest_position ORDER BY 1"))
                .containsExactly(List.of(0, 15L, true), List.of(1, 14L, false), List.of(2, 0L, true));
        transact(true, "bike", ride(3, START, 5));
        awaitTrue(() -> warehouse.count("SELECT count(*) FROM reading") == 10);
        awaitTrue(() -> health("ingest").getBoolean("up"));
    }

    @Test
    @Execution(CONCURRENT)
    void aBikeIsSilentByItsOwnRecordsAlone() throws Exception {
        fixture.abandonAfter = Duration.ofSeconds(6);
        fixture.start();
        transactions.producer().initTransactions();
        transact(true, "silent", ride(1, START, 5));
        bikes.send(0, "steady".getBytes(UTF_8), System.currentTimeMillis() - 2_700_000, ride(2, START, 5));
        bikes.send(0, "fast".getBytes(UTF_8), System.currentTimeMillis() + 180_000, ride(3, START, 1));
        int second = 6;
        while (warehouse.count("SELECT count(*) FROM ride WHERE stream_key = 'silent' AND status = 'abandoned'") == 0) {
            bikes.send(
                    0,
                    "steady".getBytes(UTF_8),
                    System.currentTimeMillis() - 2_700_000,
                    readings(START, second, second));
            second++;
            LockSupport.parkNanos(100_000_000);
        }

        assertThat(warehouse.rows("SELECT stream_key, status FROM ride WHERE stream_key <> 'fast' ORDER BY 1"))
                .as("one ride each; records 45 minutes old and a fast clock elsewhere change nothing")
                .containsExactly(List.of("silent", "abandoned"), List.of("steady", "open"));
    }

    @Test
    @Execution(CONCURRENT)
    void recordsDeletedAheadOfTheReaderAreCountedAndWhatWasReadIsKept() throws Exception {
        fixture.start();
        bikes.send(0, "bike", ride(1, START, 5));
        warehouse.awaitRecords(fixture.topic, 14);
        fixture.renew();
        bikes.send(0, "bike", readings(START, 6, 15));
        deleteRecords(24);
        fixture.start();
        warehouse.awaitRecords(fixture.topic, 34);

        assertThat(fixture.meters.get("deloton.ingest.lost.records").counter().count())
                .isEqualTo(10);
        assertThat(warehouse.rows("SELECT array_agg(elapsed_s ORDER BY elapsed_s)::text FROM reading"))
                .containsExactly(List.of("{1,2,3,4,5,11,12,13,14,15}"));
        awaitTrue(() -> health("ingest").getBoolean("up"));
    }

    @Test
    @Execution(CONCURRENT)
    void recordsDeletedUnderAPausedReaderAreCounted() throws Exception {
        fixture.start();
        bikes.send(0, "bike", ride(1, START, 5));
        warehouse.awaitRecords(fixture.topic, 14);
        warehouse.execute("ALTER TABLE ingest_position RENAME TO ingest_position_away");
        bikes.send(0, "bike", readings(START, 6, 4_000));
        for (int i = 1; i <= 12; i++) {
            bikes.send(0, "bike" + i, ride(i, START, 1_000));
        }
        awaitTrue(() ->
                fixture.meters.get("deloton.ingest.buffered.records").gauge().value() >= 20_000);
        long end = 14 + 7_990 + 12 * 2_004L;
        deleteRecords(end - 5);
        awaitTrue(() ->
                fixture.meters.get("deloton.ingest.lost.records").counter().count() > 0);
        warehouse.execute("ALTER TABLE ingest_position_away RENAME TO ingest_position");
        warehouse.awaitRecords(fixture.topic, end);

        double lost =
                fixture.meters.get("deloton.ingest.lost.records").counter().count();
        double read = fixture.meters.get("deloton.ingest.records").counter().count();
        assertThat(lost + read).isEqualTo((double) end);
        assertThat(
                        warehouse.count(
                                "SELECT count(*) FROM reading WHERE elapsed_s <= 4000 AND ride_id = (SELECT min(ride_id) FROM ride)"))
                .as("what was read before is stored")
                .isEqualTo(4_000);
    }

    @Test
    @Execution(CONCURRENT)
    void aTopicThatIsCreatedAgainIsNotReadOn() throws Exception {
        fixture.start();
        bikes.send(0, "before", ride(1, START, 5));
        warehouse.awaitRecords(fixture.topic, 14);
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(fixture.topic)).all().get();
            awaitTrue(() -> !admin.listTopics().names().get().contains(fixture.topic));
            admin.createTopics(List.of(new NewTopic(fixture.topic, 3, (short) 1)))
                    .all()
                    .get();
        }
        bikes.send(0, "again", ride(2, START, 40));

        awaitTrue(() -> health("ingest").encode().contains("the topic was deleted and created again"));
        assertThat(warehouse.count("SELECT count(*) FROM ingest_position WHERE topic_id IS NULL"))
                .isZero();
    }

    @Test
    @Execution(CONCURRENT)
    void aDamagedBatchStopsOnlyItsOwnPartition() throws Exception {
        bikes.send(0, "damaged", ride(1, START, 5));
        bikes.send(1, "whole", ride(2, START, 5));
        damage(0);
        fixture.start();
        awaitTrue(() ->
                warehouse.count("SELECT count(*) FROM ride JOIN reading USING (ride_id) WHERE stream_key = 'whole'")
                        == 5);
        awaitTrue(() -> health("ingest").encode().contains(fixture.topic + "-0 cannot be read at offset 0"));
        bikes.send(1, "whole", readings(START, 6, 8));
        awaitTrue(() ->
                warehouse.count("SELECT count(*) FROM ride JOIN reading USING (ride_id) WHERE stream_key = 'whole'")
                        == 8);

        bikes.send(0, "damaged", logOn(3, START));
        warehouse.execute("UPDATE ingest_position SET next_offset = 14, epoch = epoch + 1 WHERE partition = 0");
        awaitTrue(() -> warehouse.count("SELECT count(*) FROM ride WHERE rider_id = 3") == 1);
        awaitTrue(() -> health("ingest").getBoolean("up"));
    }

    private void transact(boolean commit, String key, List<String> lines) throws Exception {
        transactions.producer().beginTransaction();
        transactions.send(0, key, lines);
        if (commit) {
            transactions.producer().commitTransaction();
        } else {
            transactions.producer().abortTransaction();
        }
    }

    private void deleteRecords(long before) throws Exception {
        try (Admin admin = admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(fixture.topic, 0), RecordsToDelete.beforeOffset(before)))
                    .all()
                    .get();
        }
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", TestServers.kafkaBootstrap()));
    }

    private JsonObject health(String prefix) throws Exception {
        var result = await(fixture.ready().checkStatus());
        JsonObject json = new JsonObject().put("up", result.getUp());
        result.getChecks().stream()
                .filter(check -> check.getId().startsWith(prefix))
                .forEach(check ->
                        json.put(check.getId(), String.valueOf(check.getStatus().getData())));
        return json;
    }

    /** Flips a bit in the last record that the broker has on disk, so that the batch's checksum is wrong. */
    private void damage(int partition) throws IOException {
        String folder = fixture.topic + "-" + partition;
        try (var files = Files.walk(Path.of("target"))) {
            Path log = files.filter(path -> path.endsWith(Path.of(folder, "00000000000000000000.log")))
                    .findFirst()
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
                long at = 100;
                file.seek(at);
                int value = file.read();
                file.seek(at);
                file.write(value ^ 1);
            }
        }
    }
}
