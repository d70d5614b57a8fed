package com.deloton.gateway.api.request;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.Locale;

/**
 * Times and dates of requests: RFC 3339 times, with a space in place of the T too, and with the offset also as {@code
 * +0100}; dates of the years 1900 to 2999;
 * {@code today} and {@code yesterday}.
 */
public final class Times {
    public static final String EXPECTED_TIME =
            "an RFC 3339 time with an offset, a date YYYY-MM-DD, today or yesterday, for example 2026-11-24T10:15:30Z";
    public static final String EXPECTED_DATE =
            "a date YYYY-MM-DD of the years 1900 to 2999, today or yesterday, for example 2026-11-24";

    private static final int FIRST_YEAR = 1900;
    private static final int LAST_YEAR = 2999;
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern("[XXX][XX]")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private Times() {}

    public static boolean isTime(String text) {
        try {
            instant(text, ZoneOffset.UTC, () -> Instant.EPOCH);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    public static boolean isDate(String text) {
        try {
            date(text, ZoneOffset.UTC, () -> Instant.EPOCH);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /**
     * The time, or the start of the date in the zone.
     *
     * @throws DateTimeException for any other text
     */
    public static Instant instant(String text, ZoneId zone, InstantSource clock) {
        if (text.length() <= "YYYY-MM-DD".length()) {
            return date(text, zone, clock).atStartOfDay(zone).toInstant();
        }
        OffsetDateTime time = OffsetDateTime.parse(withSeparators(text), TIME);
        checkYear(time.getYear());
        return time.toInstant();
    }

    /**
     * The date.
     *
     * @throws DateTimeException for any other text
     */
    public static LocalDate date(String text, ZoneId zone, InstantSource clock) {
        LocalDate date = switch (text) {
            case "today" -> clock.instant().atZone(zone).toLocalDate();
            case "yesterday" -> clock.instant().atZone(zone).toLocalDate().minusDays(1);
            default -> LocalDate.parse(text);
        };
        if (!text.equals("today") && !text.equals("yesterday")) {
            checkYear(date.getYear());
        }
        return date;
    }

    /** With the T, and with an offset's +, which arrives as a space if a query has it without percent-encoding. */
    private static String withSeparators(String text) {
        int date = "YYYY-MM-DD".length();
        String time = text.charAt(date) == ' ' ? text.substring(0, date) + "T" + text.substring(date + 1) : text;
        int space = time.lastIndexOf(' ');
        return space < 0 ? time : time.substring(0, space) + "+" + time.substring(space + 1);
    }

    private static void checkYear(int year) {
        if (year < FIRST_YEAR || year > LAST_YEAR) {
            throw new DateTimeException("the year is out of range");
        }
    }
}
