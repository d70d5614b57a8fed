package com.deloton.gateway.analyst;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels analysts' queries that run too long, and ends transactions that they leave open as long, whatever time-outs
 * their clients have set; ends sessions that take an advisory lock, since the gateway waits for some of those. Any number of gateways may do so at a time.
 */
public final class QueryWatchdog extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(QueryWatchdog.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final String CANCEL =
            "SELECT login, running_s, outcome FROM cancel_analyst_queries($1 * interval '1 millisecond')";

    private final Pool pool;
    private final Duration limit;
    private final Duration period;
    private final Counter cancelled;
    private final Set<String> unwatched = new HashSet<>();
    private Future<?> looking = Future.succeededFuture();

    /** @param limit how long a query may run, to about two seconds */
    public QueryWatchdog(Pool pool, Duration limit, MeterRegistry meters) {
        this(pool, limit, meters, PERIOD);
    }

    QueryWatchdog(Pool pool, Duration limit, MeterRegistry meters, Duration period) {
        this.pool = pool;
        this.limit = limit;
        this.period = period;
        cancelled = Counter.builder("deloton.analyst.cancelled")
                .description("Queries, idle transactions and locks of analysts that were ended")
                .register(meters);
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(period.toMillis(), timer -> look());
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return looking;
    }

    private void look() {
        if (looking.isComplete()) {
            looking = pool.preparedQuery(CANCEL)
                    .execute(Tuple.of((double) limit.toMillis()))
                    .onSuccess(rows -> rows.forEach(this::tell))
                    .onFailure(failure -> LOG.warn("cannot look after analysts' queries: {}", failure.getMessage()))
                    .otherwiseEmpty();
        }
    }

    private void tell(Row row) {
        String login = row.getString("login");
        switch (row.getString("outcome")) {
            case "cancelled", "ended" -> {
                cancelled.increment();
                LOG.info(
                        "{} what analyst {} has run for {} s",
                        row.getString("outcome"),
                        login,
                        Math.round(row.getDouble("running_s")));
            }
            case "hidden", "refused" -> {
                if (unwatched.add(login)) {
                    LOG.warn("queries of analyst {} cannot be watched; run: CALL analyst_login('{}')", login, login);
                }
            }
            default -> LOG.debug("a query of {} has ended by itself", login);
        }
    }
}
