package com.deloton.gateway.ingest;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.local.LocalPostgres;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The gateway in its own JVM, and what may happen to it, while 100,000 messages flow. In the end every reading is in
 * the warehouse exactly once, by the simulator's own ledger.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessKillIT {
    private static final int MESSAGES = 100_000;
    private static final int KILLS = 3;
    private static final FleetOptions FLEET = FleetOptions.defaults()
            .withSeed(11)
            .withBikes(100)
            .withMessages(MESSAGES)
            .withStart(Instant.parse("2026-11-24T10:00:00Z"));

    private final String topic = TestServers.freshTopic(4);
    private final List<ExpectedRide> ledger = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aGatewayKilledAtRandomMomentsLosesAndDoublesNothing() throws Exception {
        Warehouse warehouse = Warehouse.fresh();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int kills = 0;
        FleetProducer fleet = fleet(12);
        GatewayProcess gateway = GatewayProcess.start(warehouse.database(), topic);
        try {
            fleet.start();
            while (kills < KILLS && taken(warehouse) < MESSAGES) {
                awaitMore(warehouse, taken(warehouse));
                LockSupport.parkNanos(random.nextInt(1_000) * 1_000_000L);
                gateway.kill();
                kills += taken(warehouse) < MESSAGES ? 1 : 0;
                gateway = GatewayProcess.start(warehouse.database(), topic);
            }
            assertThat(fleet.awaitEnd(Duration.ofMinutes(2))).isTrue();
            fleet.close();
            warehouse.awaitRecords(topic, MESSAGES);
        } finally {
            fleet.close();
            gateway.close();
        }
        assertThat(kills).as("kills with seed %d", seed).isGreaterThanOrEqualTo(2);
        warehouse.equalsLedger(ledger);
    }

    @Test
    void aDatabaseThatIsAwayIsWaitedFor() throws Exception {
        Path data = TestServers.freshDirectory();
        LocalPostgres postgres = LocalPostgres.start(options(data, 0));
        int port = postgres.port();
        Database database =
                new Database(postgres.host(), port, LocalPostgres.DATABASE, postgres.user(), postgres.password());
        Warehouse warehouse = Warehouse.in(database);
        FleetProducer fleet = fleet(45);
        GatewayProcess gateway = GatewayProcess.start(database, topic);
        try {
            fleet.start();
            awaitMore(warehouse, 10_000);
            postgres.close();
            awaitTrue(() -> gateway.jvm().output().contains("Writing to the database fails"));
            postgres = LocalPostgres.start(options(data, port));
            assertThat(fleet.awaitEnd(Duration.ofMinutes(2))).isTrue();
            fleet.close();
            warehouse.awaitRecords(topic, MESSAGES);
            assertThat(warehouse.count("SELECT max(epoch) FROM ingest_position"))
                    .as("ownerships: the gateway has waited, not started over")
                    .isEqualTo(1);
            warehouse.equalsLedger(ledger);
            assertThat(gateway.stop()).isZero();
        } finally {
            fleet.close();
            gateway.close();
            postgres.close();
        }
    }

    @Test
    void aSecondGatewayMayJoinBeSuspendedBeyondItsSessionAndLeave() throws Exception {
        Warehouse warehouse = Warehouse.fresh();
        FleetProducer fleet = fleet(45);
        GatewayProcess first = GatewayProcess.start(warehouse.database(), topic);
        try {
            fleet.start();
            awaitMore(warehouse, 10_000);
            try (GatewayProcess second = GatewayProcess.start(warehouse.database(), topic)) {
                awaitTrue(() -> warehouse.count("SELECT max(epoch) FROM ingest_position") >= 2);
                awaitMore(warehouse, taken(warehouse) + 5_000);
                second.jvm().suspend();
                long epochs = epochs(warehouse);
                awaitTrue(() -> epochs(warehouse) > epochs);
                second.jvm().resume();
                awaitMore(warehouse, taken(warehouse) + 5_000);
                assertThat(second.stop()).isZero();
            }
            assertThat(fleet.awaitEnd(Duration.ofMinutes(2))).isTrue();
            fleet.close();
            warehouse.awaitRecords(topic, MESSAGES);
            warehouse.equalsLedger(ledger);
        } finally {
            fleet.close();
            first.close();
        }
    }

    private static long epochs(Warehouse warehouse) {
        return warehouse.count("SELECT sum(epoch) FROM ingest_position");
    }

    private static LocalPostgres.Options options(Path data, int port) {
        return new LocalPostgres.Options(data, TestServers.postgresBinaries(), port, true);
    }

    private FleetProducer fleet(double speed) {
        return new FleetProducer(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrap()),
                topic,
                FLEET.withSpeed(speed),
                InstantSource.system(),
                ledger::add);
    }

    private long taken(Warehouse warehouse) {
        return warehouse.count("SELECT coalesce(sum(next_offset), 0) FROM ingest_position");
    }

    private void awaitMore(Warehouse warehouse, long than) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (taken(warehouse) <= than && taken(warehouse) < MESSAGES) {
            assertThat(System.nanoTime()).as("no progress for 60 s").isLessThan(deadline);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
