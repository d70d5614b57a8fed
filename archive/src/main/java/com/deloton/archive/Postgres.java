package com.deloton.archive;

import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.DatabaseConfig.SslMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/** Connections of {@code database.user}. */
final class Postgres {
    private static final Set<SslMode> VERIFIED = Set.of(SslMode.VERIFY_CA, SslMode.VERIFY_FULL);
    private static final int CONNECT_TIMEOUT_S = 10;
    private static final String CATALOG_SCHEMA = "archive";
    private final DatabaseConfig config;

    Postgres(DatabaseConfig config) {
        this.config = config;
    }

    Connection connect() throws SQLException {
        return source().getConnection();
    }

    String url() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {config.host()});
        source.setPortNumbers(new int[] {config.port()});
        source.setDatabaseName(config.name());
        return source.getURL();
    }

    /** How Iceberg's JDBC catalog connects. */
    Map<String, String> catalogProperties() {
        Map<String, String> properties = new HashMap<>();
        properties.put("uri", url());
        properties.put("jdbc.schema-version", "V1");
        properties.put("jdbc.user", config.user());
        properties.put("jdbc.password", config.password().reveal());
        properties.put("jdbc.currentSchema", CATALOG_SCHEMA);
        properties.put("jdbc.sslmode", sslMode());
        properties.put("jdbc.connectTimeout", Integer.toString(CONNECT_TIMEOUT_S));
        if (config.sslRootCert() != null) {
            properties.put("jdbc.sslrootcert", config.sslRootCert().toString());
        } else if (VERIFIED.contains(config.sslMode())) {
            properties.put("jdbc.sslfactory", DefaultJavaSSLFactory.class.getName());
        }
        return properties;
    }

    private PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {config.host()});
        source.setPortNumbers(new int[] {config.port()});
        source.setDatabaseName(config.name());
        source.setUser(config.user());
        source.setPassword(config.password().reveal());
        source.setApplicationName("deloton-gateway archive");
        source.setConnectTimeout(CONNECT_TIMEOUT_S);
        source.setTcpKeepAlive(true);
        source.setSslMode(sslMode());
        if (config.sslRootCert() != null) {
            source.setSslRootCert(config.sslRootCert().toString());
        } else if (VERIFIED.contains(config.sslMode())) {
            source.setSslfactory(DefaultJavaSSLFactory.class.getName());
        }
        return source;
    }

    private String sslMode() {
        return config.sslMode().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
