package com.deloton.gateway.faults;

import com.deloton.gateway.local.LocalPostgres;
import com.deloton.gateway.testing.ChildJvm;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server with the database of one run, and the faults of the process and of its sessions. */
final class PostgresServer implements AutoCloseable {
    private final Path home = TestServers.freshDirectory();
    private LocalPostgres server = start(0);
    private final int port = server.port();
    private @Nullable Connection locks;
    private boolean migrated;
    private String database = "";
    private int databases;

    private LocalPostgres start(int onPort) {
        return LocalPostgres.start(new LocalPostgres.Options(home, TestServers.postgresBinaries(), onPort, true));
    }

    /** Creates the database of the next run, with the tables of this version, and drops the former one. */
    void newDatabase() throws SQLException {
        if (!migrated) {
            Warehouse.in(database(LocalPostgres.DATABASE));
            migrated = true;
        }
        String former = database;
        database = "run_" + ++databases;
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            if (!former.isEmpty()) {
                statement.execute("DROP DATABASE " + former + " WITH (FORCE)");
            }
            statement.execute("CREATE DATABASE " + database + " TEMPLATE " + LocalPostgres.DATABASE);
        }
    }

    /** That of the present run. */
    Database database() {
        return database(database);
    }

    private Database database(String name) {
        return new Database("127.0.0.1", port, name, server.user(), server.password());
    }

    int port() {
        return port;
    }

    /** SIGINT ends all sessions and stops cleanly; SIGQUIT and SIGKILL leave the recovery to the next start. */
    void stop(String signal) throws Exception {
        ProcessHandle postmaster = postmaster();
        ChildJvm.signal(postmaster.pid(), signal);
        postmaster.onExit().get(30, TimeUnit.SECONDS);
        server.close();
    }

    void restart() {
        server = start(port);
    }

    void suspend() throws Exception {
        signalAll("STOP");
    }

    void resume() throws Exception {
        signalAll("CONT");
    }

    /** PostgreSQL refuses to end a session that is ending already. */
    void killSessions() throws SQLException {
        execute("""
                DO $$ DECLARE session int; BEGIN
                    FOR session IN SELECT pid FROM pg_stat_activity
                        WHERE usename = '%s' AND pid <> pg_backend_pid() LOOP
                        BEGIN
                            PERFORM pg_terminate_backend(session);
                        EXCEPTION WHEN insufficient_privilege THEN
                            RAISE DEBUG 'session % is ending', session;
                        END;
                    END LOOP;
                END $$""".replace("%s", LocalPostgres.USER));
    }

    /** As after a failover: the sessions that are open can only read from now on; new ones can write. */
    void demoteSessions() throws SQLException {
        execute(
                "ALTER ROLE %s SET default_transaction_read_only = off".formatted(LocalPostgres.USER),
                "ALTER SYSTEM SET default_transaction_read_only = on",
                "SELECT pg_reload_conf()");
    }

    void promote() throws SQLException {
        execute(
                "ALTER SYSTEM RESET default_transaction_read_only",
                "SELECT pg_reload_conf()",
                "ALTER ROLE %s RESET default_transaction_read_only".formatted(LocalPostgres.USER));
    }

    /** Each write of a ride fails as on a full disk. */
    void fillDisk() throws SQLException {
        execute("""
                CREATE OR REPLACE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$""", """
                CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON ride
                FOR EACH STATEMENT EXECUTE FUNCTION disk_full()""");
    }

    void freeDisk() throws SQLException {
        execute("DROP TRIGGER disk_full ON ride");
    }

    @SuppressWarnings("MustBeClosed")
    void lockTables() throws SQLException {
        Connection connection = connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE ride, alert IN ACCESS EXCLUSIVE MODE");
        }
        locks = connection;
    }

    void unlockTables() throws SQLException {
        if (locks != null) {
            locks.close();
            locks = null;
        }
    }

    private void execute(String... commands) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    /** The superuser, who is not subject to the faults of the gateways' sessions. */
    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database().jdbcUrl(), "postgres", server.password());
    }

    private ProcessHandle postmaster() throws IOException {
        String pid = Files.readAllLines(home.resolve("data/postmaster.pid")).getFirst();
        return ProcessHandle.of(Long.parseLong(pid.trim())).orElseThrow();
    }

    /** A session's process that ends meanwhile needs no signal. */
    private void signalAll(String name) throws Exception {
        for (ProcessHandle process : processes()) {
            try {
                ChildJvm.signal(process.pid(), name);
            } catch (IOException e) {
                if (process.isAlive()) {
                    throw e;
                }
            }
        }
    }

    private List<ProcessHandle> processes() throws IOException {
        ProcessHandle postmaster = postmaster();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    @Override
    public void close() throws SQLException {
        unlockTables();
        server.close();
    }
}
