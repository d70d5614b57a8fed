package com.deloton.gateway.ride;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.telemetry.LogLine;
import com.deloton.gateway.telemetry.LogLine.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RideTrackerTest {
    private static final long S = 1_000_000;
    private static final long START = Instant.parse("2026-11-24T10:00:00Z").getEpochSecond() * S;

    private final Log log = new Log();
    private final RideTracker tracker = new RideTracker();
    private long nextId = 1;
    private long now = START;

    @Test
    void aWholeRideIsItsRiderItsReadingsAndItsEnd() {
        boundary();
        logOn(START, 7);
        second(1);
        second(2);
        boundary();

        assertThat(log.started).singleElement().satisfies(ride -> {
            assertThat(ride.rider()).isNotNull();
            assertThat(ride.startedAtMicros()).isEqualTo(START);
        });
        assertThat(log.elapsed()).containsExactly(1, 2);
        assertThat(log.ended).containsExactly(Ending.COMPLETED);
        assertThat(log.cleaned).isEmpty();
    }

    @Test
    void readingsBeforeAnyLogOnAreARideOfAnUnknownRider() {
        second(107);
        second(108);

        assertThat(log.started).singleElement().satisfies(ride -> {
            assertThat(ride.rider()).isNull();
            assertThat(ride.startedAtMicros()).isEqualTo(START + S / 2);
        });
        assertThat(log.elapsed()).containsExactly(107, 108);
        assertThat(log.cleaned).containsExactly(Cleaning.RIDER_UNKNOWN);
    }

    @Test
    void aTelemetryLineWithNothingToPlaceItByIsRefused() {
        assertThat(telemetry(at(5), 90, 60, 100)).isEqualTo(Reason.STRAY_TELEMETRY);
        logOn(START, 7);
        assertThat(telemetry(at(6), 90, 60, 100)).isEqualTo(Reason.STRAY_TELEMETRY);
        assertThat(log.readings).isEmpty();
    }

    @Test
    void aTelemetryLineWithoutItsRideLineIsPlacedByTheClock() {
        logOn(START, 7);
        second(1);
        telemetry(at(2), 91, 60, 100);
        second(3);

        assertThat(log.elapsed()).containsExactly(1, 2, 3);
        assertThat(log.readings.get(1).resistance()).isEqualTo(Reading.ABSENT);
        assertThat(log.readings.get(1).heartRateBpm()).isEqualTo(91);
        assertThat(log.cleaned).containsExactly(Cleaning.RIDE_LINE_MISSING);
    }

    @Test
    void aRideLineWithoutItsTelemetryLineIsKeptAlone() {
        logOn(START, 7);
        second(1);
        ride(at(2), 2, 35);
        second(3);
        ride(at(4), 4, 36);
        boundary();

        assertThat(log.elapsed()).containsExactly(1, 2, 3, 4);
        assertThat(log.readings.get(1)).satisfies(reading -> {
            assertThat(reading.resistance()).isEqualTo(35);
            assertThat(reading.hasHeartRate()).isFalse();
            assertThat(reading.hasPower()).isFalse();
            assertThat(reading.cadenceRpm()).isEqualTo(Reading.ABSENT);
        });
        assertThat(log.cleaned).containsExactly(Cleaning.TELEMETRY_MISSING, Cleaning.TELEMETRY_MISSING);
    }

    @Test
    void aTelemetryLineOfALaterSecondIsNotPairedWithAnEarlierRideLine() {
        logOn(START, 7);
        second(1);
        ride(at(2), 2, 35);
        telemetry(at(3), 93, 60, 100);

        assertThat(log.elapsed()).containsExactly(1, 2, 3);
        assertThat(log.readings.get(1).hasHeartRate()).isFalse();
        assertThat(log.readings.get(2).heartRateBpm()).isEqualTo(93);
    }

    @Test
    void aBatchSentTwiceChangesNothing() {
        logOn(START, 7);
        for (int i = 0; i < 2; i++) {
            for (int s = 1; s <= 5; s++) {
                second(s);
            }
        }
        second(6);

        assertThat(log.elapsed()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(log.cleaned).hasSize(10).containsOnly(Cleaning.DUPLICATE);
    }

    @Test
    void eachLineSentTwiceAtOnceChangesNothing() {
        for (int i = 0; i < 2; i++) {
            boundary();
        }
        for (int i = 0; i < 2; i++) {
            logOn(START, 7);
        }
        for (int s = 1; s <= 3; s++) {
            ride(at(s), s, 30);
            ride(at(s), s, 30);
            telemetry(at(s), 90, 60, 100);
            telemetry(at(s), 90, 60, 100);
        }

        assertThat(log.started).hasSize(1);
        assertThat(log.elapsed()).containsExactly(1, 2, 3);
        assertThat(log.ended).isEmpty();
    }

    @Test
    void aNewLogOnWithoutBoundaryEndsTheRide() {
        logOn(START, 7);
        second(1);
        logOn(at(600), 8);

        assertThat(log.started).hasSize(2);
        assertThat(log.ended).containsExactly(Ending.COMPLETED);
    }

    @Test
    void theSameLogOnBehindABoundaryIsANewRide() {
        logOn(START, 7);
        second(1);
        boundary();
        logOn(START, 7);
        second(1);

        assertThat(log.started).extracting(Ride::id).doesNotHaveDuplicates().hasSize(2);
        assertThat(log.readings).hasSize(2);
    }

    @Test
    void aCounterBackAtItsStartIsANewRideOfAnUnknownRider() {
        logOn(START, 7);
        for (int s = 1; s <= 10; s++) {
            second(s);
        }
        for (int s = 1; s <= 3; s++) {
            ride(at(20 + s), s, 30);
            telemetry(at(20 + s), 90, 60, 100);
        }

        assertThat(log.ended).containsExactly(Ending.ABANDONED);
        assertThat(log.started)
                .hasSize(2)
                .last()
                .satisfies(r -> assertThat(r.rider()).isNull());
        assertThat(log.readings).hasSize(13);
    }

    @Test
    void aJumpOfTheCounterAloneIsCorrectedByTheClock() {
        logOn(START, 7);
        second(1);
        ride(at(2), 1_000_000, 30);
        telemetry(at(2), 90, 60, 100);
        second(3);

        assertThat(log.elapsed()).containsExactly(1, 2, 3);
        assertThat(log.cleaned).containsExactly(Cleaning.DURATION_CORRECTED);
    }

    @Test
    void aCounterThatStandsStillIsCorrectedByTheClock() {
        logOn(START, 7);
        second(1);
        second(2);
        ride(at(3), 2, 30);
        telemetry(at(3), 90, 60, 100);

        assertThat(log.elapsed()).containsExactly(1, 2, 3);
    }

    @Test
    void aGapThatCounterAndClockAgreeOnIsAGap() {
        logOn(START, 7);
        second(1);
        second(61);

        assertThat(log.elapsed()).containsExactly(1, 61);
        assertThat(log.cleaned).isEmpty();
    }

    @Test
    void aLateSecondFindsItsPlace() {
        logOn(START, 7);
        second(1);
        second(3);
        second(2);
        second(4);

        assertThat(log.elapsed()).containsExactly(1, 3, 2, 4);
        assertThat(log.started.getFirst().series().readings()).isEqualTo(4);
    }

    @Test
    void wrongClocksAreCorrected() {
        logOn(Instant.parse("1850-01-01T00:00:00Z").getEpochSecond() * S, 7);
        now = at(1);
        ride(at(1) + 400 * 86_400 * S, 1, 30);
        telemetry(at(1) + 400 * 86_400 * S, 90, 60, 100);
        second(2);

        assertThat(log.started.getFirst().startedAtMicros()).isEqualTo(START);
        assertThat(log.readings).extracting(Reading::atMicros).containsExactly(at(1), at(2) + S / 2);
        assertThat(log.cleaned).containsExactly(Cleaning.TIME_CORRECTED, Cleaning.TIME_CORRECTED);
    }

    @Test
    void aClockThatJumpsWithinADayIsBelieved() {
        logOn(START, 7);
        second(1);
        ride(at(2) - 3_600 * S, 2, 30);
        telemetry(at(2) - 3_600 * S, 90, 60, 100);

        assertThat(log.elapsed()).containsExactly(1, 2);
        assertThat(log.cleaned).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, -2, -3, -5, -9, -60, -3_600, -172_800, 1, 9, 60, 3_600, 172_800})
    void aClockThatIsSetLosesNoSecond(long steppedS) {
        logOn(START, 7);
        for (int s = 1; s <= 30; s++) {
            long at = s <= 10 ? at(s) : at(s) + steppedS * S;
            ride(at, s, 30);
            telemetry(at, 100 + s, 60, s);
        }

        assertThat(log.started).hasSize(1);
        assertThat(log.elapsed()).containsExactlyElementsOf(seconds(1, 30));
        assertThat(log.readings.getLast().heartRateBpm()).isEqualTo(130);
        assertThat(log.cleaned).allMatch(cleaning -> cleaning == Cleaning.TIME_CORRECTED);
    }

    @Test
    void aClockThatStartsIn1970AndIsSetInMidRideLosesNothing() {
        now = at(60);
        logOn(1_000 * S, 7);
        for (int s = 1; s <= 20; s++) {
            long at = s <= 10 ? (1_000 + s) * S : at(s);
            ride(at, s, 30);
            telemetry(at, 100, 60, 50);
        }

        assertThat(log.started)
                .singleElement()
                .satisfies(ride -> assertThat(ride.startedAtMicros()).isEqualTo(now));
        assertThat(log.elapsed()).containsExactlyElementsOf(seconds(1, 20));
    }

    @Test
    void aBikeWhoseClockIsAlwaysWrongLosesNothing() {
        now = at(60);
        for (int ride = 0; ride < 2; ride++) {
            for (int s = 1; s <= 20; s++) {
                long at = (1_000 + 100 * ride + s) * S;
                if (s != 7) {
                    ride(at, s, 30);
                }
                telemetry(at, 100, 60, 50);
                telemetry(at, 100, 60, 50);
            }
        }

        assertThat(log.started).hasSize(2);
        assertThat(log.elapsed()).hasSize(40).containsSubsequence(seconds(1, 20));
        assertThat(log.ended).containsExactly(Ending.ABANDONED);
    }

    @Test
    void aClockThatIsSetBackBetweenTheLinesOfASecondKeepsThemTogether() {
        logOn(START, 7);
        for (int s = 1; s <= 10; s++) {
            second(s);
        }
        ride(at(11), 11, 30);
        for (int s = 11; s <= 20; s++) {
            telemetry(at(s - 3), 100 + s, 60, s);
            ride(at(s + 1 - 3), s + 1, 30);
        }

        assertThat(log.elapsed()).containsExactlyElementsOf(seconds(1, 20));
        assertThat(log.readings.get(10).heartRateBpm()).isEqualTo(111);
        assertThat(log.cleaned).isEmpty();
    }

    @Test
    void aRideLineThatIsMissingWhenTheClockIsSetBackLosesNoSecond() {
        logOn(START, 7);
        for (int s = 1; s <= 10; s++) {
            second(s);
        }
        telemetry(at(11 - 3), 111, 60, 11);
        ride(at(12 - 3), 12, 30);
        telemetry(at(12 - 3), 112, 60, 12);

        assertThat(log.elapsed()).containsExactlyElementsOf(seconds(1, 12));
        assertThat(log.cleaned).containsExactly(Cleaning.RIDE_LINE_MISSING);
    }

    @Test
    void aBoundaryThatIsMissingWhenTheClockIsSetBackStartsANewRide() {
        logOn(START, 7);
        for (int s = 1; s <= 10; s++) {
            second(s);
        }
        for (int s = 1; s <= 10; s++) {
            ride(at(s) - 3_600 * S, s, 30);
            telemetry(at(s) - 3_600 * S, 100, 60, 50);
        }

        assertThat(log.ended).containsExactly(Ending.ABANDONED);
        assertThat(log.readings).hasSize(20);
    }

    @Test
    void aNegativeDurationEndsNoRide() {
        logOn(START, 7);
        for (int s = 1; s <= 10; s++) {
            second(s);
        }
        ride(at(11), -5, 30);
        telemetry(at(11), 100, 60, 50);
        second(12);

        assertThat(log.elapsed()).containsExactlyElementsOf(seconds(1, 12));
        assertThat(log.ended).isEmpty();
        assertThat(log.cleaned).containsExactly(Cleaning.DURATION_CORRECTED);
    }

    @Test
    void aCounterThatJumpsForGoodIsCorrectedAndItsRepeatsAreDropped() {
        logOn(START, 7);
        second(1);
        for (int i = 0; i < 2; i++) {
            for (int s = 2; s <= 30; s++) {
                ride(at(s), s + 1_000, 30);
                telemetry(at(s), 90, 60, 100);
            }
        }

        assertThat(log.elapsed()).containsExactlyElementsOf(seconds(1, 30));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, -6_795_364_578_871L})
    void aRecordTimeThatCannotBeIsReplacedByTheGatewaysClock(long recordAtMillis) {
        assertThat(RideTracker.receivedAtMicros(recordAtMillis, START)).isEqualTo(START);
    }

    @Test
    void recordTimesFrom2000ToNowAreUsed() {
        long millis = START / 1_000;
        for (long valid : new long[] {946_684_800_000L, millis - 2_700_000, millis}) {
            assertThat(RideTracker.receivedAtMicros(valid, START)).isEqualTo(valid * 1_000);
        }
        for (long invalid : new long[] {946_684_799_999L, millis / 1_000, millis * 1_000, millis + 1}) {
            assertThat(RideTracker.receivedAtMicros(invalid, START)).isEqualTo(START);
        }
    }

    @Test
    void lineTimesAreKeptWhereRecordTimesAreInvalid() {
        now = RideTracker.receivedAtMicros(0, at(60));
        logOn(START, 7);
        second(1);

        assertThat(log.started.getFirst().startedAtMicros()).isEqualTo(START);
        assertThat(log.readings.getFirst().atMicros()).isEqualTo(at(1) + S / 2);
        assertThat(log.cleaned).isEmpty();
    }

    @Test
    void textsThatAreTooLongAndInvalidUserIdsAreCountedAndTheRideIsKept() {
        String longText = "x".repeat(6_000);
        accept(new LogLine.LogOn(
                START,
                new LogLine.RiderData(
                        7L, longText, "female", longText, 0L, null, null, null, null, longText, null, false)));
        second(1);

        assertThat(log.started).singleElement().satisfies(ride -> {
            assertThat(requireNonNull(ride.rider()).id()).isEqualTo(7);
            assertThat(ride.bikeSerial()).isNull();
        });
        assertThat(log.readings).hasSize(1);
        assertThat(log.cleaned).hasSize(3).containsOnly(Cleaning.TEXT_TOO_LONG);
    }

    /** Whatever the steps of the clock between seconds, and however often lines are sent, no second is lost. */
    @Property
    void noStepOfTheClockLosesASecond(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = -200, max = 200) Integer> steps,
            @ForAll @IntRange(min = 3, max = 20) int apart,
            @ForAll boolean constant,
            @ForAll boolean twice) {
        Log stepped = new Log();
        RideTracker any = new RideTracker();
        stepped.add(any.accept(1, START, new LogLine.LogOn(START, riderData(7))));
        int last = apart * (steps.size() + 1);
        for (int s = 1; s <= last; s++) {
            long at = at(s);
            for (int step : steps.subList(0, (s - 1) / apart)) {
                at += step * S;
            }
            LogLine ride = new LogLine.Ride(at, s, 30);
            LogLine telemetry = new LogLine.Telemetry(at + S / 2, constant ? 90 : 60 + s, 60, constant ? 50 : s);
            for (LogLine line : twice ? List.of(ride, ride, telemetry, telemetry) : List.of(ride, telemetry)) {
                stepped.add(any.accept(1, START, line));
            }
        }

        assertThat(stepped.elapsed()).containsExactlyElementsOf(seconds(1, last));
        assertThat(stepped.readings).allMatch(Reading::hasHeartRate);
        assertThat(stepped.ended).isEmpty();
    }

    /** A tracker restored from what was stored continues as the first one would have. */
    @Property
    void aRestoredTrackerContinuesAlike(
            @ForAll @IntRange(min = -200, max = 200) int step,
            @ForAll @IntRange(min = 2, max = 30) int stepAfter,
            @ForAll @IntRange(max = 59) int cut) {
        List<LogLine> lines = new ArrayList<>();
        for (int s = 1; s <= 30; s++) {
            long at = at(s) + (s > stepAfter ? step * S : 0);
            lines.add(new LogLine.Ride(at, s, 30));
            lines.add(new LogLine.Telemetry(at + S / 2, 60 + s, 60, s));
        }
        Log log = new Log();
        RideTracker first = new RideTracker();
        log.add(first.accept(1, START, new LogLine.LogOn(START, riderData(7))));
        lines.subList(0, cut).forEach(line -> log.add(first.accept(1, START, line)));
        RideTracker restored = new RideTracker(requireNonNull(first.ride()), first.pendingLine(), START);
        int from = Math.abs(cut / 2 - stepAfter) > 3 ? Math.max(0, cut - 3) : cut;
        lines.subList(from, lines.size()).forEach(line -> log.add(restored.accept(1, START, line)));

        assertThat(log.elapsed()).containsExactlyElementsOf(seconds(1, 30));
        assertThat(log.readings).extracting(Reading::heartRateBpm).containsExactlyElementsOf(seconds(61, 90));
    }

    @Test
    void impossibleValuesBecomeAbsent() {
        logOn(START, 7);
        ride(at(1), 1, 999);
        telemetry(at(1), 999, -1, 5_000);

        assertThat(log.readings).singleElement().satisfies(reading -> {
            assertThat(reading.hasHeartRate()).isFalse();
            assertThat(reading.cadenceRpm()).isEqualTo(Reading.ABSENT);
            assertThat(reading.resistance()).isEqualTo(Reading.ABSENT);
            assertThat(reading.hasPower()).isFalse();
        });
        assertThat(log.cleaned)
                .containsExactlyInAnyOrder(
                        Cleaning.HEART_RATE_CLEARED,
                        Cleaning.CADENCE_CLEARED,
                        Cleaning.RESISTANCE_CLEARED,
                        Cleaning.POWER_CLEARED);
    }

    @Test
    void aSecondWithARemovedValueOrAReplacedTimeIsCleaned() {
        logOn(START, 7);
        ride(at(1), 1, 40);
        telemetry(at(1), 120, 70, 100);
        ride(at(2), 2, 40);
        telemetry(at(2), 999, 70, 100);
        ride(at(3), 3, 40);
        telemetry(at(3), 0, 70, 100);
        ride(0, 4, 40);
        ride(at(5), 5, 40);
        telemetry(at(5), 120, 70, 100);

        RideSeries series = log.started.getFirst().series();
        assertThat(series.cleaned(0, 5)).containsExactly(2, 4);
        assertThat(series.cleaned(3, 5)).containsExactly(4);
        assertThat(series.cleaned()).isEqualTo(2);
        assertThat(series.isCleaned(3))
                .as("a heart rate of 0 is one that was not measured")
                .isFalse();
    }

    @Test
    void sprintsAreReal() {
        logOn(START, 7);
        ride(at(1), 1, 170);
        telemetry(at(1), 185, 163, 1_485);

        assertThat(log.readings.getFirst().powerW()).isEqualTo(1_485);
        assertThat(log.cleaned).isEmpty();
    }

    @Test
    void aDurationThatCannotBeIsRefused() {
        assertThat(ride(at(1), -5, 30)).isEqualTo(Reason.BAD_DURATION);
        assertThat(ride(at(1), 1e12, 30)).isEqualTo(Reason.BAD_DURATION);
        assertThat(log.started).isEmpty();
    }

    @Test
    void aRideResumesAfterASilenceUntilItIsAbandoned() {
        logOn(START, 7);
        second(1);
        second(1_000);
        ride(at(1_001), 1_001, 30);
        assertThat(log.started).hasSize(1);

        log.add(tracker.abandon());
        assertThat(tracker.ride()).isNull();
        assertThat(log.elapsed()).containsExactly(1, 1_000, 1_001);
        assertThat(tracker.abandon()).isEmpty();
        assertThat(log.ended).containsExactly(Ending.ABANDONED);
    }

    @Test
    void aTrackerRebuiltFromWhatWasStoredGoesOnAlike() {
        logOn(START, 7);
        second(1);
        ride(at(2), 2, 30);
        Ride ride = requireNonNull(tracker.ride());
        Log later = new Log();
        RideTracker rebuilt = new RideTracker(ride, tracker.pendingLine(), now);
        later.add(rebuilt.accept(99, now, new LogLine.Telemetry(at(2) + S / 2, 90, 60, 100)));

        assertThat(later.elapsed()).containsExactly(2);
        assertThat(later.readings.getFirst().resistance()).isEqualTo(30);
    }

    /** For any lines in any order, no second of a ride is reported twice, and nothing throws. */
    @Property
    void noSecondIsReportedTwice(@ForAll @Size(max = 60) List<@IntRange(max = 9_999) Integer> lines) {
        Log all = new Log();
        RideTracker any = new RideTracker();
        for (int i = 0; i < lines.size(); i++) {
            int code = lines.get(i);
            long at = START + (code / 10 % 50) * S + (code / 500) * 30_000_000_000L * (code % 3 - 1);
            LogLine line = switch (code % 10) {
                case 0 -> new LogLine.BeginningOfMain();
                case 1 -> new LogLine.LogOn(at, riderData(code % 4));
                case 2, 3, 4 -> new LogLine.Telemetry(at + S / 2, code % 300, code % 99, code);
                case 5 -> new LogLine.Ride(at, code * 100.0 - 5_000, 3);
                default -> new LogLine.Ride(at, code / 10 % 50, 30);
            };
            all.add(any.accept(i, START, line));
        }
        assertThat(all.perRide).doesNotHaveDuplicates();
        assertThat(all.ended.size()).isBetween(all.started.size() - 1, all.started.size());
    }

    /** A repeated stretch of lines of any length makes the readings of the stretch once. */
    @Property
    void repeatingAnyStretchChangesNothing(
            @ForAll @IntRange(min = 1, max = 40) int seconds,
            @ForAll @IntRange(max = 79) int from,
            @ForAll @IntRange(max = 79) int length) {
        List<LogLine> lines = new ArrayList<>();
        for (int s = 1; s <= seconds; s++) {
            lines.add(new LogLine.Ride(at(s), s, 30));
            lines.add(new LogLine.Telemetry(at(s) + S / 2, 90, 60, s));
        }
        int begin = Math.min(from, lines.size());
        int end = Math.min(lines.size(), begin + length);
        List<LogLine> repeated = new ArrayList<>(lines.subList(0, end));
        repeated.addAll(lines.subList(begin, lines.size()));
        Log once = new Log();
        Log twice = new Log();
        feed(once, lines);
        feed(twice, repeated);

        assertThat(twice.readings).isEqualTo(once.readings);
    }

    private static void feed(Log log, List<LogLine> lines) {
        RideTracker tracker = new RideTracker();
        log.add(tracker.accept(1, START, new LogLine.LogOn(START, riderData(7))));
        lines.forEach(line -> log.add(tracker.accept(2, START, line)));
    }

    private static List<Integer> seconds(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    private static long at(int second) {
        return START + second * S;
    }

    private void boundary() {
        accept(new LogLine.BeginningOfMain());
        accept(new LogLine.BeginningOfRide());
    }

    private void logOn(long at, long userId) {
        accept(new LogLine.LogOn(at, riderData(userId)));
    }

    private void second(int second) {
        ride(at(second), second, 30);
        telemetry(at(second), 90, 60, 100);
    }

    private @Nullable Reason ride(long at, double duration, int resistance) {
        return accept(new LogLine.Ride(at, duration, resistance));
    }

    /** The telemetry line that comes half a second behind a ride line of {@code at}. */
    private @Nullable Reason telemetry(long at, int heartRate, int rpm, double power) {
        return accept(new LogLine.Telemetry(at + S / 2, heartRate, rpm, power));
    }

    private @Nullable Reason accept(LogLine line) {
        List<RideEvent> events = tracker.accept(nextId++, now, line);
        log.add(events);
        return !events.isEmpty() && events.getLast() instanceof RideEvent.Rejected rejected ? rejected.reason() : null;
    }

    private static LogLine.RiderData riderData(long userId) {
        return new LogLine.RiderData(
                userId, "Ann Example", "female", null, 0L, "ann@example.com", null, null, null, "SN1", null, false);
    }

    private static final class Log {
        final List<Ride> started = new ArrayList<>();
        final List<Reading> readings = new ArrayList<>();
        final List<String> perRide = new ArrayList<>();
        final List<Ending> ended = new ArrayList<>();
        final List<Cleaning> cleaned = new ArrayList<>();

        List<Integer> elapsed() {
            return readings.stream().map(Reading::elapsedS).toList();
        }

        void add(List<RideEvent> events) {
            events.forEach(this::add);
        }

        private void add(RideEvent event) {
            switch (event) {
                case RideEvent.Started start -> started.add(start.ride());
                case RideEvent.Measured measured -> {
                    readings.add(measured.reading());
                    perRide.add(measured.ride().id() + "/" + measured.reading().elapsedS());
                }
                case RideEvent.Ended end -> ended.add(end.ending());
                case RideEvent.Cleaned c -> cleaned.add(c.cleaning());
                case RideEvent.Rejected rejected -> {}
            }
        }
    }
}
