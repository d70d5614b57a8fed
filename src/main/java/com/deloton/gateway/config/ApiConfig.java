package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;
import java.util.List;

/**
 * The REST API.
 *
 * @param corsOrigins web pages of these origins may call it
 * @param requestsPerMinute what one subject may ask
 * @param statementTimeout a query that takes longer is given up
 */
public record ApiConfig(List<String> corsOrigins, int requestsPerMinute, Duration statementTimeout) {
    public static final ApiConfig DEFAULT = new ApiConfig(List.of(), 600, Duration.ofSeconds(5));

    public ApiConfig {
        corsOrigins = List.copyOf(corsOrigins);
    }

    static ApiConfig read(Settings settings) {
        return new ApiConfig(
                settings.key("api.cors-origins", "Web pages of these origins may call the API.")
                        .list(
                                "a list of origins such as https://example.com",
                                DEFAULT.corsOrigins,
                                origin -> origin.startsWith("http")),
                settings.key("api.requests-per-minute", "What one subject may ask.")
                        .integer(DEFAULT.requestsPerMinute, 1, 1_000_000),
                settings.key("api.statement-timeout", "A query that takes longer is given up.")
                        .duration("5s", "100ms", "1m"));
    }
}
