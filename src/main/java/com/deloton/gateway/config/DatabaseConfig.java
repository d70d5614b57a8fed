package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.config.settings.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL database.
 *
 * @param sslRootCert PEM file of the authorities to trust; null trusts those of the JVM
 * @param migrationUser owner of the tables, who migrates; null if {@code user} does
 * @param migrationPassword null exactly if {@code migrationUser} is
 */
public record DatabaseConfig(
        String host,
        int port,
        String name,
        String user,
        Secret password,
        SslMode sslMode,
        @Nullable Path sslRootCert,
        int poolSize,
        boolean migrateAtStart,
        @Nullable String migrationUser,
        @Nullable Secret migrationPassword) {

    /** As PostgreSQL's own clients know them. */
    public enum SslMode {
        DISABLE,
        PREFER,
        REQUIRE,
        VERIFY_CA,
        VERIFY_FULL
    }

    static DatabaseConfig read(Settings settings) {
        String host = settings.key("database.host", "Host name of PostgreSQL.").text();
        DatabaseConfig database = new DatabaseConfig(
                host,
                settings.key("database.port", "Port of PostgreSQL.").integer(5432, 1, 65_535),
                settings.key("database.name", "Database to use.").text("deloton"),
                settings.key("database.user", "User that reads and writes.").text(),
                settings.key("database.password", "Password of that user.").secret(),
                settings.key(
                                "database.ssl-mode",
                                "How the connection is encrypted and the server's certificate checked.")
                        .oneOf(SslMode.class, sslModeFor(host), "verify-full; prefer on a loopback host"),
                settings.key(
                                "database.ssl-root-cert",
                                "PEM file of the authorities to trust; without it the JVM's own.")
                        .pathOrNull(),
                settings.key(
                                "database.pool-size",
                                "Most connections of a process; with the role api, it may open as many again for requests.")
                        .integer(10, 1, 1_000),
                settings.key("database.migrate-at-start", "Whether to bring the schema up to date at start.")
                        .flag(true),
                settings.key("database.migration.user", "User that owns the schema, if not database.user.")
                        .textOrNull(),
                settings.key("database.migration.password", "Password of that user.")
                        .secretOrNull());
        if (database.migrationUser == null && database.migrationPassword != null) {
            settings.fault("database.migration.user", "is missing, though database.migration.password is set");
        }
        if (database.migrationUser != null && database.migrationPassword == null) {
            settings.fault("database.migration.password", "is missing, though database.migration.user is set");
        }
        return database;
    }

    private static SslMode sslModeFor(String host) {
        boolean loopback = host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
        return loopback ? SslMode.PREFER : SslMode.VERIFY_FULL;
    }
}
