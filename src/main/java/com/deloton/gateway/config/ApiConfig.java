package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;
import java.util.List;

/**
 * The REST API.
 *
 * @param corsOrigins origins of other web pages that may call it
 * @param requestsPerMinute limit per subject and process
 * @param statementTimeout a longer query is cancelled
 */
public record ApiConfig(List<String> corsOrigins, int requestsPerMinute, Duration statementTimeout) {
    public static final ApiConfig DEFAULT = read(Settings.empty());

    public ApiConfig {
        corsOrigins = List.copyOf(corsOrigins);
    }

    static ApiConfig read(Settings settings) {
        return new ApiConfig(
                settings.key("api.cors-origins", "Origins of other web pages that may call the API.")
                        .list(
                                "a list of origins such as https://example.com",
                                List.of(),
                                origin -> origin.startsWith("http")),
                settings.key("api.requests-per-minute", "Requests per minute of one subject to one process.")
                        .integer(600, 1, 1_000_000),
                settings.key("api.statement-timeout", "A longer query is cancelled.")
                        .duration("5s", "100ms", "1m"));
    }
}
