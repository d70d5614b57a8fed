package com.deloton.gateway.store;

import com.deloton.gateway.config.DatabaseConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The reactive connections to PostgreSQL. */
public final class Database {
    /** More waiting than this fail at once: the database is down or far too slow, and memory has to stay bounded. */
    private static final int MAX_WAITING = 1_000;

    /** Characters; the longest statement of a {@link MultiRowInsert} has to be cached. */
    private static final int MAX_CACHED_SQL = 65_536;

    private static final int CONNECT_SECONDS = 10;
    /** After a failover, sessions with a server that is read-only now are gone after this time at the latest. */
    private static final int LIFETIME_SECONDS = 120;
    /** The same for mails, which must not be late by minutes. */
    private static final int DELIVERY_LIFETIME_SECONDS = 20;
    /** Of one ingest verticle: a flush, an alert, a take-over. */
    private static final int INGEST_SESSIONS = 3;

    private static final int DELIVERY_SESSIONS = 3;

    private Database() {}

    /** Connects on first use; an unreachable database shows in the first query. */
    public static Pool pool(Vertx vertx, DatabaseConfig config) {
        return pool(vertx, config, "database", config.poolSize(), SessionLimits.GENERAL);
    }

    /**
     * A separate pool for statements that other people choose.
     *
     * @param name of the pool, in metrics
     * @param statementTimeout PostgreSQL cancels a statement that takes longer
     */
    public static Pool pool(Vertx vertx, DatabaseConfig config, String name, Duration statementTimeout) {
        return pool(vertx, config, name, config.poolSize(), SessionLimits.ofStatement(statementTimeout));
    }

    /**
     * The pool of ingest, whose sessions have narrow limits.
     *
     * @param instances ingest verticles that share it
     */
    public static Pool ingestPool(Vertx vertx, DatabaseConfig config, int instances) {
        int size = Math.min(config.poolSize(), INGEST_SESSIONS * instances);
        return pool(vertx, config, "ingest", size, SessionLimits.INGEST);
    }

    /** The pool of mails and webhooks, whose sessions have narrow limits: an alert does not wait for a lost server. */
    public static Pool deliveryPool(Vertx vertx, DatabaseConfig config) {
        int size = Math.min(config.poolSize(), DELIVERY_SESSIONS);
        return pool(vertx, config, "delivery", size, SessionLimits.DELIVERY, DELIVERY_LIFETIME_SECONDS);
    }

    static Pool pool(Vertx vertx, DatabaseConfig config, String name, int size, SessionLimits limits) {
        return pool(vertx, config, name, size, limits, LIFETIME_SECONDS);
    }

    private static Pool pool(
            Vertx vertx, DatabaseConfig config, String name, int size, SessionLimits limits, int lifetimeSeconds) {
        return PgBuilder.pool()
                .with(new PoolOptions()
                        .setName(name)
                        .setShared(true)
                        .setMaxSize(size)
                        .setMaxWaitQueueSize(MAX_WAITING)
                        .setConnectionTimeout(CONNECT_SECONDS)
                        .setConnectionTimeoutUnit(TimeUnit.SECONDS)
                        .setIdleTimeout(Math.toIntExact(limits.idle().toMillis()))
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setMaxLifetime(lifetimeSeconds)
                        .setMaxLifetimeUnit(TimeUnit.SECONDS))
                .with(new NetClientOptions()
                        .setConnectTimeout(CONNECT_SECONDS * 1_000)
                        .setTcpKeepAlive(true))
                .withConnectHandler(new SilenceGuard(limits.silence()))
                .connectingTo(limits.applyTo(connectOptions(config)))
                .using(vertx)
                .build();
    }

    /** One statement outside a transaction; prepared again if the tables have changed since its session prepared it. */
    public static Future<RowSet<Row>> execute(Pool pool, String sql, Tuple values) {
        return pool.preparedQuery(sql)
                .execute(values)
                .recover(failure -> DatabaseFailure.isOutdatedPlan(failure)
                        ? again(pool, sql, values)
                        : Future.failedFuture(failure));
    }

    /** On any session, whose own statement may be outdated too. */
    private static Future<RowSet<Row>> again(Pool pool, String sql, Tuple values) {
        return pool.<RowSet<Row>>withConnection(connection -> connection
                        .preparedQuery(sql)
                        .execute(values)
                        .recover(failure -> DatabaseFailure.isOutdatedPlan(failure)
                                ? connection.preparedQuery(sql).execute(values)
                                : Future.failedFuture(failure)))
                .map(Objects::requireNonNull);
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
                .setPreparedStatementCacheSqlLimit(MAX_CACHED_SQL)
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
