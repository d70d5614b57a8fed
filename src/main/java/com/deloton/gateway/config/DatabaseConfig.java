package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.config.settings.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL database.
 *
 * @param sslRootCert PEM file of trusted authorities; null for those of the JVM
 * @param migrationUser owner of the tables, who migrates; null for {@code user}
 * @param migrationPassword null if and only if {@code migrationUser} is null
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

    /** The modes of libpq. */
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
                settings.key("database.user", "Login of the gateway.").text(),
                settings.key("database.password", "Password of database.user.").secret(),
                settings.key("database.ssl-mode", "TLS mode: encryption and verification of the server's certificate.")
                        .oneOf(SslMode.class, sslModeFor(host), "verify-full; prefer on a loopback host"),
                settings.key("database.ssl-root-cert", "PEM file of trusted authorities; default those of the JVM.")
                        .pathOrNull(),
                settings.key(
                                "database.pool-size",
                                "Maximum connections of a process; the role api has a second pool of this size for requests,"
                                        + " the role ingest one of 3 per instance, the role alert one of 3.")
                        .integer(10, 1, 1_000),
                settings.key("database.migrate-at-start", "Whether the gateway migrates the schema at start.")
                        .flag(true),
                settings.key("database.migration.user", "Owner of the schema, who migrates; default database.user.")
                        .textOrNull(),
                settings.key("database.migration.password", "Password of database.migration.user.")
                        .secretOrNull());
        if (database.migrationUser == null && database.migrationPassword != null) {
            settings.invalid("database.migration.user", "is missing; database.migration.password requires it");
        }
        if (database.migrationUser != null && database.migrationPassword == null) {
            settings.invalid("database.migration.password", "is missing; database.migration.user requires it");
        }
        return database;
    }

    private static SslMode sslModeFor(String host) {
        boolean loopback = host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
        return loopback ? SslMode.PREFER : SslMode.VERIFY_FULL;
    }
}
