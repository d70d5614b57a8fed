package com.deloton.gateway.alert;

import com.deloton.gateway.alert.AlertNotification.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** The meters of alert mails. Thread-safe. */
final class AlertMeters {
    private final MeterRegistry registry;
    private final Timer delivery;
    private final Counter retries;
    private final Counter failures;
    private final Counter discarded;

    AlertMeters(MeterRegistry registry) {
        this.registry = registry;
        delivery = Timer.builder("deloton.alert.delivery")
                .description(
                        "Time from the Kafka timestamp of the reading that raised an alert to the mail server's acceptance of the mail")
                .serviceLevelObjectives(
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(60))
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        retries = Counter.builder("deloton.alert.retries")
                .description("Failed attempts to send a mail that are retried")
                .register(registry);
        failures = Counter.builder("deloton.alert.failures")
                .description("Mails about alerts that were given up or refused")
                .register(registry);
        discarded = Counter.builder("deloton.alert.discarded")
                .description("Mails about alerts that were not sent because they were older than alert.discard-after")
                .register(registry);
        for (Kind kind : Kind.values()) {
            sent(kind);
        }
    }

    void accepted(AlertNotification notification, Duration sinceReading) {
        sent(notification.kind()).increment();
        if (notification.kind() == Kind.ALERT) {
            delivery.record(sinceReading.isNegative() ? Duration.ZERO : sinceReading);
        }
    }

    void retried() {
        retries.increment();
    }

    void discarded() {
        discarded.increment();
    }

    void failed(int count) {
        failures.increment(count);
    }

    private Counter sent(Kind kind) {
        return Counter.builder("deloton.alert.mails")
                .description("Mails about alerts that the mail server accepted")
                .tag("kind", kind.label())
                .register(registry);
    }
}
