package com.deloton.gateway.config.settings;

import org.jspecify.annotations.Nullable;

/**
 * What there is to know about one key.
 *
 * @param key dotted lower-kebab, such as {@code ingest.flush-interval}
 * @param value what a right value looks like, such as {@code a duration from 10ms to 60s}
 * @param defaultValue the default as it would be written; null if there is none
 * @param meaning one sentence
 */
public record KeyDescription(
        String key, String value, @Nullable String defaultValue, boolean mandatory, boolean secret, String meaning) {

    public String environmentName() {
        return Environment.nameOf(key);
    }
}
