package com.deloton.gateway.config.webhook;

import com.deloton.gateway.config.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that get events, and how they are called.
 *
 * @param targets the addresses that may be called
 * @param privateHosts names whose addresses may be private, in lower case
 * @param trustCert PEM file of trusted authorities; null for those of the JVM
 * @param timeout of a whole call
 * @param firstBackoff delay after the first failed attempt; doubles with each further one
 * @param maxBackoff maximum of that delay
 * @param giveUpAfter an event that is not accepted for this long has failed
 * @param disableAfter an endpoint that only fails for this long is disabled
 */
public record WebhookConfig(
        List<WebhookEndpoint> endpoints,
        Targets targets,
        Set<String> privateHosts,
        @Nullable Path trustCert,
        Duration timeout,
        Duration sweepInterval,
        Duration firstBackoff,
        Duration maxBackoff,
        Duration giveUpAfter,
        Duration disableAfter) {

    /** The addresses that may be called. */
    public enum Targets {
        /** Public addresses, by HTTPS, and the named private hosts. */
        PUBLIC,
        /** Loopback addresses only. */
        THIS_MACHINE
    }

    public WebhookConfig {
        endpoints = List.copyOf(endpoints);
        privateHosts = privateHosts.stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Without endpoints. */
    public static WebhookConfig none() {
        return read(Settings.empty());
    }

    public static WebhookConfig read(Settings settings) {
        Targets targets = settings.key(
                        "webhook.targets", "Addresses that webhooks may call; local permits this machine only.")
                .oneOf(Targets.class, Targets.PUBLIC);
        List<String> privateHosts = settings.key(
                        "webhook.private-hosts",
                        "Host names whose addresses may be private, and that may be called by http.")
                .list("a list of host names", List.of(), host -> !host.isEmpty() && host.indexOf('/') < 0);
        List<WebhookEndpoint> endpoints = WebhookEndpoint.read(
                settings,
                settings.properties(
                        "webhook.endpoint",
                        "Endpoints by name, such as `webhook.endpoint.ops.url`; attributes: `url`, `form`, `secret`,"
                                + " `secret-file`, `events`, `severity`, `personal` ([webhooks](webhooks.md))."));
        return new WebhookConfig(
                endpoints,
                targets,
                Set.copyOf(privateHosts),
                settings.key("webhook.trust-cert", "PEM file of trusted authorities; default those of the JVM.")
                        .pathOrNull(),
                settings.key("webhook.timeout", "Timeout of a call, from the connection to the end of the response.")
                        .duration("10s", "100ms", "1m"),
                settings.key("webhook.sweep-interval", "Interval of looking for due events.")
                        .duration("1s", "100ms", "5m"),
                settings.key(
                                "webhook.first-backoff",
                                "Delay after the first failed attempt; doubles with each further one.")
                        .duration("2s", "10ms", "10m"),
                settings.key("webhook.longest-backoff", "Maximum of that delay.")
                        .duration("15m", "10ms", "6h"),
                settings.key("webhook.give-up-after", "An event that is not accepted for this long has failed.")
                        .duration("1d", "1s", "7d"),
                settings.key("webhook.disable-after", "An endpoint that only fails for this long is disabled.")
                        .duration("12h", "1s", "7d"));
    }

    /** Without addresses and secrets. */
    @Override
    public String toString() {
        return "WebhookConfig[endpoints=%s, targets=%s]"
                .formatted(endpoints.stream().map(WebhookEndpoint::name).toList(), targets);
    }
}
