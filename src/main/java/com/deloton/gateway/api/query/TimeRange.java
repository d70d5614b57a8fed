package com.deloton.gateway.api.query;

import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time.
 *
 * @param from null for no bound
 * @param to not included; null for no bound
 */
public record TimeRange(@Nullable Instant from, @Nullable Instant to) {
    private static final int FIRST_YEAR = 1900;
    private static final int LAST_YEAR = 2999;

    /** The span of {@code during} in {@code zone}, or that of {@code from} and {@code to}. */
    public static TimeRange of(ApiRequest call) {
        Instant from = call.instantOrNull("from");
        Instant to = call.instantOrNull("to");
        String during = call.textOrNull("during");
        if (during == null) {
            if (from != null && to != null && !from.isBefore(to)) {
                throw ApiException.invalid("/query/to", "must be after from");
            }
            return new TimeRange(from, to);
        }
        if (from != null || to != null) {
            throw ApiException.invalid("/query/during", "must be given without from and to");
        }
        LocalDate first = date("/query/during", during + "-01-01".substring(during.length() - 4));
        LocalDate next = switch (during.length()) {
            case 4 -> first.plusYears(1);
            case 7 -> first.plusMonths(1);
            default -> first.plusDays(1);
        };
        return between(first, next, zone(call));
    }

    static TimeRange between(LocalDate first, LocalDate next, ZoneId zone) {
        return new TimeRange(
                first.atStartOfDay(zone).toInstant(), next.atStartOfDay(zone).toInstant());
    }

    /** UTC if the call names no {@code zone}. */
    static ZoneId zone(ApiRequest call) {
        String name = call.textOrNull("zone");
        try {
            return name == null ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException e) {
            throw ApiException.invalid("/query/zone", "must be a time zone of the IANA database");
        }
    }

    static LocalDate date(String pointer, String text) {
        try {
            LocalDate date = LocalDate.parse(text);
            if (date.getYear() >= FIRST_YEAR && date.getYear() <= LAST_YEAR) {
                return date;
            }
        } catch (DateTimeException e) {
            // said below
        }
        throw ApiException.invalid(
                pointer, "must be a date of the calendar, of the years %d to %d".formatted(FIRST_YEAR, LAST_YEAR));
    }

    /** Adds that {@code column} is in the span. */
    public Where filter(Where where, String column) {
        if (from != null) {
            where.and(column + " >= ?", Json.time(from));
        }
        if (to != null) {
            where.and(column + " < ?", Json.time(to));
        }
        return where;
    }

    /** The period around the date of a call under {@code /days}. */
    public record Period(LocalDate date, String name, ZoneId zone, TimeRange span) {

        public static Period of(ApiRequest call, InstantSource clock) {
            ZoneId zone = TimeRange.zone(call);
            String text = call.text("date");
            LocalDate date = text.equals("today")
                    ? clock.instant().atZone(zone).toLocalDate()
                    : TimeRange.date("/path/date", text);
            String given = call.textOrNull("period");
            String name = given == null ? "day" : given;
            LocalDate first = switch (name) {
                case "week" -> date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                case "month" -> date.withDayOfMonth(1);
                case "year" -> date.withDayOfYear(1);
                default -> date;
            };
            LocalDate next = switch (name) {
                case "week" -> first.plusWeeks(1);
                case "month" -> first.plusMonths(1);
                case "year" -> first.plusYears(1);
                default -> first.plusDays(1);
            };
            return new Period(date, name, zone, between(first, next, zone));
        }

        /** For PostgreSQL and people. */
        public String zoneName() {
            return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
        }

        /** How answers begin. */
        public Json json() {
            return new Json().put("date", date).put("period", name).put("zone", zoneName());
        }
    }
}
