package com.deloton.gateway.simulate;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time at which each line of a capture is due, from the timestamps in the lines. A line without a timestamp, or with
 * one that is not later than all earlier ones, is due at once. A step of more than an hour is skipped: it is a gap in the
 * capture or a faulty clock.
 */
final class ReplayPace {
    private static final Pattern TIMESTAMP =
            Pattern.compile("\"(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?) ");
    private static final int TIMESTAMP_PREFIX_BYTES = 100;
    private static final long MAX_WAIT_MICROS = 3_600_000_000L;

    private final double speed;
    private long latestMicros = Long.MIN_VALUE;
    private double elapsedMicros;

    /** @param speed a multiple of real time, above 0 */
    ReplayPace(double speed) {
        this.speed = speed;
    }

    /** Microseconds after the first line at which this next line is due. Never decreases. */
    long nextMicros(byte[] line) {
        long at = timestamp(line);
        if (at > latestMicros) {
            long step = latestMicros == Long.MIN_VALUE ? 0 : at - latestMicros;
            elapsedMicros += step > MAX_WAIT_MICROS ? 0 : step / speed;
            latestMicros = at;
        }
        return (long) elapsedMicros;
    }

    private static long timestamp(byte[] line) {
        int length = Math.min(line.length, TIMESTAMP_PREFIX_BYTES);
        Matcher found = TIMESTAMP.matcher(new String(line, 0, length, StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            return Long.MIN_VALUE;
        }
        try {
            LocalDateTime at = LocalDateTime.parse(found.group(1) + "T" + found.group(2));
            return at.toEpochSecond(ZoneOffset.UTC) * 1_000_000 + at.getLong(ChronoField.MICRO_OF_SECOND);
        } catch (DateTimeException e) {
            return Long.MIN_VALUE;
        }
    }
}
