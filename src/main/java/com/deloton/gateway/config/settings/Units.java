package com.deloton.gateway.config.settings;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with a unit. What does not parse, or does not fit, is an {@link IllegalArgumentException}. */
final class Units {
    private static final Pattern NUMBER_WITH_UNIT = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]+)");
    private static final Map<String, Duration> TIMES = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));
    private static final Map<String, Long> SIZES = Map.of(
            "b",
            1L,
            "kb",
            1_000L,
            "mb",
            1_000_000L,
            "gb",
            1_000_000_000L,
            "kib",
            1L << 10,
            "mib",
            1L << 20,
            "gib",
            1L << 30);

    private Units() {}

    /** {@code 500ms}, {@code 1s}, {@code 30m}, {@code 24h}, {@code 7d}. */
    static Duration duration(String text) {
        Matcher parts = parts(text);
        Duration unit = TIMES.get(parts.group(2));
        if (unit == null) {
            throw new IllegalArgumentException("no such unit of time");
        }
        try {
            return unit.multipliedBy(Long.parseLong(parts.group(1)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("too long", e);
        }
    }

    /** Bytes: {@code 512B}, {@code 64KiB}, {@code 1MiB}, {@code 10MB}. */
    static long bytes(String text) {
        Matcher parts = parts(text);
        Long unit = SIZES.get(parts.group(2).toLowerCase(Locale.ROOT));
        if (unit == null) {
            throw new IllegalArgumentException("no such unit of size");
        }
        try {
            return Math.multiplyExact(unit, Long.parseLong(parts.group(1)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("too large", e);
        }
    }

    private static Matcher parts(String text) {
        Matcher parts = NUMBER_WITH_UNIT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a number with a unit");
        }
        return parts;
    }
}
