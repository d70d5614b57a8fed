package com.deloton.gateway.ingest.moved;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.ingest.moved.MovedRideStore.Candidate;
import com.deloton.gateway.ingest.moved.MovedRideStore.Stored;
import com.deloton.gateway.ingest.partition.FlushBatch.HeldRecord;
import com.deloton.gateway.ingest.partition.HeldRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When the held records of a key are used, and whether its open ride is complete by then. */
class HeldKeyOutcomeTest {
    private static final int FORMER = 0;
    private static final int PRESENT = 1;
    private static final long SKEW = HeldRecords.SKEW.toMillis();
    private static final Candidate RIDE = new Candidate(7, source(FORMER), FORMER);

    /**
     * The key's first record reaches its present partition at 0 ms; its earlier records reach the former partition at
     * {@code former} ms. The former partition's flushes store all that it has, at {@code flushes} ms.
     */
    @Property(tries = 1_000)
    void aRideMovesOnlyWithAllItsEarlierRecordsIfTheseAreLateByLessThanTheSkew(
            @ForAll @Size(min = 1, max = 20) List<@LongRange(min = -3_000, max = 1_999) Long> former,
            @ForAll @Size(max = 8) List<@LongRange(min = -1_000, max = 9_000) Long> flushes,
            @ForAll @Size(min = 1, max = 12) List<@LongRange(min = 1, max = 9_000) Long> rounds,
            @ForAll boolean open) {
        HeldRecords.Key key = key();
        Candidate ride = open ? RIDE : null;
        for (long now : rounds.stream().sorted().toList()) {
            key.observe(Map.of(FORMER, arrived(former, now), PRESENT, 1L), now * 1_000_000);
            long stored = flushes.stream()
                    .filter(at -> at <= now)
                    .mapToLong(at -> arrived(former, at))
                    .max()
                    .orElse(0);
            HeldKeyOutcome outcome = outcome(key, ride, stored, 1, Set.of());
            if (outcome == HeldKeyOutcome.MOVE || outcome == HeldKeyOutcome.USE) {
                assertThat(stored).isEqualTo(former.size());
                return;
            }
            assertThat(now < SKEW || stored < former.size()).isTrue();
        }
    }

    @Property(tries = 100)
    void aKeyWhoseFormerPartitionStandsStillIsGivenUpAfterAMinuteOfRounds(
            @ForAll @IntRange(max = 9) int stored, @ForAll boolean open) {
        HeldRecords.Key key = observed();
        List<HeldKeyOutcome> outcomes = new ArrayList<>();
        for (int round = 0; round < HeldKeyOutcome.MAX_ROUNDS; round++) {
            outcomes.add(outcome(key, open ? RIDE : null, stored, 1, Set.of()));
        }
        assertThat(outcomes).endsWith(HeldKeyOutcome.GIVE_UP);
        assertThat(outcomes.subList(0, outcomes.size() - 1)).containsOnly(HeldKeyOutcome.WAIT);
    }

    @Test
    void recordsThatAreNotStoredWaitWithoutLimit() {
        HeldRecords.Key key = observed();
        for (int round = 0; round < 2 * HeldKeyOutcome.MAX_ROUNDS; round++) {
            assertThat(outcome(key, RIDE, 10, 0, Set.of())).isEqualTo(HeldKeyOutcome.WAIT);
        }
        assertThat(outcome(key, RIDE, 10, 1, Set.of())).isEqualTo(HeldKeyOutcome.MOVE);
    }

    @Test
    void aPartitionThatAKeyHasGivenUpOnDelaysNoOtherKey() {
        assertThat(outcome(observed(), null, 3, 1, Set.of(FORMER))).isEqualTo(HeldKeyOutcome.USE);
    }

    @Test
    void aMoveWhoseAnswerWasLostIsRepeated() {
        Candidate moved = new Candidate(7, source(PRESENT), PRESENT);

        assertThat(outcome(observed(), moved, 3, 1, Set.of())).isEqualTo(HeldKeyOutcome.MOVE);
    }

    @Test
    void aKeyWaitsWhileAnotherPartitionHoldsItsEarlierRecords() {
        Stored own = new Stored(PRESENT, source(PRESENT), 1, 1);
        Stored other = new Stored(FORMER, source(FORMER), 1, 10);
        Map<Integer, Stored> positions = Map.of(PRESENT, own, FORMER, other);
        HeldRecords.Key key = observed();

        assertThat(HeldKeyOutcome.of(key, own, positions, true, null, Set.of())).isEqualTo(HeldKeyOutcome.WAIT);
        assertThat(HeldKeyOutcome.of(key, own, positions, false, RIDE, Set.of()))
                .isEqualTo(HeldKeyOutcome.MOVE);
    }

    private static HeldRecords.Key key() {
        return new HeldRecords(List.of(new HeldRecord(0, 0, "bike", new byte[] {1}, 0)))
                .keys()
                .getFirst();
    }

    /** A key that waits until the former partition is stored up to 10. */
    private static HeldRecords.Key observed() {
        HeldRecords.Key key = key();
        key.observe(Map.of(FORMER, 10L, PRESENT, 1L), HeldRecords.SKEW.toNanos());
        return key;
    }

    private static long arrived(List<Long> times, long now) {
        return times.stream().filter(at -> at <= now).count();
    }

    private static HeldKeyOutcome outcome(
            HeldRecords.Key key, @Nullable Candidate ride, long former, long present, Set<Integer> stuck) {
        Stored own = new Stored(PRESENT, source(PRESENT), 1, present);
        Stored other = new Stored(FORMER, source(FORMER), 1, former);
        return HeldKeyOutcome.of(key, own, Map.of(PRESENT, own, FORMER, other), false, ride, stuck);
    }

    private static int source(int partition) {
        return partition + 1;
    }
}
