package com.deloton.gateway.ride.heartrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.heartrate.Episode.Phase;
import com.deloton.gateway.ride.heartrate.Episode.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
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
                    assertThat(episode.suppression()).isNull();
                });
    }

    @Test
    void belowTheMinimumIsAnEpisodeToo() {
        assertThat(raised(watch(HeartRatePolicy.DEFAULT), 50, 49, 48, 47))
                .singleElement()
                .satisfies(episode -> assertThat(episode.high()).isFalse());
    }

    @Test
    void unmeasuredSecondsUpToTheLongestGapNeitherEndNorLengthenARun() {
        assertThat(raised(watch(HeartRatePolicy.DEFAULT), 190, 0, 0, 0, 0, 0, 190, 0, 0))
                .isEmpty();
        assertThat(raised(watch(HeartRatePolicy.DEFAULT), 190, 0, 0, 0, 0, 0, 190, 0, 190))
                .singleElement()
                .satisfies(episode -> {
                    assertThat(episode.firstS()).isEqualTo(1);
                    assertThat(episode.raisedS()).isEqualTo(9);
                });
        assertThat(raised(watch(HeartRatePolicy.DEFAULT), 190, 190, 0, 0, 0, 0, 0, 0, 190, 190))
                .isEmpty();
    }

    @Test
    void missingReadingsCountAsUnmeasuredSeconds() {
        assertThat(raisedAt(1, 190, 2, 190, 8, 190)).containsExactly(8);
        assertThat(raisedAt(1, 190, 2, 190, 9, 190)).isEmpty();
        assertThat(raisedAt(1, 190, 2, 190, 5, 0, 9, 190)).isEmpty();
        assertThat(raisedAt(1, 190, 2, 190, 9, 190, 10, 190, 16, 190)).containsExactly(16);
    }

    @Test
    void aHeartRateThatAlternatesWithUnmeasuredSecondsRaisesOneAlert() {
        int[] alternating = new int[120];
        for (int i = 0; i < alternating.length; i += 2) {
            alternating[i] = 215;
        }

        assertThat(raised(watch(HeartRatePolicy.DEFAULT), alternating))
                .singleElement()
                .satisfies(episode -> assertThat(episode.raisedS()).isEqualTo(5));
    }

    @Test
    void unmeasuredSecondsNeitherHelpNorHurtARecovery() {
        assertThat(phases(feed(watch(HeartRatePolicy.DEFAULT), 190, 190, 190, 170, 0, 170, 0, 0)))
                .containsExactly(Phase.PENDING, Phase.FIRING, Phase.RECOVERING);
        assertThat(phases(feed(watch(HeartRatePolicy.DEFAULT), 190, 190, 190, 170, 0, 170, 0, 0, 170)))
                .containsExactly(Phase.PENDING, Phase.FIRING, Phase.RECOVERING, Phase.NORMAL);
        assertThat(phases(feed(watch(HeartRatePolicy.DEFAULT), 190, 190, 190, 170, 170, 0, 0, 0, 0, 0, 0, 170, 170)))
                .as("a longer gap starts the recovery again")
                .containsExactly(Phase.PENDING, Phase.FIRING, Phase.RECOVERING);
    }

    @Test
    void recoveryTakesThreeReadingsBelowTheLowerLevel() {
        List<HeartRateEvent> events =
                feed(watch(HeartRatePolicy.DEFAULT), 190, 190, 190, 178, 175, 174, 181, 170, 176, 170, 170, 170);

        assertThat(phases(events))
                .containsExactly(
                        Phase.PENDING, Phase.FIRING, Phase.RECOVERING, Phase.FIRING, Phase.RECOVERING, Phase.NORMAL);
        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        HeartRateEvent.Changed.class,
                        changed -> assertThat(changed.transition().worstBpm()).isEqualTo(190));
    }

    @Test
    void severityIsCriticalFarAboveTheMaximumAndReportedWhenItRises() {
        assertThat(raised(watch(HeartRatePolicy.DEFAULT), 190, 190, 200)
                        .getFirst()
                        .severity())
                .isEqualTo(Severity.CRITICAL);
        List<HeartRateEvent> events = feed(watch(HeartRatePolicy.DEFAULT), 190, 190, 190, 199, 200, 210, 195);
        assertThat(events)
                .filteredOn(HeartRateEvent.Changed.class::isInstance)
                .singleElement()
                .satisfies(event -> assertThat(
                                ((HeartRateEvent.Changed) event).transition().severity())
                        .isEqualTo(Severity.CRITICAL));
        HeartRateWatch veryFit = new HeartRateWatch(HeartRatePolicy.DEFAULT, new HeartRateLimits(50, 215), false);
        assertThat(raised(veryFit, 216, 218, 220).getFirst().severity()).isEqualTo(Severity.CRITICAL);
        assertThat(raised(watch(HeartRatePolicy.DEFAULT), 31, 31, 31).getFirst().severity())
                .isEqualTo(Severity.WARNING);
    }

    @Test
    void onlyTheFirstEpisodeWithinTheCoolDownIsMailed() {
        int[] twice = {190, 190, 190, 160, 160, 160, 190, 190, 190};
        assertThat(raised(watch(new HeartRatePolicy(3, 3, 5, 5, null, 0, 20, 220, 40)), twice))
                .extracting(Episode::suppression)
                .containsExactly(null, Episode.SuppressionReason.COOL_DOWN);
        assertThat(raised(watch(new HeartRatePolicy(3, 3, 5, 5, 6, 0, 20, 220, 40)), twice))
                .extracting(Episode::suppression)
                .containsExactly(null, null);
        assertThat(raised(new HeartRateWatch(HeartRatePolicy.DEFAULT, LIMITS, true), twice))
                .extracting(Episode::suppression)
                .containsOnly(Episode.SuppressionReason.OPT_OUT);
    }

    @Test
    void anAlertThatBeginsAgainWithinTheFlapWindowIsTheSameAndEndsAfterTheWindowInRange() {
        HeartRatePolicy policy = new HeartRatePolicy(3, 3, 5, 5, null, 10, 20, 220, 40);
        int[] twice = {190, 190, 190, 160, 160, 160, 190, 195, 190};

        List<HeartRateEvent> events = feed(watch(policy), append(twice, 160, 9));
        assertThat(phases(events))
                .containsExactly(
                        Phase.PENDING, Phase.FIRING, Phase.RECOVERING, Phase.NORMAL, Phase.FIRING, Phase.RECOVERING);
        assertThat(phases(feed(watch(policy), append(twice, 160, 10)))).endsWith(Phase.RECOVERING, Phase.NORMAL);
        assertThat(raised(watch(policy), append(append(new int[] {190, 190, 190}, 160, 12), 190, 3)))
                .as("10 s after its end")
                .hasSize(1);
        assertThat(raised(watch(policy), append(append(new int[] {190, 190, 190}, 160, 13), 190, 3)))
                .as("11 s after its end")
                .hasSize(2);
        assertThat(raised(watch(policy), 190, 190, 190, 160, 160, 160, 40, 40, 40))
                .as("the other side")
                .hasSize(2);
    }

    private static int[] append(int[] heartRates, int bpm, int times) {
        int[] all = java.util.Arrays.copyOf(heartRates, heartRates.length + times);
        java.util.Arrays.fill(all, heartRates.length, all.length, bpm);
        return all;
    }

    @Test
    void aJumpWithinASecondIsASensorFault() {
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
            @ForAll("heartRates") List<Integer> heartRates, @ForAll("policies") HeartRatePolicy p) {
        boolean open = false;
        for (Phase phase : phases(feed(watch(p), ints(heartRates)))) {
            if (phase == Phase.PENDING) {
                assertThat(open).isFalse();
                open = true;
            } else if (phase == Phase.NORMAL) {
                open = false;
            }
        }
    }

    @Property
    void theFirstEpisodeIsWhereTheRulePutsIt(@ForAll("heartRates") List<Integer> heartRates) {
        List<Episode> episodes = raised(watch(HeartRatePolicy.DEFAULT), ints(heartRates));

        Integer expected = firstRaise(heartRates);
        assertThat(episodes.isEmpty() ? null : (Integer) episodes.getFirst().raisedS())
                .isEqualTo(expected);
        assertThat(episodes.stream().filter(e -> e.suppression() == null).count())
                .isEqualTo(expected == null ? 0 : 1);
    }

    /** The rule of ADR 11: unmeasured seconds within the gap change nothing but the seconds of what follows. */
    @Property
    void unmeasuredSecondsBetweenReadingsChangeNoEpisode(
            @ForAll("measured") List<Integer> heartRates,
            @ForAll("policies") HeartRatePolicy policy,
            @ForAll @Size(60) List<@IntRange(max = 5) Integer> gaps) {
        HeartRatePolicy wholeRide = new HeartRatePolicy(
                policy.readings(), policy.recoveryReadings(), 5, policy.longestGapS(), null, 0, 20, 220, 250);
        List<Integer> spread = new ArrayList<>();
        for (int i = 0; i < heartRates.size(); i++) {
            spread.add(heartRates.get(i));
            spread.addAll(Collections.nCopies(gaps.get(i), 0));
        }

        assertThat(withoutSeconds(feed(watch(wholeRide), ints(spread))))
                .isEqualTo(withoutSeconds(feed(watch(wholeRide), ints(heartRates))));
    }

    @Property
    void unmeasuredSecondsCauseNoEvents(
            @ForAll("heartRates") List<Integer> heartRates, @ForAll @IntRange(min = 1, max = 9) int n) {
        HeartRateWatch watch = watch(HeartRatePolicy.DEFAULT);
        feed(watch, ints(heartRates));
        for (int i = 1; i <= n; i++) {
            assertThat(watch.accept(reading(heartRates.size() + i, 0))).isEmpty();
        }
    }

    @Property
    void aResumedWatchReportsWhatTheFirstWouldHave(
            @ForAll("heartRates") List<Integer> heartRates,
            @ForAll("policies") HeartRatePolicy policy,
            @ForAll @IntRange(max = 60) int cut) {
        HeartRateWatch whole = watch(policy);
        RideSeries stored = new RideSeries();
        int at = Math.min(cut, heartRates.size());
        for (int i = 0; i < at; i++) {
            whole.accept(reading(i + 1, heartRates.get(i)));
            stored.add(reading(i + 1, heartRates.get(i)));
        }
        HeartRateWatch resumed = watch(policy).resume(stored);
        for (int i = at; i < heartRates.size(); i++) {
            Reading next = reading(i + 1, heartRates.get(i));
            assertThat(resumed.accept(next)).isEqualTo(whole.accept(next));
            assertThat(resumed.accept(next)).as("a repetition").isEmpty();
        }
        assertThat(resumed.state()).isEqualTo(whole.state());
    }

    @Provide
    Arbitrary<List<Integer>> heartRates() {
        Arbitrary<Integer> heartRate = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, Arbitraries.just(0)),
                net.jqwik.api.Tuple.of(6, Arbitraries.integers().between(172, 205)),
                net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(40, 60)));
        return heartRate.list().ofMaxSize(60);
    }

    @Provide
    Arbitrary<HeartRatePolicy> policies() {
        Arbitrary<Integer> small = Arbitraries.integers().between(1, 4);
        Arbitrary<@Nullable Integer> coolDown =
                Arbitraries.integers().between(0, 20).injectNull(0.3);
        Arbitrary<Integer> flapWindow = Arbitraries.of(0, 8);
        return net.jqwik.api.Combinators.combine(small, small, coolDown, flapWindow)
                .as((raise, recover, cool, flap) -> new HeartRatePolicy(raise, recover, 5, 5, cool, flap, 20, 220, 40))
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<List<Integer>> measured() {
        return Arbitraries.oneOf(
                        Arbitraries.integers().between(172, 205),
                        Arbitraries.integers().between(40, 60))
                .list()
                .ofMaxSize(60)
                .withoutEdgeCases();
    }

    private static @Nullable Integer firstRaise(List<Integer> heartRates) {
        int run = 0;
        int gap = 0;
        for (int i = 0; i < heartRates.size(); i++) {
            if (heartRates.get(i) == 0) {
                gap++;
                continue;
            }
            run = LIMITS.contains(heartRates.get(i)) ? 0 : gap > 5 ? 1 : run + 1;
            gap = 0;
            if (run == 3) {
                return i + 1;
            }
        }
        return null;
    }

    /** The seconds at which episodes are raised by these pairs of second and heart rate. */
    private static List<Integer> raisedAt(int... secondsAndHeartRates) {
        HeartRateWatch watch = watch(HeartRatePolicy.DEFAULT);
        List<Integer> raisedAt = new ArrayList<>();
        for (int i = 0; i < secondsAndHeartRates.length; i += 2) {
            for (HeartRateEvent event : watch.accept(reading(secondsAndHeartRates[i], secondsAndHeartRates[i + 1]))) {
                raisedAt.add(((HeartRateEvent.Raised) event).episode().raisedS());
            }
        }
        return raisedAt;
    }

    private static List<String> withoutSeconds(List<HeartRateEvent> events) {
        List<String> plain = new ArrayList<>();
        for (HeartRateEvent event : events) {
            switch (event) {
                case HeartRateEvent.Raised raised -> {
                    Episode e = raised.episode();
                    plain.add("raised %d %s %s %s".formatted(e.raisedBpm(), e.high(), e.severity(), e.suppression()));
                    raised.transitions().forEach(transition -> plain.add(withoutSeconds(transition)));
                }
                case HeartRateEvent.Changed changed -> plain.add(withoutSeconds(changed.transition()));
                case HeartRateEvent.SensorFault fault -> {}
            }
        }
        return plain;
    }

    private static String withoutSeconds(Episode.Transition transition) {
        return "%s %d %d %s"
                .formatted(transition.phase(), transition.bpm(), transition.worstBpm(), transition.severity());
    }

    private static HeartRateWatch watch(HeartRatePolicy policy) {
        return new HeartRateWatch(policy, LIMITS, false);
    }

    private static List<HeartRateEvent> feed(HeartRateWatch watch, int... heartRates) {
        List<HeartRateEvent> events = new ArrayList<>();
        for (int i = 0; i < heartRates.length; i++) {
            events.addAll(watch.accept(reading(i + 1, heartRates[i])));
        }
        return events;
    }

    private static List<Episode> raised(HeartRateWatch watch, int... heartRates) {
        return feed(watch, heartRates).stream()
                .filter(HeartRateEvent.Raised.class::isInstance)
                .map(event -> ((HeartRateEvent.Raised) event).episode())
                .toList();
    }

    private static List<Phase> phases(List<HeartRateEvent> events) {
        List<Phase> phases = new ArrayList<>();
        for (HeartRateEvent event : events) {
            switch (event) {
                case HeartRateEvent.Raised raised ->
                    raised.transitions().forEach(transition -> phases.add(transition.phase()));
                case HeartRateEvent.Changed changed ->
                    phases.add(changed.transition().phase());
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
