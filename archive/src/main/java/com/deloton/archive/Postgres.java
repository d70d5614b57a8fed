package com.deloton.archive;

import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.DatabaseConfig.SslMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/** Connections of {@code database.user}. */
final class Postgres {
    private static final Set<SslMode> VERIFIED = Set.of(SslMode.VERIFY_CA, SslMode.VERIFY_FULL);
    private static final int CONNECT_TIMEOUT_S = 10;
    /** The longest query, the checksum of a day, needs minutes. */
    private static final int SOCKET_TIMEOUT_S = 3_600;

    private static final String CATALOG_SCHEMA = "archive";
    private final DatabaseConfig config;

    Postgres(DatabaseConfig config) {
        this.config = config;
    }

    Connection connect() throws SQLException {
        return source().getConnection();
    }

    /** How Iceberg's JDBC catalog connects. */
    Map<String, String> catalogProperties() {
        return Map.of(
                "uri", source().getURL(),
                "jdbc.schema-version", "V1",
                "jdbc.user", config.user(),
                "jdbc.password", config.password().reveal(),
                "jdbc.currentSchema", CATALOG_SCHEMA);
    }

    /** Its URL has everything but the login. */
    private PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {config.host()});
        source.setPortNumbers(new int[] {config.port()});
        source.setDatabaseName(config.name());
        source.setUser(config.user());
        source.setPassword(config.password().reveal());
        source.setApplicationName("deloton-gateway archive");
        source.setConnectTimeout(CONNECT_TIMEOUT_S);
        source.setSocketTimeout(SOCKET_TIMEOUT_S);
        source.setTcpKeepAlive(true);
        source.setSslMode(config.sslMode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        if (config.sslRootCert() != null) {
            source.setSslRootCert(config.sslRootCert().toString());
        } else if (VERIFIED.contains(config.sslMode())) {
            source.setSslfactory(DefaultJavaSSLFactory.class.getName());
        }
        return source;
    }
}
