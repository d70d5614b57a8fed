package com.deloton.gateway.ride.heartrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.heartrate.Episode.Phase;
import com.deloton.gateway.ride.heartrate.Episode.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PersonalWatchTest {
    private static final HeartRateLimits LIMITS = new HeartRateLimits(50, 200);
    private static final int PEDALLING = 80;

    private final List<Reading> ride = new ArrayList<>();

    @Test
    void tenSecondsAboveTheMaximumRaise() {
        constant(5, 190, PEDALLING);
        ramp(195, 205, PEDALLING);
        constant(5, 205, PEDALLING);
        assertThat(raised()).isEmpty();
        constant(1, 205, PEDALLING);
        assertThat(raised()).singleElement().satisfies(episode -> {
            assertThat(episode.rule()).isEqualTo(Rule.RANGE);
            assertThat(episode.high()).isTrue();
            assertThat(episode.raisedS() - episode.firstS()).isEqualTo(SustainedRun.SUSTAINED_S);
        });
    }

    @Test
    void everySecondSecondUnmeasuredStillRaises() {
        constant(5, 190, PEDALLING);
        for (int i = 0; i < 6; i++) {
            add(204, PEDALLING);
            add(0, PEDALLING);
        }
        assertThat(raised()).hasSize(1);
    }

    @Test
    void spikesRaiseNothingAndAreReportedAsSensorFaults() {
        for (int i = 0; i < 20; i++) {
            constant(5, 150, PEDALLING);
            constant(3, 230, PEDALLING);
        }
        assertThat(raised()).isEmpty();
        assertThat(events().stream().filter(e -> e instanceof HeartRateEvent.SensorFault))
                .hasSize(39);
    }

    @Test
    void aJumpThatLastsRaises() {
        constant(5, 150, PEDALLING);
        wobble(11, 215);
        assertThat(raised()).hasSize(1);
    }

    @Test
    void aFlatLineOfMinutesRaisesNothingAtRest() {
        constant(100, 180, PEDALLING);
        constant(200, 180, 0);
        assertThat(raised()).isEmpty();
    }

    @Test
    void aHeartRateThatEqualsTheCadenceIsNoEvidence() {
        for (int i = 0; i < 60; i++) {
            add(45 + i % 3, 46);
        }
        assertThat(raised()).isEmpty();
    }

    @Test
    void aHighHeartRateWithoutPedallingRaisesAfterTenSeconds() {
        wobble(60, 120);
        IntStream.range(0, 70).forEach(i -> add(110 + i % 3, 0));
        IntStream.range(0, 11).forEach(i -> add(175 + i % 3, 0));
        assertThat(raised()).singleElement().satisfies(episode -> {
            assertThat(episode.rule()).isEqualTo(Rule.NOT_PEDALLING);
            assertThat(episode.limitBpm()).isEqualTo(170);
        });
    }

    @Test
    void theSameHeartRateWhilePedallingOrWithUnknownCadenceRaisesNothing() {
        wobble(200, 175);
        IntStream.range(0, 200).forEach(i -> add(175 + i % 3, Reading.ABSENT));
        assertThat(raised()).isEmpty();
    }

    @Test
    void aHeartRateThatDoesNotFallAfterAnEffortRaises() {
        wobble(60, 160);
        IntStream.range(0, 131).forEach(i -> add(155 + i % 3, 0));
        assertThat(raised())
                .singleElement()
                .satisfies(episode -> assertThat(episode.rule()).isEqualTo(Rule.NO_RECOVERY));
    }

    @Test
    void aNormalRecoveryRaisesNothing() {
        wobble(60, 190);
        IntStream.range(0, 200).forEach(i -> add((int) (100 + 90 * Math.exp(-i / 100.0)), 0));
        assertThat(raised()).isEmpty();
    }

    @Test
    void anAlertAtRestEndsBelowItsOwnLimit() {
        wobble(10, 120);
        IntStream.range(0, 61).forEach(i -> add(110 + i % 3, 0));
        IntStream.range(0, 20).forEach(i -> add(180 + i % 3, 0));
        IntStream.range(0, 5).forEach(i -> add(160 + i % 3, 0));
        assertThat(events().stream()
                        .filter(e -> e instanceof HeartRateEvent.Changed changed
                                && changed.transition().phase() == Phase.NORMAL))
                .hasSize(1);
    }

    /** After a restart the watch is resumed from the stored readings. */
    @Property(tries = 200)
    void aResumedWatchReportsTheSameEvents(
            @ForAll("rides") List<Reading> readings, @ForAll @IntRange(min = 0, max = 400) int stop) {
        PersonalWatch whole = watch();
        PersonalWatch before = watch();
        RideSeries stored = new RideSeries();
        List<HeartRateEvent> expected = new ArrayList<>();
        List<HeartRateEvent> actual = new ArrayList<>();
        for (Reading reading : readings) {
            expected.addAll(whole.accept(reading));
            if (reading.elapsedS() <= stop) {
                actual.addAll(before.accept(reading));
                stored.add(reading);
            }
        }
        HeartRateWatch resumed = watch().resume(stored);
        readings.stream().filter(r -> r.elapsedS() > stop).forEach(r -> actual.addAll(resumed.accept(r)));
        assertThat(actual).isEqualTo(expected);
    }

    @Property(tries = 200)
    void withinTheRestLimitNoRideRaises(@ForAll @IntRange(min = 51, max = 150) int bpm, @ForAll("cadences") int rpm) {
        PersonalWatch watch = watch();
        for (int s = 0; s < 300; s++) {
            assertThat(watch.accept(reading(s, bpm + s % 2, rpm))).isEmpty();
        }
    }

    @Property(tries = 500)
    void everyEpisodeLastsTenSecondsAndItsReadingIsBeyondItsLimit(@ForAll("rides") List<Reading> readings) {
        PersonalWatch watch = watch();
        for (Reading reading : readings) {
            for (HeartRateEvent event : watch.accept(reading)) {
                if (event instanceof HeartRateEvent.Raised raised) {
                    Episode episode = raised.episode();
                    assertThat(episode.raisedS() - episode.firstS()).isGreaterThanOrEqualTo(SustainedRun.SUSTAINED_S);
                    assertThat(episode.limits().contains(episode.raisedBpm())).isFalse();
                }
            }
        }
    }

    /** Stretches of constant level, some beyond the limits, some unmeasured, with and without pedalling. */
    @Provide
    Arbitrary<List<Reading>> rides() {
        Arbitrary<int[]> stretch = Arbitraries.integers()
                .between(1, 90)
                .flatMap(length -> Arbitraries.of(0, 45, 60, 120, 160, 175, 190, 205, 215, 235)
                        .flatMap(bpm ->
                                Arbitraries.of(0, 60, 90, Reading.ABSENT).map(rpm -> new int[] {length, bpm, rpm})));
        return stretch.list().ofMinSize(1).ofMaxSize(12).map(stretches -> {
            List<Reading> readings = new ArrayList<>();
            for (int[] part : stretches) {
                for (int i = 0; i < part[0]; i++) {
                    int second = readings.size();
                    readings.add(reading(second, part[1] == 0 ? 0 : part[1] + second % 3, part[2]));
                }
            }
            return readings;
        });
    }

    @Provide
    Arbitrary<Integer> cadences() {
        return Arbitraries.of(0, 20, 200, Reading.ABSENT);
    }

    private void constant(int seconds, int bpm, int rpm) {
        IntStream.range(0, seconds).forEach(i -> add(bpm, rpm));
    }

    private void wobble(int seconds, int bpm) {
        IntStream.range(0, seconds).forEach(i -> add(bpm + i % 3, PEDALLING));
    }

    private void ramp(int from, int to, int rpm) {
        IntStream.rangeClosed(from, to).forEach(bpm -> add(bpm, rpm));
    }

    private void add(int bpm, int rpm) {
        ride.add(reading(ride.size(), bpm, rpm));
    }

    private static Reading reading(int second, int bpm, int rpm) {
        return new Reading(second, second * 1_000_000L, bpm, rpm, 30, 100);
    }

    private static PersonalWatch watch() {
        return new PersonalWatch(HeartRatePolicy.DEFAULT, LIMITS, false);
    }

    private List<HeartRateEvent> events() {
        PersonalWatch watch = watch();
        return ride.stream().flatMap(r -> watch.accept(r).stream()).toList();
    }

    private List<Episode> raised() {
        return events().stream()
                .filter(e -> e instanceof HeartRateEvent.Raised)
                .map(e -> ((HeartRateEvent.Raised) e).episode())
                .toList();
    }
}
