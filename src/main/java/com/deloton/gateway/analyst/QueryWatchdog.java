package com.deloton.gateway.analyst;

import com.deloton.gateway.ops.FaultLog;
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
 * Cancels analysts' queries that exceed the limit, and ends their sessions that are idle in a transaction for as long,
 * regardless of the time-outs that a client sets. Ends analysts' sessions that hold an advisory lock, since the gateway
 * waits for some of those locks. Several gateways may run it at the same time.
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
    private final FaultLog faults = new FaultLog(LOG, "Checking analysts' queries");
    private Future<?> running = Future.succeededFuture();

    /** @param limit the longest run time of a query; exceeded by up to two seconds */
    public QueryWatchdog(Pool pool, Duration limit, MeterRegistry meters) {
        this(pool, limit, meters, PERIOD);
    }

    QueryWatchdog(Pool pool, Duration limit, MeterRegistry meters, Duration period) {
        this.pool = pool;
        this.limit = limit;
        this.period = period;
        cancelled = Counter.builder("deloton.analyst.cancelled")
                .description("Analysts' queries cancelled and sessions ended")
                .register(meters);
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(period.toMillis(), timer -> check());
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return running;
    }

    private void check() {
        if (running.isComplete()) {
            running = pool.preparedQuery(CANCEL)
                    .execute(Tuple.of((double) limit.toMillis()))
                    .onSuccess(rows -> {
                        faults.succeeded();
                        rows.forEach(this::report);
                    })
                    .onFailure(faults::failed)
                    .otherwiseEmpty();
        }
    }

    private void report(Row row) {
        String login = row.getString("login");
        switch (row.getString("outcome")) {
            case "cancelled", "ended" -> {
                cancelled.increment();
                LOG.info(
                        "{} the session or query of analyst {} after {} s",
                        row.getString("outcome"),
                        login,
                        Math.round(row.getDouble("running_s")));
            }
            case "hidden", "refused" -> {
                if (unwatched.add(login)) {
                    LOG.warn("sessions of analyst {} cannot be checked; run: CALL analyst_login('{}')", login, login);
                }
            }
            default -> LOG.debug("a query of {} ended before it was cancelled", login);
        }
    }
}
