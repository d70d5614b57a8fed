package com.deloton.gateway.ride.heartrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.Rider.Gender;
import java.time.Duration;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PersonalMaximumTest {
    private static final long DAY = Duration.ofDays(1).toNanos() / 1_000;

    @Test
    void withoutRidesTheLimitIsThePopulationsMeanAndTwoStandardErrors() {
        assertThat(max(40, null, 0)).isEqualTo(207);
        assertThat(PersonalMaximum.limits(Gender.MALE, null, null, 0)).isNull();
    }

    @Test
    void aLearntMaximumRaisesTheLimitAndFadesWithinMonths() {
        PersonalMaximum learnt = new PersonalMaximum(200, 0);
        assertThat(max(40, learnt, 0)).isEqualTo(210);
        assertThat(learnt.fadedBpm(185.4, 180 * DAY)).isCloseTo(185.4 + 7.3, within(0.01));
        assertThat(max(40, learnt, 365 * DAY)).isEqualTo(207);
    }

    @Property
    void theLimitStaysBetweenTwoAndThreeStandardErrors(
            @ForAll @IntRange(min = 12, max = 100) int age,
            @ForAll @DoubleRange(min = 30, max = 250) double bpm,
            @ForAll @LongRange(min = 0, max = 1_000) long days) {
        double expected = PersonalMaximum.expectedBpm(age);
        assertThat((double) max(age, new PersonalMaximum(bpm, 0), days * DAY))
                .isBetween(expected + 2 * 10.8 - 0.5, expected + 3 * 10.8 + 0.5);
    }

    @Property
    void theOrderOfLearningDoesNotMatter(
            @ForAll @DoubleRange(min = 100, max = 250) double one,
            @ForAll @DoubleRange(min = 100, max = 250) double other,
            @ForAll @LongRange(min = 0, max = 1_000) long days) {
        PersonalMaximum early = new PersonalMaximum(one, 0);
        PersonalMaximum late = new PersonalMaximum(other, days * DAY);
        assertThat(PersonalMaximum.higher(early, late, 40)).isEqualTo(PersonalMaximum.higher(late, early, 40));
    }

    @Test
    void aHeartRateHeldForHalfAMinuteIsLearntAndAPeakIsNot() {
        assertThat(shown(60, 15, 208)).isLessThan(165);
        assertThat(shown(60, 90, 190)).isBetween(190, 193);
    }

    @Test
    void anExcessFromWhichTheHeartRecoversIsLearnt() {
        assertThat(shown(120, 60, 212)).isBetween(212, 215);
    }

    @Test
    void aRideThatEndsAboveTheRangeOrIsHighAtRestShowsNothing() {
        RideSeries high = new RideSeries();
        for (int s = 0; s < 300; s++) {
            add(high, s, s < 200 ? 150 : 212, 80);
        }
        assertThat(PersonalMaximum.of(high, HeartRatePolicy.DEFAULT, new HeartRateLimits(45, 207)))
                .isNull();
        RideSeries rest = new RideSeries();
        for (int s = 0; s < 300; s++) {
            add(rest, s, s < 200 ? 150 : 190, s < 100 ? 80 : 0);
        }
        assertThat(PersonalMaximum.of(rest, HeartRatePolicy.DEFAULT, new HeartRateLimits(45, 207)))
                .isNull();
    }

    /** The maximum of a ride at 160 bpm with a time at {@code bpm}. */
    private static int shown(int before, int seconds, int bpm) {
        RideSeries series = new RideSeries();
        for (int s = 0; s < 600; s++) {
            add(series, s, s >= before && s < before + seconds ? bpm : 160, 80);
        }
        PersonalMaximum shown = PersonalMaximum.of(series, HeartRatePolicy.DEFAULT, new HeartRateLimits(45, 207));
        return (int) Objects.requireNonNull(shown).bpm();
    }

    private static void add(RideSeries series, int second, int bpm, int rpm) {
        series.add(new Reading(second, second * 1_000_000L, bpm + second % 3, rpm, 30, 100));
    }

    private static int max(int age, @Nullable PersonalMaximum learnt, long atMicros) {
        return Objects.requireNonNull(PersonalMaximum.limits(Gender.FEMALE, age, learnt, atMicros))
                .maxBpm();
    }
}
