package com.deloton.gateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.report.ReportSchedule.Due;
import com.deloton.gateway.report.figures.ReportDay;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class ReportScheduleTest {
    private static final ZoneId LONDON = ZoneId.of("Europe/London");
    private static final LocalDate FORWARD = LocalDate.parse("2026-03-29");
    private static final LocalDate BACK = LocalDate.parse("2026-10-25");

    private final ReportSchedule schedule = new ReportSchedule(LocalTime.of(9, 30), LONDON, 3);

    @Test
    void isDueAtTheTimeOfTheZoneInSummerAndInWinter() {
        assertThat(schedule.dueAt(LocalDate.parse("2026-03-27"))).isEqualTo("2026-03-28T09:30:00Z");
        assertThat(schedule.dueAt(FORWARD.minusDays(1))).isEqualTo("2026-03-29T08:30:00Z");
        assertThat(schedule.dueAt(FORWARD)).isEqualTo("2026-03-30T08:30:00Z");
        assertThat(schedule.dueAt(BACK.minusDays(1))).isEqualTo("2026-10-25T09:30:00Z");
    }

    @Test
    void aTimeThatIsMissingOrTwiceIsStillOneInstant() {
        ReportSchedule early = new ReportSchedule(LocalTime.of(1, 30), LONDON, 3);

        assertThat(early.dueAt(FORWARD.minusDays(1))).isEqualTo("2026-03-29T01:30:00Z");
        assertThat(early.dueAt(BACK.minusDays(1))).isEqualTo("2026-10-25T00:30:00Z");
        assertThat(early.due(Instant.parse("2026-10-25T01:30:00Z")).getLast().day())
                .isEqualTo(BACK.minusDays(1));
    }

    @Test
    void goesBackAsFarAsIsCaughtUp() {
        assertThat(schedule.due(Instant.parse("2026-11-24T09:29:59Z")))
                .extracting(Due::day)
                .containsExactly(LocalDate.parse("2026-11-21"), LocalDate.parse("2026-11-22"));
        assertThat(schedule.due(Instant.parse("2026-11-24T09:30:00Z")))
                .extracting(Due::day)
                .endsWith(LocalDate.parse("2026-11-23"))
                .hasSize(3);
    }

    @Test
    void knowsHowLongUntilTheNext() {
        assertThat(schedule.untilNext(Instant.parse("2026-11-24T09:00:00Z"))).isEqualTo(Duration.ofMinutes(30));
        assertThat(schedule.untilNext(Instant.parse("2026-11-24T09:30:00Z"))).isEqualTo(Duration.ofHours(24));
        assertThat(schedule.untilNext(Instant.parse("2026-10-24T08:30:00Z"))).isEqualTo(Duration.ofHours(25));
        assertThat(schedule.untilNext(Instant.parse("2026-03-28T09:30:00Z"))).isEqualTo(Duration.ofHours(23));
    }

    @Test
    void daysOfChangingClocksHaveTheirOwnLength() {
        ReportDay forward = new ReportDay(FORWARD, LONDON);
        ReportDay back = new ReportDay(BACK, LONDON);

        assertThat(forward.hours()).isEqualTo(23);
        assertThat(forward.hourLabels()).startsWith("00", "02", "03").hasSize(23);
        assertThat(back.hours()).isEqualTo(25);
        assertThat(back.hourLabels())
                .startsWith("00", "01", "01+", "02")
                .endsWith("23")
                .hasSize(25);
        assertThat(back.end()).isEqualTo(new ReportDay(BACK.plusDays(1), LONDON).start());
    }
}
