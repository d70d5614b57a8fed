package com.deloton.gateway.config.settings;

import org.jspecify.annotations.Nullable;

/**
 * The documentation of a key.
 *
 * @param key dotted lower-kebab, such as {@code ingest.flush-interval}
 * @param value what is expected, such as {@code a duration from 10ms to 60s}
 * @param defaultValue as written in a file; null without a default
 * @param meaning one sentence
 */
public record KeyDescription(
        String key, String value, @Nullable String defaultValue, boolean mandatory, boolean secret, String meaning) {

    public String environmentName() {
        return Environment.nameOf(key);
    }
}
