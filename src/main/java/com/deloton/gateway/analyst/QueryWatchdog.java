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
 * their clients have set. Any number of gateways may do so at a time.
 */
public final class QueryWatchdog extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(QueryWatchdog.class);
    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(500);
    private static final Duration LONGEST_PERIOD = Duration.ofSeconds(30);
    private static final String CANCEL =
            "SELECT login, running_s, outcome FROM cancel_analyst_queries($1 * interval '1 millisecond')";

    private final Pool pool;
    private final Duration limit;
    private final Counter cancelled;
    private final Set<String> unwatched = new HashSet<>();
    private boolean looking;

    /** @param limit how long a query may run; the watchdog looks ten times as often, but at most twice a second */
    public QueryWatchdog(Pool pool, Duration limit, MeterRegistry meters) {
        this.pool = pool;
        this.limit = limit;
        cancelled = Counter.builder("deloton.analyst.cancelled")
                .description("Queries and idle transactions of analysts that were ended for their length")
                .register(meters);
    }

    @Override
    public Future<?> start() {
        Duration tenth = limit.dividedBy(10);
        Duration period = tenth.compareTo(SHORTEST_PERIOD) < 0
                ? SHORTEST_PERIOD
                : tenth.compareTo(LONGEST_PERIOD) > 0 ? LONGEST_PERIOD : tenth;
        vertx.setPeriodic(period.toMillis(), timer -> look());
        return Future.succeededFuture();
    }

    private void look() {
        if (looking) {
            return;
        }
        looking = true;
        pool.preparedQuery(CANCEL)
                .execute(Tuple.of((double) limit.toMillis()))
                .onSuccess(rows -> rows.forEach(this::tell))
                .onFailure(failure -> LOG.warn("cannot look after analysts' queries: {}", failure.getMessage()))
                .onComplete(done -> looking = false);
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
