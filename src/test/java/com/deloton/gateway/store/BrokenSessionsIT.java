package com.deloton.gateway.store;

import static com.deloton.gateway.testing.BikeProducer.readings;
import static com.deloton.gateway.testing.BikeProducer.ride;
import static com.deloton.gateway.testing.IngestFixture.await;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.DatabaseConfig.SslMode;
import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.faults.Proxy;
import com.deloton.gateway.testing.BikeProducer;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.SilentProxy;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.sqlclient.SqlConnection;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/** Sessions that are silent, read-only, blocked or lost in the middle of a commit; ingest continues on others. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenSessionsIT {
    @SuppressWarnings("TimeInStaticInitializer") // the records of one run of the tests begin there
    private static final Instant START = Instant.now().minusSeconds(600);

    private static final int SESSIONS = 3;
    private static final SessionLimits LIMITS = new SessionLimits(
            Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3));

    private final IngestFixture fixture = new IngestFixture();
    private final Warehouse warehouse = fixture.warehouse;
    private final BikeProducer bikes = new BikeProducer(fixture.topic);
    private SilentProxy proxy;

    @BeforeEach
    void connectThroughProxy() throws Exception {
        TestServers.Database database = warehouse.database();
        proxy = new SilentProxy(database.host(), database.port());
        usePoolAt(proxy.port());
    }

    private void usePoolAt(int port) {
        TestServers.Database database = warehouse.database();
        DatabaseConfig config = new DatabaseConfig(
                "127.0.0.1",
                port,
                database.name(),
                database.user(),
                new Secret(database.password()),
                SslMode.DISABLE,
                null,
                SESSIONS,
                true,
                null,
                null);
        fixture.usePool(vertx -> Database.pool(vertx, config, fixture.topic + "-" + port, SESSIONS, LIMITS));
    }

    @AfterEach
    void close() throws Exception {
        bikes.close();
        fixture.close();
        proxy.close();
    }

    @Test
    @Execution(CONCURRENT)
    void silentConnectionsAreClosedAndTheFlushIsRepeated() throws Exception {
        fixture.start();
        bikes.send(0, "bike", ride(1, START, 5));
        warehouse.awaitRecords(fixture.topic, 14);
        proxy.silence();
        bikes.send(0, "bike", readings(START, 6, 10));

        warehouse.awaitRecords(fixture.topic, 24);
        assertThat(warehouse.count("SELECT count(*) FROM reading")).isEqualTo(10);
    }

    @Test
    @Execution(CONCURRENT)
    void readOnlySessionsAreEnded() throws Exception {
        fixture.start();
        bikes.send(0, "bike", ride(1, START, 5));
        warehouse.awaitRecords(fixture.topic, 14);
        List<SqlConnection> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            SqlConnection session = await(fixture.pool().getConnection());
            sessions.add(session);
            await(session.query("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
                    .execute());
        }
        for (SqlConnection session : sessions) {
            await(session.close());
        }
        bikes.send(0, "bike", readings(START, 6, 10));

        warehouse.awaitRecords(fixture.topic, 24);
        assertThat(fixture.meters.get("deloton.ingest.flush.failures").counter().count())
                .isPositive();
    }

    @Test
    @Execution(CONCURRENT)
    void readinessFailsWhileEverySessionIsReadOnly() throws Exception {
        fixture.start();
        bikes.send(0, "bike", ride(1, START, 5));
        warehouse.awaitRecords(fixture.topic, 14);
        String name = warehouse.database().name();
        try (Connection operator = warehouse.database().connect();
                Statement statement = operator.createStatement()) {
            statement.execute("ALTER DATABASE %s SET default_transaction_read_only = on".formatted(name));
            statement.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s' AND pid <> pg_backend_pid()"
                            .formatted(name));
            bikes.send(0, "bike", readings(START, 6, 10));
            awaitTrue(() -> reason().contains("read-only transaction (SQLSTATE 25006)"));
            assertThat(await(fixture.ready().checkStatus()).getUp()).isFalse();
            statement.execute("ALTER DATABASE %s RESET default_transaction_read_only".formatted(name));
        }

        awaitTrue(() -> warehouse.count("SELECT count(*) FROM reading") == 10);
        awaitTrue(() -> await(fixture.ready().checkStatus()).getUp());
    }

    @Test
    @Execution(CONCURRENT)
    void readinessFailsWhileTheDatabaseAnswersNothing() throws Exception {
        TestServers.Database database = warehouse.database();
        try (Proxy deaf = new Proxy(database.port())) {
            usePoolAt(deaf.port());
            fixture.start();
            bikes.send(0, "bike", ride(1, START, 5));
            warehouse.awaitRecords(fixture.topic, 14);
            deaf.deafen();
            bikes.send(0, "bike", readings(START, 6, 10));

            awaitTrue(() -> !await(fixture.ready().checkStatus()).getUp());
            deaf.heal();
            warehouse.awaitRecords(fixture.topic, 24);
            awaitTrue(() -> await(fixture.ready().checkStatus()).getUp());
            assertThat(warehouse.count("SELECT count(*) FROM reading")).isEqualTo(10);
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aLostAnswerToCommitRepeatsNothing() throws Exception {
        fixture.abandonAfter = Duration.ofSeconds(1);
        fixture.start();
        bikes.send(0, "bike", ride(1, START, 5));
        warehouse.awaitRecords(fixture.topic, 14);
        proxy.swallowNextCommit();
        awaitTrue(proxy::hasSwallowed);
        awaitTrue(() -> warehouse.count("SELECT count(*) FROM ride WHERE status = 'abandoned'") == 1);
        bikes.send(0, "bike", ride(2, START.plusSeconds(60), 5));

        warehouse.awaitRecords(fixture.topic, 28);
        assertThat(warehouse.rows("SELECT rider_id, readings FROM ride WHERE rider_id = 1"))
                .containsExactly(List.of(1L, 5));
        assertThat(warehouse.count("SELECT count(*) FROM quarantine")).isZero();
        awaitTrue(() -> await(fixture.ready().checkStatus()).getUp());
    }

    @Test
    @Execution(CONCURRENT)
    void aLockIsWaitedForOnlyForALimitedTime() throws Exception {
        fixture.start();
        bikes.send(0, "bike", ride(1, START, 5));
        warehouse.awaitRecords(fixture.topic, 14);
        try (Connection other = warehouse.database().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("UPDATE ingest_position SET updated_at = now()");
            bikes.send(0, "bike", readings(START, 6, 10));
            awaitTrue(() -> reason().contains("lock timeout (SQLSTATE 55P03)"));
            other.rollback();
        }
        warehouse.awaitRecords(fixture.topic, 24);
        assertThat(warehouse.count("SELECT count(*) FROM reading")).isEqualTo(10);
    }

    private String reason() throws Exception {
        return await(fixture.ready().checkStatus()).getChecks().stream()
                .map(check -> String.valueOf(check.getStatus().getData()))
                .toList()
                .toString();
    }
}
