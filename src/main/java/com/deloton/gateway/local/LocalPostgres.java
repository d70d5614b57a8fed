package com.deloton.gateway.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A PostgreSQL server on the loopback interface, with data that survive restarts. It runs as a child process and stops
 * with this JVM, even if the JVM is killed. {@value #USER} owns the database {@value #DATABASE} and may create roles and
 * databases; the superuser is {@code postgres}; both have the same generated password.
 */
public final class LocalPostgres implements AutoCloseable {
    public static final String USER = "deloton";
    public static final String DATABASE = "deloton";
    private static final String HOST = "localhost";
    private static final Duration START_WAIT = Duration.ofSeconds(40);

    private final EmbeddedPostgres server;
    private final Optional<ProcessHandle> process;
    private final Optional<Process> watchdog;
    private final String password;

    private LocalPostgres(
            EmbeddedPostgres server, Optional<ProcessHandle> process, Optional<Process> watchdog, String password) {
        this.server = server;
        this.process = process;
        this.watchdog = watchdog;
        this.password = password;
    }

    /**
     * Location, port and durability of a server.
     *
     * @param home a directory for {@code data}, the server's log and its password. The caller ensures that no other
     *     process uses it.
     * @param binaries where the server's programs are unpacked on first use; may be shared
     * @param port 0 for any free port
     * @param durable false turns fsync off: faster, but a power cut may corrupt the data
     * @param settings of the server, in place of PostgreSQL's defaults
     */
    public record Options(Path home, Path binaries, int port, boolean durable, Map<String, String> settings) {
        public Options(Path home, Path binaries, int port, boolean durable) {
            this(home, binaries, port, durable, Map.of());
        }

        Path data() {
            return home.resolve("data");
        }

        Path log() {
            return home.resolve("postgres.log");
        }

        Path passwordFile() {
            return home.resolve("password");
        }

        /** Exists during the first start only, so that the next start discards the data of an incomplete one. */
        Path unfinished() {
            return home.resolve("unfinished");
        }
    }

    /** Returns when the server accepts connections and {@value #DATABASE} exists. */
    public static LocalPostgres start(Options options) {
        try {
            String password = prepare(options);
            EmbeddedPostgres server = launch(options, password);
            Optional<ProcessHandle> process = PostgresProcess.find(options.data());
            Optional<Process> watchdog =
                    process.isPresent() ? PostgresProcess.watch(options.data(), process.get()) : Optional.empty();
            LocalPostgres postgres = new LocalPostgres(server, process, watchdog, password);
            try {
                postgres.createDatabase();
                Files.deleteIfExists(options.unfinished());
                return postgres;
            } catch (SQLException | IOException | RuntimeException e) {
                postgres.close();
                throw e;
            }
        } catch (IOException | SQLException e) {
            throw new LocalServers.StartException("PostgreSQL failed to start: " + e.getMessage(), e);
        }
    }

    public String host() {
        return HOST;
    }

    public int port() {
        return server.getPort();
    }

    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    /** {@code postgresql://user:password@localhost:port/deloton}, a connection URI for libpq and the Vert.x client. */
    public String url() {
        return "postgresql://%s:%s@%s:%d/%s".formatted(USER, password, HOST, port(), DATABASE);
    }

    /** Opens a JDBC connection as {@value #USER}. */
    public Connection connect(String database) throws SQLException {
        return connect(USER, database);
    }

    /** Empty if the server process was not found. */
    Optional<Long> pid() {
        return process.map(ProcessHandle::pid);
    }

    /** Ends all sessions and stops the server. */
    @Override
    public void close() {
        try {
            server.close();
            if (process.isPresent() && process.get().isAlive()) {
                PostgresProcess.stop(process.get());
            }
            if (watchdog.isPresent()) {
                watchdog.get().getOutputStream().close();
            }
        } catch (IOException e) {
            throw new IllegalStateException("PostgreSQL failed to stop", e);
        }
    }

    private static String prepare(Options options) throws IOException {
        Files.createDirectories(options.home());
        Files.createDirectories(options.binaries());
        requireSameUser(options);
        PostgresProcess.stopOrphan(options.data());
        if (Files.exists(options.unfinished())) {
            DataDirectory.deleteTree(options.data());
        }
        if (!Files.exists(options.data())) {
            Files.writeString(options.unfinished(), "");
            byte[] random = new byte[18];
            new SecureRandom().nextBytes(random);
            DataDirectory.writePrivate(
                    options.passwordFile(), Base64.getUrlEncoder().encodeToString(random));
        }
        Files.writeString(options.log(), "");
        return Files.readString(options.passwordFile()).trim();
    }

    /** PostgreSQL reads only data owned by the user it runs as; its own message does not say what to do. */
    private static void requireSameUser(Options options) throws IOException {
        if (!Files.exists(options.data())) {
            return;
        }
        Path probe = Files.createTempFile(options.home(), "owner", ".tmp");
        try {
            var me = Files.getOwner(probe);
            var owner = Files.getOwner(options.data());
            if (!me.equals(owner)) {
                throw new LocalServers.StartException(
                        "the database in %s belongs to user %s, this process runs as %s; run it as %s or choose another directory with --data DIR"
                                .formatted(options.data(), owner.getName(), me.getName(), owner.getName()));
            }
        } finally {
            Files.delete(probe);
        }
    }

    private static EmbeddedPostgres launch(Options options, String password) throws IOException {
        Redirect log = Redirect.appendTo(options.log().toFile());
        String onOff = options.durable() ? "on" : "off";
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(options.data())
                    .setCleanDataDirectory(false)
                    .setOverrideWorkingDirectory(options.binaries().toFile())
                    .setRegisterShutdownHook(false)
                    .setPort(options.port() == 0 ? LocalServers.freePort() : options.port())
                    .setPGStartupWait(START_WAIT)
                    .setOutputRedirector(log)
                    .setErrorRedirector(log)
                    .setConnectConfig("password", password)
                    // Passed to initdb after its default `-A trust`, which they override.
                    .setLocaleConfig("auth", "scram-sha-256")
                    .setLocaleConfig("pwfile", options.passwordFile().toString())
                    .setLocaleConfig("locale", "C.UTF-8")
                    .setServerConfig("listen_addresses", HOST)
                    .setServerConfig("unix_socket_directories", "")
                    .setServerConfig("fsync", onOff)
                    .setServerConfig("full_page_writes", onOff)
                    .setServerConfig("synchronous_commit", onOff)
                    .setServerConfig("max_connections", "100");
            options.settings().forEach(builder::setServerConfig);
            return builder.start();
        } catch (IOException | RuntimeException e) {
            PostgresProcess.stopOrphan(options.data());
            throw new IOException(e.getMessage() + logTail(options.log()), e);
        }
    }

    private static String logTail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        List<String> tail = lines.subList(Math.max(0, lines.size() - 10), lines.size());
        return tail.isEmpty() ? "" : "; " + log + " ends:\n  " + String.join("\n  ", tail);
    }

    private void createDatabase() throws SQLException {
        try (Connection connection = connect("postgres", "postgres");
                Statement statement = connection.createStatement()) {
            if (isEmpty(statement, "select 1 from pg_roles where rolname = '" + USER + "'")) {
                statement.execute("create role %s login createdb createrole password '%s'".formatted(USER, password));
            }
            if (isEmpty(statement, "select 1 from pg_database where datname = '" + DATABASE + "'")) {
                statement.execute("create database %s owner %s".formatted(DATABASE, USER));
            }
        }
    }

    private static boolean isEmpty(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return !rows.next();
        }
    }

    private Connection connect(String user, String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/%s".formatted(HOST, port(), database), user, password);
    }
}
