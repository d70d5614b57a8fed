package com.deloton.gateway.store;

import com.deloton.gateway.config.DatabaseConfig;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The reactive connections to PostgreSQL. */
public final class Database {
    /** More waiting than this fail at once: the database is down or far too slow, and memory has to stay bounded. */
    private static final int MAX_WAITING = 1_000;

    private static final int CONNECT_SECONDS = 10;
    private static final int IDLE_SECONDS = 600;

    private Database() {}

    /** Connects on first use; an unreachable database shows in the first query. */
    public static Pool pool(Vertx vertx, DatabaseConfig config) {
        return pool(vertx, config, "database", connectOptions(config));
    }

    /**
     * A pool of its own for those whose queries other people choose.
     *
     * @param name of the pool, in metrics
     * @param statementTimeout PostgreSQL gives up what takes longer
     */
    public static Pool pool(Vertx vertx, DatabaseConfig config, String name, Duration statementTimeout) {
        return pool(
                vertx,
                config,
                name,
                connectOptions(config).addProperty("statement_timeout", String.valueOf(statementTimeout.toMillis())));
    }

    private static Pool pool(Vertx vertx, DatabaseConfig config, String name, PgConnectOptions options) {
        return PgBuilder.pool()
                .with(new PoolOptions()
                        .setName(name)
                        .setShared(true)
                        .setMaxSize(config.poolSize())
                        .setMaxWaitQueueSize(MAX_WAITING)
                        .setConnectionTimeout(CONNECT_SECONDS)
                        .setConnectionTimeoutUnit(TimeUnit.SECONDS)
                        .setIdleTimeout(IDLE_SECONDS)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS))
                .connectingTo(options)
                .using(vertx)
                .build();
    }

    private static PgConnectOptions connectOptions(DatabaseConfig config) {
        return new PgConnectOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setDatabase(config.name())
                .setUser(config.user())
                .setPassword(config.password().reveal())
                .setProperties(new HashMap<>(Map.of("application_name", "deloton-gateway", "client_encoding", "utf-8")))
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(256)
                .setPipeliningLimit(64)
                .setReconnectAttempts(2)
                .setReconnectInterval(500)
                .setSslMode(SslMode.valueOf(config.sslMode().name()))
                .setSslOptions(sslOptions(config));
    }

    private static ClientSSLOptions sslOptions(DatabaseConfig config) {
        ClientSSLOptions options = new ClientSSLOptions();
        boolean checked = switch (config.sslMode()) {
            case DISABLE, PREFER, REQUIRE -> false;
            case VERIFY_CA, VERIFY_FULL -> true;
        };
        options.setHostnameVerificationAlgorithm(config.sslMode() == DatabaseConfig.SslMode.VERIFY_FULL ? "HTTPS" : "");
        return checked ? options.setTrustOptions(authorities(config.sslRootCert())) : options.setTrustAll(true);
    }

    private static TrustOptions authorities(@Nullable Path certificates) {
        if (certificates != null) {
            return new PemTrustOptions().addCertPath(certificates.toString());
        }
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return TrustOptions.wrap(factory.getTrustManagers()[0]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM trusts no authority; set database.ssl-root-cert", e);
        }
    }
}
