package com.deloton.gateway.api.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    private static final ZoneId LONDON = ZoneId.of("Europe/London");
    /** Half past midnight of 2 July in London. */
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-07-01T23:30:00Z"));

    @Test
    void aDateIsItsStartInTheZone() {
        assertThat(Times.instant("2026-07-01", LONDON, CLOCK)).isEqualTo("2026-06-30T23:00:00Z");
        assertThat(Times.instant("today", LONDON, CLOCK)).isEqualTo("2026-07-01T23:00:00Z");
        assertThat(Times.instant("yesterday", LONDON, CLOCK)).isEqualTo("2026-06-30T23:00:00Z");
        assertThat(Times.date("today", LONDON, CLOCK)).isEqualTo(LocalDate.of(2026, 7, 2));
        assertThat(Times.date("yesterday", LONDON, CLOCK)).isEqualTo(LocalDate.of(2026, 7, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "2026",
                "2026-02-30",
                "1899-12-31",
                "3000-01-01",
                "2026-11-24T10:15",
                "24.11.2026",
                "2026-11-24T10:15:30",
                "2026-11-24T10:15:30+1",
                "2026-11-24T25:00:00Z",
                "2026-11-24T24:00:00Z",
                "2026-11-31T00:00:00Z",
                "2026-02-29 12:00:00+0100",
                "2026-11-24 10:15:30",
                "+999999999-01-01T00:00:00Z"
            })
    void otherTextIsNotATime(String text) {
        assertThat(Times.isTime(text)).isFalse();
    }

    @Property
    void anOffsetMayBeWrittenWithoutColonOrWithASpaceForThePlusAndTheTimeBehindASpace(
            @ForAll @IntRange(min = 0, max = 17) int hours, @ForAll @IntRange(min = 0, max = 59) int minutes) {
        Instant expected = Times.instant("2026-11-24T10:15:30+%02d:%02d".formatted(hours, minutes), LONDON, CLOCK);

        assertThat(Times.instant("2026-11-24T10:15:30+%02d%02d".formatted(hours, minutes), LONDON, CLOCK))
                .isEqualTo(expected);
        assertThat(Times.instant("2026-11-24T10:15:30 %02d:%02d".formatted(hours, minutes), LONDON, CLOCK))
                .isEqualTo(expected);
        assertThat(Times.instant("2026-11-24 10:15:30+%02d:%02d".formatted(hours, minutes), LONDON, CLOCK))
                .isEqualTo(expected);
        assertThat(Times.instant("2026-11-24 10:15:30 %02d:%02d".formatted(hours, minutes), LONDON, CLOCK))
                .isEqualTo(expected);
    }
}
