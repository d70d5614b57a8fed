package com.deloton.gateway.config.settings;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations with a unit. */
final class Durations {
    private static final Pattern NUMBER_WITH_UNIT = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]+)");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    private Durations() {}

    /**
     * {@code 500ms}, {@code 1s}, {@code 30m}, {@code 24h}, {@code 7d}.
     *
     * @throws IllegalArgumentException for any other format
     */
    static Duration parse(String text) {
        Matcher parts = NUMBER_WITH_UNIT.matcher(text);
        Duration unit = parts.matches() ? UNITS.get(parts.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("not a number with a unit of time");
        }
        try {
            return unit.multipliedBy(Long.parseLong(parts.group(1)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("too long", e);
        }
    }
}
