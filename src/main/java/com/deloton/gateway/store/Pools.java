package com.deloton.gateway.store;

import com.deloton.gateway.config.DatabaseConfig;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The connection pools of a process, each made at its first use. Thread-safe. */
public final class Pools {
    private static final long CLOSE_TIMEOUT_MS = 500;

    private final Vertx vertx;
    private final DatabaseConfig config;
    private final Map<String, Pool> pools = new ConcurrentHashMap<>();

    public Pools(Vertx vertx, DatabaseConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** For statements without a specific limit. */
    public Pool general() {
        return pools.computeIfAbsent("general", name -> Database.pool(vertx, config));
    }

    /** See {@link Database#ingestPool}; one for all instances of the verticle. */
    public Pool ingest(int instances) {
        return pools.computeIfAbsent("ingest", name -> Database.ingestPool(vertx, config, instances));
    }

    /** See {@link Database#deliveryPool}. */
    public Pool delivery() {
        return pools.computeIfAbsent("delivery", name -> Database.deliveryPool(vertx, config));
    }

    /** For requests to the API, whose statements PostgreSQL cancels after {@code statementTimeout}. */
    public Pool api(Duration statementTimeout) {
        return pools.computeIfAbsent("api", name -> Database.pool(vertx, config, name, statementTimeout));
    }

    /** Waits half a second per pool at most: a server that does not answer must not hold up the end of the process. */
    public void close() {
        for (Pool pool : pools.values()) {
            pool.close()
                    .timeout(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .otherwiseEmpty()
                    .await();
        }
    }
}
