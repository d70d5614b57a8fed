package com.deloton.gateway.testing;

import static com.deloton.gateway.testing.IngestFixture.await;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.ops.ProcessResources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.sqlclient.Pool;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a verticle of one process needs, on a warehouse that the test fills. The test reads the warehouse by a separate
 * connection, which is kept open, since tests read again and again until a condition holds.
 */
public abstract class VerticleFixture {
    public final Warehouse warehouse;
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final Vertx vertx = Vertx.vertx();
    public final HealthChecks ready = HealthChecks.create(vertx);
    public final Pool pool;
    private @Nullable Connection connection;

    protected VerticleFixture(Warehouse warehouse) {
        this.warehouse = warehouse;
        pool = IngestFixture.pool(vertx, warehouse);
    }

    protected final ProcessResources resources(InstantSource clock) {
        return new ProcessResources(pool, meters, ready, clock);
    }

    /** A mail server on this machine, which gets mail for example.com only. */
    protected static MailConfig mail(int port, String from, String fromName, Duration timeout) {
        return new MailConfig(
                "127.0.0.1",
                port,
                MailConfig.Security.PLAIN,
                null,
                null,
                null,
                from,
                fromName,
                Set.of("example.com"),
                4,
                timeout);
    }

    public final boolean isReady() throws Exception {
        return await(ready.checkStatus()).getUp();
    }

    public final double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    /** The number of rows of {@code table} with {@code condition}. */
    protected final long count(String table, String condition) throws SQLException {
        try (Statement statement = connection().createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table + " WHERE " + condition)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private Connection connection() throws SQLException {
        Connection kept = connection;
        if (kept == null || kept.isClosed()) {
            kept = warehouse.database().connect();
            connection = kept;
        }
        return kept;
    }

    /** Undeploys the verticles. The warehouse can still be read. */
    public void close() throws Exception {
        IngestFixture.close(vertx);
        if (connection != null) {
            connection.close();
        }
    }
}
