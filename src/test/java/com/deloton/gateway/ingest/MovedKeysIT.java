package com.deloton.gateway.ingest;

import static com.deloton.gateway.testing.BikeProducer.logOn;
import static com.deloton.gateway.testing.BikeProducer.readings;
import static com.deloton.gateway.testing.BikeProducer.ride;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.testing.BikeProducer;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/** Keys that move to another partition in mid-ride, since partitions were added. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MovedKeysIT {
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
    void theRidesOfAFleetAreNotSplitAndNoAlertIsMissed() throws Exception {
        fixture.kafkaProperties = Map.of("metadata.max.age.ms", "500");
        fixture.start();
        fixture.start();
        Instant begin = Instant.now();
        AtomicReference<Instant> now = new AtomicReference<>(begin);
        FleetProducer fleet = new FleetProducer(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrap(), "metadata.max.age.ms", "100"),
                fixture.topic,
                IngestFixture.ABNORMAL.withSpeed(1).withMessages(12_000),
                now::get,
                fixture.ledger::add);
        try {
            fleet.start();
            awaitTrue(() -> {
                now.updateAndGet(time -> time.plusMillis(500));
                return warehouse.count("SELECT count(*) FROM reading") > 300;
            });
            addPartitions(5);
            awaitTrue(() -> {
                now.updateAndGet(time -> time.plusMillis(50));
                return moved() >= 3;
            });
            now.set(begin.plus(Duration.ofHours(1)));
            assertThat(fleet.awaitEnd(Duration.ofSeconds(60))).isTrue();
        } finally {
            fleet.close();
        }
        warehouse.awaitRecords(fixture.topic, fleet.sent());

        awaitTrue(() -> warehouse.count("SELECT count(*) FROM held_record") == 0);
        List<ExpectedRide> rides = fixture.ledger.stream()
                .map(Warehouse::storable)
                .filter(ride -> ride.logOnMicros() != null || !ride.readings().isEmpty())
                .toList();
        assertThat(warehouse.count("SELECT count(*) FROM ride")).isEqualTo(rides.size());
        assertThat(warehouse.count("SELECT count(*) FROM ride WHERE rider_id IS NULL OR status = 'abandoned'"))
                .isEqualTo(rides.stream()
                        .filter(ride -> ride.riderUserId() == null)
                        .count());
        assertThat(warehouse.count("SELECT count(*) FROM reading"))
                .isEqualTo(
                        rides.stream().mapToLong(ride -> ride.readings().size()).sum());
        assertThat(fixture.storedAlerts()).isNotEmpty().isEqualTo(fixture.expectedAlerts());
    }

    @Test
    @Execution(CONCURRENT)
    void aSecondWhoseLinesAreInTwoPartitionsIsOneReading() throws Exception {
        fixture.start();
        List<String> sixth = readings(START, 6, 6);
        try (BikeProducer bikes = new BikeProducer(fixture.topic)) {
            bikes.send(0, "bike", ride(1, START, 5));
            bikes.send(0, "bike", sixth.subList(0, 1));
            bikes.send(0, "other", ride(2, START, 5));
            awaitTrue(() -> stored("bike") == 5 && stored("other") == 5);
            addPartitions(4);
            bikes.send(1, "bike", sixth.subList(1, 2));
            bikes.send(1, "bike", readings(START, 7, 9));
            bikes.send(0, "other", readings(START, 6, 9));
            awaitTrue(() -> stored("bike") == 9 && stored("other") == 9);
            bikes.send(1, "bike", logOn(3, START.plusSeconds(30)));
            awaitTrue(() -> warehouse.count("SELECT count(*) FROM ride WHERE status = 'completed'") == 1);
        }

        assertThat(warehouse.rows("""
                SELECT stream_key, rider_id, status, (SELECT count(*) FROM reading x WHERE x.ride_id = r.ride_id
                        AND resistance IS NOT NULL AND power_w IS NOT NULL)
                FROM ride r ORDER BY rider_id"""))
                .containsExactly(
                        List.of("bike", 1L, "completed", 9L),
                        List.of("other", 2L, "open", 9L),
                        List.of("bike", 3L, "open", 0L));
        assertThat(warehouse.count("SELECT count(*) FROM quarantine")).isZero();
        assertThat(moved()).isEqualTo(1);
    }

    @Test
    @Execution(CONCURRENT)
    void keysThatMovedWhileNoGatewayRanAreCarriedOverAtTheStart() throws Exception {
        fixture.start();
        try (BikeProducer bikes = new BikeProducer(fixture.topic)) {
            bikes.send(2, "bike", ride(1, START, 5));
            awaitTrue(() -> stored("bike") == 5);
            fixture.renew();
            addPartitions(4);
            bikes.send(2, "bike", readings(START, 6, 8));
            try (BikeProducer aware = new BikeProducer(fixture.topic)) {
                aware.send(3, "bike", readings(START, 9, 20));
                aware.send(1, "unknown", readings(START, 1, 3));
            }
        }
        fixture.start();

        awaitTrue(() -> stored("bike") == 20 && stored("unknown") == 3);
        assertThat(warehouse.rows("SELECT stream_key, coalesce(rider_id, 0) FROM ride ORDER BY stream_key"))
                .containsExactly(List.of("bike", 1L), List.of("unknown", 0L));
    }

    /** Both partitions hold the key's records then, since the growth is known before they are read. */
    @Test
    @Execution(CONCURRENT)
    void aRideThatBeganAndMovedWhileNoGatewayRanIsNotSplit() throws Exception {
        fixture.start();
        try (BikeProducer bikes = new BikeProducer(fixture.topic)) {
            bikes.send(0, "other", ride(2, START, 5));
            awaitTrue(() -> stored("other") == 5);
            fixture.renew();
            bikes.send(2, "bike", ride(1, START, 5));
            addPartitions(4);
            try (BikeProducer aware = new BikeProducer(fixture.topic)) {
                aware.send(1, "bike", readings(START, 6, 20));
            }
        }
        fixture.start();

        awaitTrue(() -> stored("bike") == 20);
        assertThat(warehouse.rows("SELECT rider_id FROM ride WHERE stream_key = 'bike'"))
                .containsExactly(List.of(1L));
    }

    private double moved() {
        return fixture.meters.get("deloton.ingest.rides.moved").counter().count();
    }

    private void addPartitions(int total) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafkaBootstrap()))) {
            admin.createPartitions(Map.of(fixture.topic, NewPartitions.increaseTo(total)))
                    .all()
                    .get();
        }
    }

    private long stored(String key) {
        return warehouse.count(
                "SELECT count(*) FROM reading JOIN ride USING (ride_id) WHERE stream_key = '%s'".formatted(key));
    }
}
