package com.deloton.gateway.report;

import com.deloton.gateway.config.ReportConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/**
 * When reports are due: that of a day on the next day, at the time of the zone. A time that a day lacks, because clocks
 * go forward, is as much later as they go; of a time that a day has twice it is the first.
 */
record ReportSchedule(LocalTime time, ZoneId zone, int catchUpDays) {

    /** A report that is due. */
    record Due(LocalDate day, Instant at) {}

    static ReportSchedule of(ReportConfig config) {
        return new ReportSchedule(config.time(), config.zone(), config.catchUpDays());
    }

    Instant dueAt(LocalDate day) {
        return day.plusDays(1).atTime(time).atZone(zone).toInstant();
    }

    /** The days whose reports are due by then, as far back as is caught up, oldest first. */
    List<Due> due(Instant now) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        return today.minusDays(catchUpDays)
                .datesUntil(today)
                .map(day -> new Due(day, dueAt(day)))
                .filter(due -> !due.at().isAfter(now))
                .toList();
    }

    /** How long until the next report is due; never zero. */
    Duration untilNext(Instant now) {
        LocalDate yesterday = LocalDate.ofInstant(now, zone).minusDays(1);
        Instant next = dueAt(yesterday);
        return Duration.between(now, next.isAfter(now) ? next : dueAt(yesterday.plusDays(1)));
    }
}
