package com.deloton.gateway.ingest;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.RecordedStream;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import io.micrometer.core.instrument.Gauge;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that was restored to an older state, while Kafka has the records since then. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RestoreIT {
    private static final int RECORDS = 6_000;
    private static final int AT_BACKUP = 2_500;

    private final IngestFixture lost = new IngestFixture();
    private RecordedStream stream;
    private IngestFixture restored;

    /** Rides are open in the backup, and further ones have begun and ended since. */
    @BeforeEach
    void loseADatabaseAndRestoreItsBackup() throws Exception {
        stream = RecordedStream.of(IngestFixture.ABNORMAL.withMessages(RECORDS));
        stream.send(lost.topic, 0, AT_BACKUP);
        lost.start();
        lost.warehouse.awaitRecords(lost.topic, AT_BACKUP);
        lost.renew();
        Warehouse backup = new Warehouse(TestServers.copyOf(lost.warehouse.database()));
        assertThat(backup.count("SELECT count(*) FROM ride WHERE status = 'open'"))
                .isPositive();
        stream.send(lost.topic, AT_BACKUP, RECORDS);
        lost.start();
        lost.warehouse.awaitRecords(lost.topic, RECORDS);
        lost.renew();
        restored = new IngestFixture(backup, lost.topic);
    }

    @AfterEach
    void close() throws Exception {
        restored.close();
        lost.close();
    }

    @Test
    void theGatewayContinuesFromTheStoredPositionsAndTheWarehouseEqualsTheLedger() throws Exception {
        restored.start();
        restored.warehouse.awaitRecords(lost.topic, RECORDS);

        restored.warehouse.equalsLedger(stream.ledger());
        assertThat(restored.storedAlerts())
                .isNotEmpty()
                .isEqualTo(IngestFixture.expectedAlerts(stream.ledger()))
                .isEqualTo(lost.storedAlerts());
        assertThat(rides(restored.warehouse)).isNotEmpty().isEqualTo(rides(lost.warehouse));
        assertThat(restored.meters.get("deloton.ingest.lost.records").counter().count())
                .isZero();
    }

    @Test
    void recordsThatKafkaDeletedSinceTheBackupAreCountedAndTheRestIsStored() throws Exception {
        int gap = 40;
        long position = restored.warehouse.count("SELECT next_offset FROM ingest_position WHERE partition = 0");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafkaBootstrap()))) {
            admin.deleteRecords(Map.of(new TopicPartition(lost.topic, 0), RecordsToDelete.beforeOffset(position + gap)))
                    .all()
                    .get();
        }
        restored.start();
        restored.warehouse.awaitRecords(lost.topic, RECORDS);

        assertThat(restored.meters.get("deloton.ingest.lost.records").counter().count())
                .isEqualTo(gap);
        awaitTrue(() -> {
            Collection<Gauge> lags =
                    restored.meters.find("deloton.ingest.lag.records").gauges();
            return lags.size() == 3 && lags.stream().allMatch(lag -> lag.value() == 0);
        });
        assertThat(restored.warehouse.count("SELECT count(*) FROM reading"))
                .isBetween(
                        lost.warehouse.count("SELECT count(*) FROM reading") - gap,
                        lost.warehouse.count("SELECT count(*) FROM reading") - 1);
    }

    private static List<List<Object>> rides(Warehouse warehouse) {
        return warehouse.rows("""
                SELECT ride_id, stream_key, rider_id, status, started_at, ended_at, readings, energy_kj,
                    (SELECT sum(readings) FROM minute m WHERE m.ride_id = r.ride_id)
                FROM ride r ORDER BY ride_id""");
    }
}
