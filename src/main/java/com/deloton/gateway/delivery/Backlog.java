package com.deloton.gateway.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The deliveries that wait, for gauges and health checks. Thread-safe. */
public final class Backlog {
    private volatile State state = new State(0, Duration.ZERO);

    private record State(long waiting, Duration oldest) {}

    /**
     * Registers the gauges of the number that wait and of the longest wait, in seconds.
     *
     * @param what the plural of what waits, for example {@code "alert mails"}
     */
    public Backlog(MeterRegistry registry, String numberGauge, String oldestGauge, String what) {
        Gauge.builder(numberGauge, this, backlog -> backlog.state.waiting())
                .description("Number of %s that wait to be sent".formatted(what))
                .register(registry);
        Gauge.builder(oldestGauge, this, backlog -> backlog.state.oldest().toMillis() / 1_000.0)
                .description("Time that the oldest of the waiting %s has waited".formatted(what))
                .baseUnit("seconds")
                .register(registry);
    }

    public void update(long waiting, Duration oldest) {
        state = new State(waiting, oldest);
    }

    /** {@code {"waiting": 3, "oldestS": 12}}. */
    public JsonObject json() {
        State now = state;
        return new JsonObject()
                .put("waiting", now.waiting())
                .put("oldestS", now.oldest().toSeconds());
    }

    /** A reason for a health check if the oldest has waited for longer than {@code limit}; otherwise null. */
    public @Nullable String overdue(Duration limit) {
        State now = state;
        return now.oldest().compareTo(limit) <= 0
                ? null
                : "%d waiting, the oldest for %d s; expected at most %d s"
                        .formatted(now.waiting(), now.oldest().toSeconds(), limit.toSeconds());
    }
}
