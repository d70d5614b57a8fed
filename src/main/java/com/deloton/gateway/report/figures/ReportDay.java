package com.deloton.gateway.report.figures;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/** A calendar day in a time zone; a clock change makes it longer or shorter than 24 hours. */
public record ReportDay(LocalDate date, ZoneId zone) {
    private static final long HOUR_S = 3_600;

    /** The first instant of the day. */
    public Instant start() {
        return date.atStartOfDay(zone).toInstant();
    }

    /** The first instant of the next day. */
    public Instant end() {
        return date.plusDays(1).atStartOfDay(zone).toInstant();
    }

    /** The number of hours, a partial last hour included. */
    public int hours() {
        return (int) ((Duration.between(start(), end()).toSeconds() + HOUR_S - 1) / HOUR_S);
    }

    public ReportDay minusDays(int days) {
        return new ReportDay(date.minusDays(days), zone);
    }

    /** The local hour of each hour's start, {@code 00} to {@code 23}; a repeated hour has a {@code +}. */
    public List<String> hourLabels() {
        List<String> labels = new ArrayList<>();
        for (int hour = 0; hour < hours(); hour++) {
            ZonedDateTime begins = start().plusSeconds(hour * HOUR_S).atZone(zone);
            String label = "%02d".formatted(begins.getHour());
            labels.add(!labels.isEmpty() && labels.getLast().equals(label) ? label + "+" : label);
        }
        return labels;
    }
}
