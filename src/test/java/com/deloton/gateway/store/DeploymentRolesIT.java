package com.deloton.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.local.LocalPostgres;
import com.deloton.gateway.testing.TestConfigs;
import com.deloton.gateway.testing.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The deployment's {@code roles.sql} on a server of its own, since roles belong to all databases of one. Its owner is as
 * RDS's master user: it may make roles and owns the database, but is no superuser.
 */
@SuppressWarnings("NullAway.Init")
class DeploymentRolesIT {
    private static final String GATEWAY = "deloton_gateway";
    private static final String ANALYST = "tableau";
    private static final String GATEWAY_PASSWORD = "second gateway's";
    private static final String ANALYST_PASSWORD = "second analyst's";
    private static final String ARCHIVE = "deloton_archive";
    private static final String ARCHIVE_PASSWORD = "the archive's";

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static LocalPostgres server;
    private static TestServers.Database owner;

    @BeforeAll
    static void rollOut() throws Exception {
        server = LocalPostgres.start(
                new LocalPostgres.Options(TestServers.freshDirectory(), TestServers.postgresBinaries(), 0, false));
        owner = login(LocalPostgres.USER, server.password());
        assertThat(rows(owner, "SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user"))
                .containsExactly("f|t");
        Migrations.run(TestConfigs.database(owner));
        roles("first gateway's", "first analyst's");
        roles(GATEWAY_PASSWORD, ANALYST_PASSWORD);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theGatewayWorksWithTheDataButDoesNotChangeTheSchema() throws SQLException {
        TestServers.Database gateway = login(GATEWAY, GATEWAY_PASSWORD);
        DatabaseConfig config = TestConfigs.database(gateway);

        assertThat(Migrations.pending(config)).isEmpty();
        assertThat(rows(gateway, "SELECT count(*) FROM ride")).containsExactly("0");
        run(gateway, "SELECT ensure_day(DATE '2026-11-24')");
        refused(gateway, "CREATE TABLE mine (a int)");
        refused(gateway, "DROP TABLE ride");
        refused(gateway, "ALTER ROLE tableau PASSWORD 'x'");
    }

    @Test
    void anAnalystSeesTheViewsAndIsWatched() throws SQLException {
        TestServers.Database analyst = login(ANALYST, ANALYST_PASSWORD);

        assertThat(rows(analyst, "SELECT count(*) FROM fact_ride")).containsExactly("0");
        assertThat(rows(analyst, "SHOW default_transaction_read_only")).containsExactly("on");
        refused(analyst, "SELECT count(*) FROM public.ride");
        refused(analyst, "SELECT count(*) FROM public.rider");
        try (Connection connection = analyst.connect()) {
            assertThat(connection.isValid(5)).isTrue();
            assertThat(rows(
                            login(GATEWAY, GATEWAY_PASSWORD),
                            "SELECT outcome FROM cancel_analyst_queries('1h') WHERE outcome IN ('hidden', 'refused')"))
                    .isEmpty();
        }
    }

    @Test
    void theArchiveJobReadsRidesAndWritesItsOwnTables() throws SQLException {
        TestServers.Database archive = login(ARCHIVE, ARCHIVE_PASSWORD);

        assertThat(rows(archive, "SELECT count(*) FROM ride_series")).containsExactly("0");
        assertThat(rows(archive, "SELECT count(*) FROM archive_due('6h')")).containsExactly("0");
        run(archive, "INSERT INTO archived_day (day) VALUES ('2026-11-24')");
        run(archive, "DELETE FROM archive.iceberg_tables");
        refused(archive, "SELECT count(*) FROM rider");
        refused(archive, "UPDATE ride SET energy_kj = 0");
    }

    @Test
    void nobodyElseMayConnect() throws SQLException {
        run(owner, "CREATE ROLE stranger LOGIN PASSWORD 's'");

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> login("stranger", "s").connect())
                .withMessageContaining("permission denied for database");
    }

    @Test
    void runAgainItChangesThePasswords() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> login(GATEWAY, "first gateway's").connect())
                .withMessageContaining("password authentication failed");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> login(ANALYST, "first analyst's").connect())
                .withMessageContaining("password authentication failed");
    }

    /** What psql makes of the file. */
    private static void roles(String gatewayPassword, String analystPassword) throws IOException, SQLException {
        String sql = Files.readAllLines(Path.of("infra/pulumi-java/database/roles.sql")).stream()
                .filter(line -> !line.startsWith("\\"))
                .collect(Collectors.joining("\n"))
                .replace(":'gateway_password'", quoted(gatewayPassword))
                .replace(":'analyst_password'", quoted(analystPassword))
                .replace(":'archive_password'", quoted(ARCHIVE_PASSWORD));
        assertThat(sql).doesNotContain("_password'");
        run(owner, sql);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static TestServers.Database login(String user, String password) {
        return new TestServers.Database(server.host(), server.port(), LocalPostgres.DATABASE, user, password);
    }

    private static void refused(TestServers.Database login, String sql) {
        assertThatExceptionOfType(SQLException.class)
                .as(sql)
                .isThrownBy(() -> run(login, sql))
                .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo(INSUFFICIENT_PRIVILEGE));
    }

    private static void run(TestServers.Database login, String sql) throws SQLException {
        try (Connection connection = login.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Each row as text, its columns with a bar between. */
    private static List<String> rows(TestServers.Database login, String sql) throws SQLException {
        try (Connection connection = login.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(String.join("|", row));
            }
            return rows;
        }
    }
}
