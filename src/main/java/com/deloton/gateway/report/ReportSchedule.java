package com.deloton.gateway.report;

import com.deloton.gateway.config.ReportConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/**
 * When reports are due: on the day after the reported one, at a local time. A time that a clock change skips moves
 * forward by the length of the gap; of a time that occurs twice, the first counts.
 */
record ReportSchedule(LocalTime time, ZoneId zone, int catchUpDays) {

    /** A due report. */
    record Due(LocalDate day, Instant at) {}

    static ReportSchedule of(ReportConfig config) {
        return new ReportSchedule(config.time(), config.zone(), config.catchUpDays());
    }

    Instant dueAt(LocalDate day) {
        return day.plusDays(1).atTime(time).atZone(zone).toInstant();
    }

    /** The reports due by {@code now}, up to {@code catchUpDays} back, oldest first. */
    List<Due> due(Instant now) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        return today.minusDays(catchUpDays)
                .datesUntil(today)
                .map(day -> new Due(day, dueAt(day)))
                .filter(due -> !due.at().isAfter(now))
                .toList();
    }

    /** The time until the next report is due; greater than zero. */
    Duration untilNext(Instant now) {
        LocalDate yesterday = LocalDate.ofInstant(now, zone).minusDays(1);
        Instant next = dueAt(yesterday);
        return Duration.between(now, next.isAfter(now) ? next : dueAt(yesterday.plusDays(1)));
    }
}
