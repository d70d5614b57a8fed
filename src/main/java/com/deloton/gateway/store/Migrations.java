package com.deloton.gateway.store;

import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.DatabaseConfig.SslMode;
import com.deloton.gateway.config.settings.Secret;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of the schema, kept as SQL on the classpath. Everything here blocks. Several processes may migrate at
 * once: one does it, the others wait.
 */
public final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    private static final String FOLDER = "migrations";
    private static final int CONNECT_RETRIES = 5;
    private static final int MAX_WAIT_SECONDS = 5;
    private static final int LOCK_RETRIES = 600;
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final Duration LONGEST_MIGRATION = Duration.ofHours(1);
    private static final int SILENT_ATTEMPTS = 3;
    /** Who waits for a lock holds up all who come later, so a migration waits briefly and often. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(3);

    private static final Duration LOCK_PAUSE = Duration.ofSeconds(20);
    private static final int LOCKED_ATTEMPTS = 90;
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String REFUSED = "28";
    private static final String NO_SUCH_DATABASE = "3D000";
    private static final Set<SslMode> VERIFIED = Set.of(SslMode.VERIFY_CA, SslMode.VERIFY_FULL);

    private Migrations() {}

    /**
     * What a run has done.
     *
     * @param applied the versions in order; empty if there was nothing to do
     * @param current the version now; {@code none} without any
     */
    public record Result(List<String> applied, String current) {}

    /** Brings the schema up to date, waiting some seconds for a database that does not answer yet. */
    public static Result run(DatabaseConfig config) {
        return run(config, FOLDER, CONNECT_RETRIES);
    }

    /** The versions that {@link #run} would apply. */
    public static List<String> pending(DatabaseConfig config) {
        return pending(config, FOLDER, CONNECT_RETRIES);
    }

    /** As {@link #pending}, but fails at once if the database does not answer. */
    public static List<String> plan(DatabaseConfig config) {
        return pending(config, FOLDER, 0);
    }

    static Result run(DatabaseConfig config, String folder, int retries) {
        return run(config, folder, retries, SILENCE);
    }

    /**
     * @param silence without an answer for this long, an attempt is given up, unless a migration is running; there are three
     */
    static Result run(DatabaseConfig config, String folder, int retries, Duration silence) {
        return unlessSilent(() -> {
            String current = upToDate(config, folder, silence);
            if (current != null) {
                return new Result(List.of(), current);
            }
            Duration limit = pending(config, folder, retries, silence).isEmpty() ? silence : LONGEST_MIGRATION;
            return whenUnlocked(() -> migrate(config, folder, retries, limit), LOCK_PAUSE);
        });
    }

    /** Repeats a migration that found a table locked, as by a backup or a long query, for half an hour. */
    static <T> T whenUnlocked(Supplier<T> migration, Duration pause) {
        for (int attempt = 1; ; attempt++) {
            try {
                return migration.get();
            } catch (MigrationException e) {
                if (attempt == LOCKED_ATTEMPTS || !isLocked(e)) {
                    throw e;
                }
                LOG.warn(
                        "A migration needs a table that another session has locked; it is tried again in {} s: {}",
                        pause.toSeconds(),
                        e.getMessage());
                LockSupport.parkNanos(pause.toNanos());
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
    }

    private static boolean isLocked(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** The version if nothing is pending; null if something is, or if that cannot be seen. */
    static @Nullable String upToDate(DatabaseConfig config, String folder, Duration silence) {
        PGSimpleDataSource database = dataSource(config);
        database.setSocketTimeout(Math.toIntExact(silence.toSeconds()));
        try (Connection connection = database.getConnection()) {
            return SchemaHistory.upToDate(connection, folder);
        } catch (SQLException | IOException e) {
            if (isSilence(e)) {
                throw failure(config, e);
            }
            LOG.debug("the history of the schema cannot be read", e);
            return null;
        }
    }

    private static <T> T unlessSilent(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (MigrationException e) {
                if (attempt == SILENT_ATTEMPTS || !isSilence(e)) {
                    throw e;
                }
                LOG.warn("The database has fallen silent; the schema is checked again: {}", e.getMessage());
            }
        }
    }

    private static boolean isSilence(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    static Result migrate(DatabaseConfig config, String folder, int retries, Duration silence) {
        return with(config, folder, retries, silence, flyway -> {
            List<String> applied = flyway.migrate().getSuccessfulMigrations().stream()
                    .map(migration -> MigrationVersion.fromVersion(migration.version))
                    .sorted()
                    .map(MigrationVersion::getVersion)
                    .toList();
            MigrationInfo current = flyway.info().current();
            return new Result(applied, current == null ? "none" : version(current));
        });
    }

    static List<String> pending(DatabaseConfig config, String folder, int retries) {
        return unlessSilent(() -> upToDate(config, folder, SILENCE) != null
                ? List.<String>of()
                : pending(config, folder, retries, SILENCE));
    }

    private static List<String> pending(DatabaseConfig config, String folder, int retries, Duration silence) {
        return with(
                config,
                folder,
                retries,
                silence,
                flyway -> Stream.of(flyway.info().pending())
                        .map(Migrations::version)
                        .toList());
    }

    private static <T> T with(
            DatabaseConfig config, String folder, int retries, Duration silence, Function<Flyway, T> work) {
        PGSimpleDataSource database = dataSource(config);
        database.setSocketTimeout(Math.toIntExact(silence.toSeconds()));
        database.setOptions("-c lock_timeout=" + LOCK_WAIT.toMillis());
        try {
            refuseEarly(database);
            return work.apply(Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(database)
                    .locations("classpath:" + folder)
                    .failOnMissingLocations(true)
                    .validateMigrationNaming(true)
                    .connectRetries(retries)
                    .connectRetriesInterval(MAX_WAIT_SECONDS)
                    .lockRetryCount(LOCK_RETRIES)
                    .load());
        } catch (FlywayException | SQLException e) {
            throw failure(config, e);
        }
    }

    private static MigrationException failure(DatabaseConfig config, Exception cause) {
        return new MigrationException(
                "The database %s at %s:%d cannot be migrated by user %s: %s"
                        .formatted(config.name(), config.host(), config.port(), user(config), reason(cause)),
                cause);
    }

    /** Who is refused now is refused later too, and silence has lasted long enough; all other failures may pass. */
    private static void refuseEarly(PGSimpleDataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.isValid(1);
        } catch (SQLException e) {
            String state = Objects.requireNonNullElse(e.getSQLState(), "");
            if (state.startsWith(REFUSED) || state.equals(NO_SUCH_DATABASE) || isSilence(e)) {
                throw e;
            }
        }
    }

    private static PGSimpleDataSource dataSource(DatabaseConfig config) {
        Secret password = Objects.requireNonNullElse(config.migrationPassword(), config.password());
        return dataSource(config, user(config), password, "deloton-gateway migrate");
    }

    /** Connections of the gateway's user. */
    static PGSimpleDataSource gatewaySource(DatabaseConfig config) {
        return dataSource(config, config.user(), config.password(), "deloton-gateway command");
    }

    private static PGSimpleDataSource dataSource(
            DatabaseConfig config, String user, Secret password, String application) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {config.host()});
        source.setPortNumbers(new int[] {config.port()});
        source.setDatabaseName(config.name());
        source.setUser(user);
        source.setPassword(password.reveal());
        source.setApplicationName(application);
        source.setConnectTimeout(10);
        source.setSslMode(config.sslMode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        if (config.sslRootCert() != null) {
            source.setSslRootCert(config.sslRootCert().toString());
        } else if (VERIFIED.contains(config.sslMode())) {
            source.setSslfactory(DefaultJavaSSLFactory.class.getName());
        }
        return source;
    }

    private static String user(DatabaseConfig config) {
        return Objects.requireNonNullElse(config.migrationUser(), config.user());
    }

    private static String version(MigrationInfo migration) {
        MigrationVersion version = migration.getVersion();
        return version == null ? migration.getDescription() : version.getVersion();
    }

    /** The innermost message, with the class of the root cause where that has none, as the end of a connection. */
    static String reason(Throwable failure) {
        String message = "";
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            root = cause;
            String text = Objects.requireNonNullElse(cause.getMessage(), "").strip();
            message = text.isEmpty() ? message : text;
        }
        boolean nameless = Objects.requireNonNullElse(root.getMessage(), "").isBlank();
        return nameless ? (message + " (" + root.getClass().getSimpleName() + ")").strip() : message;
    }
}
