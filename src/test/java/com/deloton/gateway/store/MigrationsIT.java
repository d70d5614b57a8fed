package com.deloton.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.faults.Proxy;
import com.deloton.gateway.testing.TestConfigs;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrationsIT {
    private static final String RIGHT = "migrations-right";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestServers.Database server = TestServers.freshDatabase();
    private final DatabaseConfig database = TestConfigs.database(server);

    @Test
    void bringsTheSchemaUpToDateOnce() {
        assertThat(Migrations.pending(database, RIGHT, 0)).containsExactly("1", "2");

        assertThat(Migrations.run(database, RIGHT, 0)).isEqualTo(new Migrations.Result(List.of("1", "2"), "2"));

        assertThat(Migrations.pending(database, RIGHT, 0)).isEmpty();
        assertThat(Migrations.run(database, RIGHT, 0)).isEqualTo(new Migrations.Result(List.of(), "2"));
    }

    @Test
    void severalProcessesMayMigrateAtOnce() {
        List<Migrations.Result> results = Stream.of(1, 2, 3)
                .parallel()
                .map(process -> Migrations.run(database, RIGHT, 0))
                .toList();

        assertThat(results).allSatisfy(result -> assertThat(result.current()).isEqualTo("2"));
        assertThat(results.stream().flatMap(result -> result.applied().stream()))
                .containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void theOwnSchemaCanBeMade() {
        assertThat(Migrations.run(database).current()).isNotEqualTo("none");
    }

    @Test
    void anUpToDateSchemaIsSeenInTheHistoryWithoutFlyway() {
        assertThat(Migrations.upToDate(database, "migrations", SECOND)).isNull();

        String current = Migrations.run(database).current();

        assertThat(Migrations.upToDate(database, "migrations", SECOND)).isEqualTo(current);
    }

    @Test
    void aMigrationThatWasChangedAfterwardsIsRefused() {
        Migrations.run(database, RIGHT, 0);
        new Warehouse(server).execute("UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '2'");

        assertThat(Migrations.upToDate(database, RIGHT, SECOND)).isNull();
        assertThatExceptionOfType(MigrationException.class)
                .isThrownBy(() -> Migrations.run(database, RIGHT, 0))
                .withMessageContaining("checksum mismatch");
    }

    @Test
    void aMigrationThatFindsATableLockedHoldsUpOthersForSecondsOnlyAndIsTriedAgain() throws Exception {
        Migrations.run(database, "migrations-right", 0);
        AtomicInteger attempts = new AtomicInteger();
        try (Connection backup = server.connect();
                Statement reading = backup.createStatement()) {
            backup.setAutoCommit(false);
            reading.execute("LOCK TABLE scratch IN ACCESS SHARE MODE");

            Migrations.Result result = Migrations.whenUnlocked(
                    () -> {
                        if (attempts.incrementAndGet() == 2) {
                            rollback(backup);
                        }
                        return Migrations.migrate(database, "migrations-locking", 0, Duration.ofMinutes(1));
                    },
                    Duration.ofMillis(1));

            assertThat(result.applied()).containsExactly("3");
            assertThat(attempts).hasValue(2);
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void saysWhoCouldNotMigrateWhat() {
        DatabaseConfig stranger = TestConfigs.databaseAs(server, "stranger");

        assertThatExceptionOfType(MigrationException.class)
                .isThrownBy(() -> Migrations.run(stranger, RIGHT, 0))
                .withMessageStartingWith("The database %s at %s:%d cannot be migrated by user stranger: "
                        .formatted(server.name(), server.host(), server.port()))
                .withMessageContaining("stranger");
    }

    @Test
    void namesTheFailureThatHasNoMessage() {
        assertThat(Migrations.reason(
                        new SQLException("An I/O error occurred while sending to the backend.", new EOFException())))
                .isEqualTo("An I/O error occurred while sending to the backend. (EOFException)");
        assertThat(Migrations.reason(new IOException(new SocketException("Connection refused"))))
                .isEqualTo("Connection refused");
    }

    @Test
    void saysWhatIsWrongWithTheSql() {
        assertThatExceptionOfType(MigrationException.class)
                .isThrownBy(() -> Migrations.run(database, "migrations-wrong", 0))
                .withMessageContaining("tabel");
    }

    @Test
    void aDatabaseThatIsSilentIsGivenUp() {
        try (Proxy silent = new Proxy(database.port())) {
            silent.deafen();
            DatabaseConfig config = new DatabaseConfig(
                    "127.0.0.1",
                    silent.port(),
                    database.name(),
                    database.user(),
                    database.password(),
                    database.sslMode(),
                    null,
                    1,
                    true,
                    null,
                    null);
            assertThatExceptionOfType(MigrationException.class)
                    .isThrownBy(() -> Migrations.run(config, RIGHT, 0, Duration.ofSeconds(1)))
                    .withStackTraceContaining("SocketTimeoutException");
        }
    }
}
