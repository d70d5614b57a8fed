package com.deloton.gateway.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of webhooks. Thread-safe. */
final class WebhookMeters {
    private final MeterRegistry registry;
    private final Timer delivery;
    private final AtomicInteger disabled = new AtomicInteger();

    WebhookMeters(MeterRegistry registry) {
        this.registry = registry;
        delivery = Timer.builder("deloton.webhook.delivery")
                .description(
                        "Time from the Kafka timestamp of the reading that raised an alert to its acceptance by an endpoint")
                .serviceLevelObjectives(
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60))
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        Gauge.builder("deloton.webhook.disabled", disabled, AtomicInteger::get)
                .description("Endpoints that are disabled because of failures")
                .register(registry);
    }

    void accepted(String endpoint, WebhookDelivery accepted, Duration sinceReading) {
        calls(endpoint, "accepted").increment();
        if (accepted.event().equals("alert.raised")) {
            delivery.record(sinceReading.isNegative() ? Duration.ZERO : sinceReading);
        }
    }

    void failed(String endpoint) {
        calls(endpoint, "failed").increment();
    }

    void lost(int count) {
        Counter.builder("deloton.webhook.lost")
                .description("Events that an endpoint did not accept within webhook.give-up-after")
                .register(registry)
                .increment(count);
    }

    void disabled(int endpoints) {
        disabled.set(endpoints);
    }

    private Counter calls(String endpoint, String result) {
        return Counter.builder("deloton.webhook.calls")
                .description("Calls of webhook endpoints, by result")
                .tag("endpoint", endpoint)
                .tag("result", result)
                .register(registry);
    }
}
