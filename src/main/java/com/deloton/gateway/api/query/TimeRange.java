package com.deloton.gateway.api.query;

import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.Times;
import com.deloton.gateway.config.settings.IanaZone;
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
 * A half-open time range.
 *
 * @param from inclusive; null for no lower bound
 * @param to exclusive; null for no upper bound
 */
public record TimeRange(@Nullable Instant from, @Nullable Instant to) {
    /** The range of {@code during} in {@code zone}, or that of {@code from} and {@code to}. */
    public static TimeRange of(ApiRequest request, InstantSource clock) {
        ZoneId zone = zone(request);
        Instant from = request.instantOrNull("from", zone, clock);
        Instant to = request.instantOrNull("to", zone, clock);
        String during = request.textOrNull("during");
        if (during == null) {
            if (from != null && to != null && !from.isBefore(to)) {
                throw ApiException.invalid("/query/to", "must be after `from`");
            }
            return new TimeRange(from, to);
        }
        if (from != null || to != null) {
            throw ApiException.invalid("/query/during", "cannot be combined with `from` and `to`; expected either");
        }
        return during(during, zone, clock);
    }

    private static TimeRange during(String during, ZoneId zone, InstantSource clock) {
        boolean isYear = during.matches("\\d{4}");
        boolean isMonth = during.matches("\\d{4}-\\d{2}");
        String suffix = isYear ? "-01-01" : isMonth ? "-01" : "";
        LocalDate first;
        try {
            first = Times.date(during + suffix, zone, clock);
        } catch (DateTimeException e) {
            throw ApiException.invalid(
                    "/query/during",
                    "'" + during
                            + "' is not a year, month or day; expected one from 1900 to 2999, for example 2026-11");
        }
        return between(first, isYear ? first.plusYears(1) : isMonth ? first.plusMonths(1) : first.plusDays(1), zone);
    }

    static TimeRange between(LocalDate first, LocalDate next, ZoneId zone) {
        return new TimeRange(
                first.atStartOfDay(zone).toInstant(), next.atStartOfDay(zone).toInstant());
    }

    /** The parameter {@code zone}, by default UTC. */
    static ZoneId zone(ApiRequest request) {
        String name = request.textOrNull("zone");
        try {
            return name == null ? ZoneOffset.UTC : IanaZone.of(name);
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid(
                    "/query/zone", "'" + name + "' is not a time zone; expected " + IanaZone.EXPECTED);
        }
    }

    /** Adds the condition that {@code column} is in the range. */
    public Where filter(Where where, String column) {
        if (from != null) {
            where.and(column + " >= ?", Json.time(from));
        }
        if (to != null) {
            where.and(column + " < ?", Json.time(to));
        }
        return where;
    }

    /** The calendar period around the date in a path below {@code /days}. */
    public record Period(LocalDate date, String name, ZoneId zone, TimeRange range) {

        public static Period of(ApiRequest request, InstantSource clock) {
            ZoneId zone = TimeRange.zone(request);
            LocalDate date = request.date("date", zone, clock);
            String name = request.text("period");
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

        /** The IANA name, for PostgreSQL and for the response. */
        public String zoneName() {
            return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
        }

        /** The members that every response about a period begins with. */
        public Json json() {
            return new Json().put("date", date).put("period", name).put("zone", zoneName());
        }
    }
}
