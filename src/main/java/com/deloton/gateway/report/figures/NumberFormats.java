package com.deloton.gateway.report.figures;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats figures for British readers, with no-break spaces before units; an absent figure is a dash. */
public final class NumberFormats {
    public static final String NONE = "–";
    private static final char SPACE = '\u00a0';

    private NumberFormats() {}

    public static String count(long value) {
        return String.format(Locale.UK, "%,d", value);
    }

    public static String count(long value, String one, String more) {
        return count(value) + SPACE + (value == 1 ? one : more);
    }

    public static String unit(@Nullable Number value, String unit) {
        return value == null ? NONE : count(Math.round(value.doubleValue())) + SPACE + unit;
    }

    public static String time(long seconds) {
        if (seconds < 60) {
            return seconds + "" + SPACE + "s";
        }
        if (seconds < 3_600) {
            return "%d\u00a0min\u00a0%02d\u00a0s".formatted(seconds / 60, seconds % 60);
        }
        return "%s\u00a0h\u00a0%02d\u00a0min".formatted(count(seconds / 3_600), seconds % 3_600 / 60);
    }

    /** In whole percent, with one decimal below 10 % and above 99 %; only all and nothing are 100 % and 0 %. */
    public static String share(long part, long whole) {
        if (whole <= 0) {
            return NONE;
        }
        double percent = 100.0 * part / whole;
        double shown = part > 0 && part < whole ? Math.clamp(percent, 0.1, 99.9) : percent;
        return String.format(
                        Locale.UK, shown > 0 && (shown < 10 || (shown > 99 && shown < 100)) ? "%.1f" : "%.0f", shown)
                + SPACE
                + "%";
    }

    /** {@code +8 %}, {@code −3 %} or {@code ±0 %}; a dash if {@code before} is absent or zero. */
    public static String change(@Nullable Number now, @Nullable Number before) {
        if (now == null || before == null || before.doubleValue() <= 0) {
            return NONE;
        }
        long percent = Math.round(100 * (now.doubleValue() / before.doubleValue() - 1));
        return (percent > 0 ? "+" : percent < 0 ? "−" : "±") + count(Math.abs(percent)) + SPACE + "%";
    }
}
