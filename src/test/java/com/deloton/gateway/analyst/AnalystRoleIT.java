package com.deloton.gateway.analyst;

import static com.deloton.gateway.testing.IngestFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.deloton.gateway.testing.AnalystWarehouse;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AnalystRoleIT {
    private static final String REFUSED = "42501";
    private static final String READ_ONLY = "25006";
    private static final String CANCELLED = "57014";

    private final AnalystWarehouse analysts = AnalystWarehouse.shared();

    /** Even after the client has lifted every limit that a client can lift. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT name FROM public.rider",
                "SELECT count(*) FROM public.ride",
                "SELECT * FROM public.reading LIMIT 1",
                "SELECT * FROM public.ride_series LIMIT 1",
                "SELECT * FROM public.quarantine",
                "SELECT * FROM public.alert",
                "SELECT * FROM public.flyway_schema_history",
                "INSERT INTO analytics.dim_bike (bike_key) VALUES (1)",
                "UPDATE analytics.dim_bike SET bike_key = 1",
                "DELETE FROM analytics.dim_bike",
                "TRUNCATE public.ride",
                "CREATE TABLE analytics.mine (a int)",
                "CREATE TABLE public.mine (a int)",
                "CREATE TEMPORARY TABLE mine (a int)",
                "SELECT 1 INTO TEMPORARY mine",
                "CREATE SCHEMA mine",
                "CREATE ROLE mine",
                "SELECT public.ensure_day(DATE '2030-01-01')",
                "SELECT * FROM public.cancel_analyst_queries('1s')",
                "CALL public.analyst_login('mine')",
                "COPY (SELECT 1) TO '/tmp/x'",
                "COPY (SELECT 1) TO PROGRAM 'cat'",
                "SELECT pg_read_file('PG_VERSION')",
                "SELECT pg_ls_dir('.')",
                "SELECT lo_export(1, '/tmp/x')",
                "SET ROLE deloton_gateway",
                "SET SESSION AUTHORIZATION deloton",
                "ALTER SYSTEM SET work_mem = '1GB'",
                "ALTER ROLE deloton_gateway LOGIN",
                "SET temp_file_limit = -1",
                "GRANT deloton_gateway TO tableau",
                "DROP VIEW analytics.dim_rider",
                "CREATE EXTENSION dblink",
                "CREATE LANGUAGE plpython3u",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'deloton'"
            })
    void anAnalystMayOnlyRead(String sql) throws SQLException {
        try (Connection somebodyElse = analysts.warehouse.database().connect();
                Connection connection = analysts.connect();
                Statement statement = connection.createStatement()) {
            assertThat(somebodyElse.isClosed()).isFalse();
            statement.execute("SET default_transaction_read_only = off");
            statement.execute("SET statement_timeout = 0");

            SQLException refusal = catchThrowableOfType(SQLException.class, () -> statement.execute(sql));

            assertThat((Throwable) refusal).as(sql).isNotNull();
            assertThat(refusal.getSQLState())
                    .as(sql + ": " + refusal.getMessage())
                    .isIn(REFUSED, "0LP01");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "default_transaction_read_only, on",
        "statement_timeout, 2min",
        "lock_timeout, 5s",
        "idle_in_transaction_session_timeout, 1min",
        "work_mem, 64MB",
        "max_parallel_workers_per_gather, 1",
        "search_path, analytics"
    })
    void aLoginBeginsWithLimits(String setting, String value) throws SQLException {
        assertThat(analysts.rows("SHOW " + setting)).isEqualTo(List.of(List.of(value)));
    }

    @Test
    void aLoginHasTwentyConnectionsAndNoMore() {
        assertThat(analysts.warehouse.rows("SELECT rolconnlimit FROM pg_roles WHERE rolname = 'tableau'"))
                .isEqualTo(List.of(List.of(20)));
    }

    /** Tableau probes for temporary tables, and does without where they are refused. */
    @Test
    void temporaryTablesAreRefusedAsReadOnly() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> analysts.rows("SELECT 1 INTO TEMPORARY \"#Tableau_1\""))
                .satisfies(refusal -> assertThat(refusal.getSQLState()).isIn(READ_ONLY, REFUSED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deloton", "postgres", "deloton_gateway"})
    void noRoleWithOtherRightsBecomesAnAnalyst(String role) {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> analysts.warehouse.execute("CALL analyst_login('" + role + "')"))
                .withStackTraceContaining("may do more than an analyst");
    }

    @Test
    void aViewMadeLaterIsTheirsToo() throws SQLException {
        analysts.warehouse.execute("CREATE VIEW analytics.later AS SELECT 1 AS one");
        try {
            assertThat(analysts.rows("SELECT one FROM later")).isEqualTo(List.of(List.of("1")));
        } finally {
            analysts.warehouse.execute("DROP VIEW analytics.later");
        }
    }

    @Test
    void aLongQueryIsCancelledAndAnIdleTransactionEnded() throws Exception {
        Vertx vertx = Vertx.vertx();
        Pool pool = IngestFixture.pool(vertx, analysts.warehouse);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (Connection busy = analysts.connect();
                Connection idle = analysts.connect();
                Connection owner = analysts.warehouse.database().connect()) {
            idle.setAutoCommit(false);
            run(idle, "SET idle_in_transaction_session_timeout = 0");
            run(idle, "SELECT 1");
            run(owner, "SET statement_timeout = '20s'");
            await(vertx.deployVerticle(new QueryWatchdog(pool, Duration.ofSeconds(1), meters, Duration.ofMillis(100))));

            run(busy, "SET statement_timeout = 0");
            SQLException cancelled = catchThrowableOfType(SQLException.class, () -> run(busy, "SELECT pg_sleep(50)"));
            assertThat(cancelled.getSQLState()).isEqualTo(CANCELLED);
            run(busy, "SELECT 1");
            IngestFixture.awaitTrue(
                    () -> meters.counter("deloton.analyst.cancelled").count() >= 2);
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> run(idle, "SELECT 1"));
            run(owner, "SELECT pg_sleep(2)");
        } finally {
            IngestFixture.close(vertx);
        }
    }

    @Test
    void aLongQueryInAnotherDatabaseIsCancelledToo() throws Exception {
        Vertx vertx = Vertx.vertx();
        Pool pool = IngestFixture.pool(vertx, analysts.warehouse);
        TestServers.Database other = TestServers.freshDatabase();
        try (Connection elsewhere =
                DriverManager.getConnection(other.jdbcUrl(), AnalystWarehouse.LOGIN, AnalystWarehouse.PASSWORD)) {
            await(vertx.deployVerticle(
                    new QueryWatchdog(pool, Duration.ofSeconds(1), new SimpleMeterRegistry(), Duration.ofMillis(100))));
            run(elsewhere, "SET statement_timeout = 0");

            SQLException cancelled =
                    catchThrowableOfType(SQLException.class, () -> run(elsewhere, "SELECT pg_sleep(50)"));

            assertThat(cancelled.getSQLState()).isEqualTo(CANCELLED);
        } finally {
            IngestFixture.close(vertx);
        }
    }

    /** The script of {@code docs/analysts.md}. */
    @Test
    void anAnalystCannotConnectToADatabaseWhoseOwnerClosedIt() throws Exception {
        TestServers.Database other = TestServers.freshDatabase();
        try (Connection owner = other.connect()) {
            run(owner, "REVOKE CONNECT, TEMPORARY ON DATABASE %s FROM PUBLIC".formatted(other.name()));
        }

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() ->
                        DriverManager.getConnection(other.jdbcUrl(), AnalystWarehouse.LOGIN, AnalystWarehouse.PASSWORD))
                .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo(REFUSED));
    }

    @Test
    void everyFunctionWithItsOwnersRightsSearchesTemporaryTablesLast() {
        assertThat(analysts.warehouse.rows("""
                        SELECT p.oid::regprocedure::text FROM pg_proc p
                        WHERE p.prosecdef AND p.pronamespace IN ('public'::regnamespace, 'analytics'::regnamespace)
                          AND NOT EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s LIKE 'search\\_path=%, pg\\_temp')"""))
                .as("add pg_temp to the end of their search_path")
                .isEmpty();
        assertThat(analysts.warehouse.rows("SELECT count(*) > 4 FROM pg_proc WHERE prosecdef"))
                .isEqualTo(List.of(List.of(true)));
    }

    /** The gateway makes a day's partitions under a lock of this kind, and whoever may connect may take it. */
    @Test
    void whoTakesALockOfTheGatewaysIsEnded() throws Exception {
        Vertx vertx = Vertx.vertx();
        Pool pool = IngestFixture.pool(vertx, analysts.warehouse);
        try (Connection analyst = analysts.connect()) {
            run(analyst, "SELECT pg_advisory_lock(hashtext('deloton.ensure_day'))");
            await(vertx.deployVerticle(
                    new QueryWatchdog(pool, Duration.ofHours(1), new SimpleMeterRegistry(), Duration.ofMillis(50))));

            await(pool.query("SELECT ensure_day(DATE '2026-12-24')").execute());

            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> run(analyst, "SELECT 1"));
        } finally {
            IngestFixture.close(vertx);
        }
    }

    @Test
    void aLoginMadeByHandIsReportedAsUnwatched() throws Exception {
        analysts.warehouse.execute("CREATE ROLE byhand LOGIN PASSWORD 'analyst' IN ROLE deloton_analyst");
        Vertx vertx = Vertx.vertx();
        try (Connection connection = analysts.connect(Map.of("user", "byhand"))) {
            run(connection, "SELECT 1");
            Pool pool = IngestFixture.pool(vertx, analysts.warehouse);
            List<String> outcomes = await(
                            pool.query("SELECT outcome FROM cancel_analyst_queries('1h') WHERE login = 'byhand'")
                                    .execute())
                    .stream()
                    .map(row -> row.getString(0))
                    .toList();
            assertThat(outcomes).containsExactly("hidden");
        } finally {
            await(vertx.close());
            analysts.warehouse.execute("DROP ROLE byhand");
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
