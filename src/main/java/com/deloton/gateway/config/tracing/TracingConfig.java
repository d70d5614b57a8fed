package com.deloton.gateway.config.tracing;

import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Traces by OTLP over HTTP.
 *
 * @param endpoint URL that takes traces; null for no tracing
 * @param ratio share of polls and of HTTP requests that are traced, from 0 to 1
 * @param timeout of one export
 * @param queue spans that wait for their export, at most; later ones are dropped
 */
public record TracingConfig(@Nullable String endpoint, double ratio, Duration timeout, int queue) {
    /** No tracing. */
    public static final TracingConfig OFF = read(Settings.empty());

    public static TracingConfig read(Settings settings) {
        return new TracingConfig(
                settings.key(
                                "tracing.endpoint",
                                "URL that takes traces by OTLP over HTTP, such as http://localhost:4318/v1/traces; without it nothing is traced.")
                        .urlOrNull(),
                settings.key(
                                "tracing.ratio",
                                "Share of polls and of HTTP requests that are traced; each heart-rate alert is traced.")
                        .as("a number from 0 to 1, such as 0.01", "0.01", TracingConfig::ratio),
                settings.key("tracing.timeout", "Time limit of one export of traces.")
                        .duration("5s", "100ms", "1m"),
                settings.key("tracing.queue", "Spans that wait for their export, at most; later ones are dropped.")
                        .integer(2_048, 16, 65_536));
    }

    private static double ratio(String text) {
        double ratio = Double.parseDouble(text);
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException(text);
        }
        return ratio;
    }
}
