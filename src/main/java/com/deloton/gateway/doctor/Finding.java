package com.deloton.gateway.doctor;

import java.util.Locale;

/**
 * One result of a check.
 *
 * @param subject what was checked, such as {@code topic}
 * @param text the observed value and, unless it is OK, what to do
 */
public record Finding(Level level, String subject, String text) {

    /** How serious a finding is. */
    public enum Level {
        OK,
        /** Works, but not well, or will stop working. */
        WARN,
        /** The gateway cannot work. */
        FAIL
    }

    static Finding ok(String subject, String text) {
        return new Finding(Level.OK, subject, text);
    }

    static Finding warn(String subject, String text) {
        return new Finding(Level.WARN, subject, text);
    }

    static Finding fail(String subject, String text) {
        return new Finding(Level.FAIL, subject, text);
    }

    /** A line of the command's output. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%-4s  %-11s  %s", level, subject, text);
    }
}
