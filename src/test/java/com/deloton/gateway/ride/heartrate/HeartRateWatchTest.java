package com.deloton.gateway.ride.heartrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.heartrate.Episode.Phase;
import com.deloton.gateway.ride.heartrate.Episode.Severity;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeartRateWatchTest {
    private static final HeartRateLimits LIMITS = new HeartRateLimits(50, 180);

    @Test
    void theThirdReadingOutsideRaises() {
        assertThat(raised(watch(HeartRatePolicy.DEFAULT), 180, 181, 182, 183, 184))
                .singleElement()
                .satisfies(episode -> {
                    assertThat(episode.firstS()).isEqualTo(2);
                    assertThat(episode.firstAtMicros()).isEqualTo(2_000_000);
                    assertThat(episode.raisedS()).isEqualTo(4);
                    assertThat(episode.raisedBpm()).isEqualTo(183);
                    assertThat(episode.limitBpm()).isEqualTo(180);
                    assertThat(episode.severity()).isEqualTo(Severity.WARNING);
                    assertThat(episode.quiet()).isNull();
                });
    }

    @Test
    void belowTheMinimumIsAnEpisodeToo() {
        assertThat(raised(watch(HeartRatePolicy.DEFAULT), 50, 49, 48, 47))
                .singleElement()
                .satisfies(episode -> assertThat(episode.high()).isFalse());
    }

    @Test
    void aMissingHeartRateOrALongGapEndsTheRun() {
        assertThat(raised(watch(HeartRatePolicy.DEFAULT), 190, 190, 0, 190, 190))
                .isEmpty();
        HeartRateWatch watch = watch(HeartRatePolicy.DEFAULT);
        List<HeartRateEvent> told = new ArrayList<>();
        for (int s : new int[] {1, 2, 9, 10}) {
            told.addAll(watch.accept(reading(s, 190)));
        }
        assertThat(told).isEmpty();
        assertThat(watch.accept(reading(16, 190))).hasSize(1);
    }

    @Test
    void recoveryTakesThreeReadingsBelowTheLowerLevel() {
        List<HeartRateEvent> told =
                feed(watch(HeartRatePolicy.DEFAULT), 190, 190, 190, 178, 175, 174, 181, 170, 176, 170, 170, 170);

        assertThat(phases(told))
                .containsExactly(
                        Phase.PENDING, Phase.FIRING, Phase.RECOVERING, Phase.FIRING, Phase.RECOVERING, Phase.NORMAL);
        assertThat(told.getLast())
                .isInstanceOfSatisfying(
                        HeartRateEvent.Changed.class,
                        moved -> assertThat(moved.step().worstBpm()).isEqualTo(190));
    }

    @Test
    void severityIsCriticalFarAboveAndIsToldWhenItComesLater() {
        assertThat(raised(watch(HeartRatePolicy.DEFAULT), 190, 190, 200)
                        .getFirst()
                        .severity())
                .isEqualTo(Severity.CRITICAL);
        List<HeartRateEvent> told = feed(watch(HeartRatePolicy.DEFAULT), 190, 190, 190, 199, 200, 210, 195);
        assertThat(told)
                .filteredOn(HeartRateEvent.Changed.class::isInstance)
                .singleElement()
                .satisfies(signal -> assertThat(
                                ((HeartRateEvent.Changed) signal).step().severity())
                        .isEqualTo(Severity.CRITICAL));
        HeartRateWatch veryFit = new HeartRateWatch(HeartRatePolicy.DEFAULT, new HeartRateLimits(50, 215), false);
        assertThat(raised(veryFit, 216, 218, 220).getFirst().severity()).isEqualTo(Severity.CRITICAL);
        assertThat(raised(watch(HeartRatePolicy.DEFAULT), 31, 31, 31).getFirst().severity())
                .isEqualTo(Severity.WARNING);
    }

    @Test
    void oneEpisodeOfARideIsToldUnlessTheCoolDownSaysOtherwise() {
        int[] twice = {190, 190, 190, 160, 160, 160, 190, 190, 190};
        assertThat(raised(watch(HeartRatePolicy.DEFAULT), twice))
                .extracting(Episode::quiet)
                .containsExactly(null, Episode.SuppressionReason.COOL_DOWN);
        assertThat(raised(watch(new HeartRatePolicy(3, 3, 5, 5, 6, 20, 220, 40)), twice))
                .extracting(Episode::quiet)
                .containsExactly(null, null);
        assertThat(raised(new HeartRateWatch(HeartRatePolicy.DEFAULT, LIMITS, true), twice))
                .extracting(Episode::quiet)
                .containsOnly(Episode.SuppressionReason.OPT_OUT);
    }

    @Test
    void aJumpIsAFaultOfTheSensor() {
        assertThat(feed(watch(HeartRatePolicy.DEFAULT), 100, 140, 99, 140, 0, 60))
                .containsExactly(
                        new HeartRateEvent.SensorFault(3, 140, 99), new HeartRateEvent.SensorFault(4, 99, 140));
    }

    @Test
    void withoutLimitsNothingIsRaised() {
        assertThat(feed(new HeartRateWatch(HeartRatePolicy.DEFAULT, null, false), 230, 230, 230, 230))
                .isEmpty();
    }

    @Test
    void theEndOfTheRideEndsTheEpisode() {
        HeartRateWatch watch = watch(HeartRatePolicy.DEFAULT);
        feed(watch, 190, 190, 190);

        assertThat(phases(watch.end(9))).containsExactly(Phase.ENDED);
        assertThat(watch.end(9)).isEmpty();
    }

    @Test
    void aRidersOwnBoundsReplaceTheFormula() {
        assertThat(RiderAlertSetting.NONE.limits(LIMITS)).isEqualTo(LIMITS);
        assertThat(new RiderAlertSetting(null, 140, false).limits(LIMITS)).isEqualTo(new HeartRateLimits(50, 140));
        assertThat(new RiderAlertSetting(45, 150, false).limits(null)).isEqualTo(new HeartRateLimits(45, 150));
        assertThat(new RiderAlertSetting(null, 140, false).limits(null)).isNull();
        assertThat(new RiderAlertSetting(150, 140, false).limits(null)).isNull();
    }

    @Property
    void noTwoEpisodesFireWithoutARecovery(
            @ForAll("hearts") List<Integer> hearts, @ForAll("policies") HeartRatePolicy p) {
        boolean open = false;
        for (Phase phase : phases(feed(watch(p), ints(hearts)))) {
            if (phase == Phase.PENDING) {
                assertThat(open).isFalse();
                open = true;
            } else if (phase == Phase.NORMAL) {
                open = false;
            }
        }
    }

    @Property
    void theFirstEpisodeIsWhereTheRuleSaysItIs(@ForAll("hearts") List<Integer> hearts) {
        List<Episode> episodes = raised(watch(HeartRatePolicy.DEFAULT), ints(hearts));

        Integer expected = firstRaise(hearts);
        assertThat(episodes.isEmpty() ? null : (Integer) episodes.getFirst().raisedS())
                .isEqualTo(expected);
        assertThat(episodes.stream().filter(e -> e.quiet() == null).count()).isEqualTo(expected == null ? 0 : 1);
    }

    @Property
    void missingReadingsTellNothing(@ForAll("hearts") List<Integer> hearts, @ForAll @IntRange(min = 1, max = 9) int n) {
        HeartRateWatch watch = watch(HeartRatePolicy.DEFAULT);
        feed(watch, ints(hearts));
        for (int i = 1; i <= n; i++) {
            assertThat(watch.accept(reading(hearts.size() + i, 0))).isEmpty();
        }
    }

    @Property
    void aWatchThatResumesTellsWhatTheFirstWouldHave(
            @ForAll("hearts") List<Integer> hearts,
            @ForAll("policies") HeartRatePolicy policy,
            @ForAll @IntRange(max = 60) int cut) {
        HeartRateWatch whole = watch(policy);
        RideSeries stored = new RideSeries();
        int at = Math.min(cut, hearts.size());
        for (int i = 0; i < at; i++) {
            whole.accept(reading(i + 1, hearts.get(i)));
            stored.add(reading(i + 1, hearts.get(i)));
        }
        HeartRateWatch resumed = watch(policy).resume(stored);
        for (int i = at; i < hearts.size(); i++) {
            Reading next = reading(i + 1, hearts.get(i));
            assertThat(resumed.accept(next)).isEqualTo(whole.accept(next));
            assertThat(resumed.accept(next)).as("a repetition").isEmpty();
        }
        assertThat(resumed.state()).isEqualTo(whole.state());
    }

    @Provide
    Arbitrary<List<Integer>> hearts() {
        Arbitrary<Integer> heart = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, Arbitraries.just(0)),
                net.jqwik.api.Tuple.of(6, Arbitraries.integers().between(172, 205)),
                net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(40, 60)));
        return heart.list().ofMaxSize(60);
    }

    @Provide
    Arbitrary<HeartRatePolicy> policies() {
        Arbitrary<Integer> small = Arbitraries.integers().between(1, 4);
        Arbitrary<@Nullable Integer> coolDown =
                Arbitraries.integers().between(0, 20).injectNull(0.3);
        return net.jqwik.api.Combinators.combine(small, small, coolDown)
                .as((raise, recover, cool) -> new HeartRatePolicy(raise, recover, 5, 5, cool, 20, 220, 40));
    }

    private static @Nullable Integer firstRaise(List<Integer> hearts) {
        int run = 0;
        for (int i = 0; i < hearts.size(); i++) {
            run = hearts.get(i) != 0 && !LIMITS.contains(hearts.get(i)) ? run + 1 : 0;
            if (run == 3) {
                return i + 1;
            }
        }
        return null;
    }

    private static HeartRateWatch watch(HeartRatePolicy policy) {
        return new HeartRateWatch(policy, LIMITS, false);
    }

    private static List<HeartRateEvent> feed(HeartRateWatch watch, int... hearts) {
        List<HeartRateEvent> told = new ArrayList<>();
        for (int i = 0; i < hearts.length; i++) {
            told.addAll(watch.accept(reading(i + 1, hearts[i])));
        }
        return told;
    }

    private static List<Episode> raised(HeartRateWatch watch, int... hearts) {
        return feed(watch, hearts).stream()
                .filter(HeartRateEvent.Raised.class::isInstance)
                .map(signal -> ((HeartRateEvent.Raised) signal).episode())
                .toList();
    }

    private static List<Phase> phases(List<HeartRateEvent> told) {
        List<Phase> phases = new ArrayList<>();
        for (HeartRateEvent signal : told) {
            switch (signal) {
                case HeartRateEvent.Raised raised -> raised.steps().forEach(step -> phases.add(step.phase()));
                case HeartRateEvent.Changed moved -> phases.add(moved.step().phase());
                case HeartRateEvent.SensorFault fault -> {}
            }
        }
        return phases;
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Reading reading(int s, int heartRate) {
        return new Reading(s, s * 1_000_000L, heartRate, 60, 30, 12f);
    }
}
