package com.deloton.gateway.retention;

import com.deloton.gateway.config.archive.ArchiveConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/** The closed days that wait for the archive, as of the last {@link #update}. None without an archive. Thread-safe. */
final class ArchiveBacklog {
    private static final String WAITING = """
            SELECT count(*) AS days,
                coalesce(extract(epoch FROM now() - min(waiting_since)), 0)::bigint AS oldest_s
            FROM archive_due($1::bigint * interval '1 second')""";

    private final ArchiveConfig config;
    private volatile State state = new State(0, Duration.ZERO);

    private record State(long days, Duration oldest) {}

    ArchiveBacklog(ArchiveConfig config, MeterRegistry registry) {
        this.config = config;
        Gauge.builder("deloton.archive.waiting.days", this, backlog -> backlog.state.days())
                .description("Number of closed days that wait for the archive")
                .register(registry);
        Gauge.builder(
                        "deloton.archive.waiting.oldest",
                        this,
                        backlog -> backlog.state.oldest().toSeconds())
                .description("Time that the longest waiting closed day has waited for the archive")
                .baseUnit("seconds")
                .register(registry);
    }

    boolean isArchived() {
        return config.warehouse() != null;
    }

    Future<?> update(Pool pool) {
        if (!isArchived()) {
            return Future.succeededFuture();
        }
        return pool.preparedQuery(WAITING)
                .execute(Tuple.of(config.closedAfter().toSeconds()))
                .onSuccess(rows -> {
                    Row row = rows.iterator().next();
                    state = new State(row.getLong("days"), Duration.ofSeconds(row.getLong("oldest_s")));
                });
    }

    /** {@code {"waitingDays": 3, "oldestWaiting": "14 h"}}. */
    JsonObject json() {
        State now = state;
        return new JsonObject()
                .put("waitingDays", now.days())
                .put("oldestWaiting", now.oldest().toHours() + " h");
    }
}
