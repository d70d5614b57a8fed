package com.deloton.gateway.ride;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The readings of one ride, one slot a second from the first second seen to the last, in one array: a reading is added with
 * one or two cache misses. 12 bytes a second, a day at most. Not thread-safe.
 */
public final class RideSeries {
    private static final int EMPTY = Integer.MIN_VALUE;
    private static final int INITIAL_SLOTS = 64;

    /** Ints a slot: the delay, the bits of the power, and the other values, packed. */
    private static final int SLOT = 3;

    private static final int POWER = 1;
    private static final int PACKED = 2;

    /** The values of the packed int, from its lowest bit on. */
    private static final int HEART_RATE_BITS = 10;

    private static final int CADENCE_BITS = 10;
    private static final int RESISTANCE_BITS = 12;
    /** Stands for {@link Reading#ABSENT}. */
    private static final int NO_CADENCE = (1 << CADENCE_BITS) - 1;

    private static final int NO_RESISTANCE = (1 << RESISTANCE_BITS) - 1;

    private int firstS;
    private int length;
    private int readings;
    private long zeroAtMicros;
    /** A slot begins with the milliseconds by which its reading is later than its second, or with {@link #EMPTY}. */
    private int[] slots = {};

    /** By second; null while there are none. */
    private @Nullable BitSet cleaned;

    /** The second of slot 0. */
    public int firstS() {
        return firstS;
    }

    /** The last second, or one before the first if there is none. */
    public int lastS() {
        return firstS + length - 1;
    }

    /** How many seconds have a reading. */
    public int readings() {
        return readings;
    }

    /**
     * The time of second 0 by the bike's clock, derived from the reading that was added first, in microseconds since
     * 1970-01-01T00:00:00Z.
     */
    public long zeroAtMicros() {
        return zeroAtMicros;
    }

    /** When second {@code elapsedS} is due by the bike's clock; undefined without a reading. */
    public long dueAtMicros(int elapsedS) {
        return zeroAtMicros + elapsedS * 1_000_000L;
    }

    public boolean has(int elapsedS) {
        int slot = elapsedS - firstS;
        return slot >= 0 && slot < length && slots[slot * SLOT] != EMPTY;
    }

    /** The reading of a second that {@link #has} one; its time is exact to the millisecond. */
    public Reading get(int elapsedS) {
        int at = (elapsedS - firstS) * SLOT;
        int packed = slots[at + PACKED];
        int heartRate = packed & (1 << HEART_RATE_BITS) - 1;
        int cadence = packed >> HEART_RATE_BITS & NO_CADENCE;
        int resistance = packed >>> (HEART_RATE_BITS + CADENCE_BITS);
        return new Reading(
                elapsedS,
                atMicros(elapsedS),
                heartRate,
                cadence == NO_CADENCE ? Reading.ABSENT : cadence,
                resistance == NO_RESISTANCE ? Reading.ABSENT : resistance,
                Float.intBitsToFloat(slots[at + POWER]));
    }

    /** The time of the reading of a second that {@link #has} one, exact to the millisecond. */
    long atMicros(int elapsedS) {
        return dueAtMicros(elapsedS) + delayMillis(elapsedS) * 1_000L;
    }

    /** See {@link RideTracker#touch}. */
    int touch() {
        int next = length * SLOT;
        return next < slots.length ? slots[next] : slots.length;
    }

    /** Milliseconds by which the reading of a second that {@link #has} one is later than that second. */
    public int delayMillis(int elapsedS) {
        return slots[(elapsedS - firstS) * SLOT];
    }

    /** Adds the reading of a second that has none yet. */
    public void add(Reading reading) {
        if (length == 0) {
            zeroAtMicros = reading.atMicros() - reading.elapsedS() * 1_000_000L;
        }
        add(reading, (int) Math.floorDiv(reading.atMicros() - dueAtMicros(reading.elapsedS()), 1_000L));
    }

    /** Adds a reading as it was stored; all of a series are stored with the same {@code zeroAt}. */
    public void restore(long zeroAt, Reading reading, int delayMillis) {
        zeroAtMicros = zeroAt;
        add(reading, delayMillis);
    }

    /** Notes that a value or the time of the second's record was removed or replaced. */
    public void markCleaned(int elapsedS) {
        if (cleaned == null) {
            cleaned = new BitSet();
        }
        cleaned.set(elapsedS);
    }

    public boolean isCleaned(int elapsedS) {
        return cleaned != null && elapsedS >= 0 && cleaned.get(elapsedS);
    }

    /** How many seconds {@link #isCleaned}. */
    public int cleaned() {
        return cleaned == null ? 0 : cleaned.cardinality();
    }

    /** The seconds from {@code fromS} to {@code toS} that {@link #isCleaned}, in order. */
    public int[] cleaned(int fromS, int toS) {
        return cleaned == null
                ? new int[0]
                : cleaned.stream().filter(s -> s >= fromS && s <= toS).toArray();
    }

    /** Replaces the values of a second that {@link #has} a reading; its time stays. */
    void complete(Reading reading) {
        set((reading.elapsedS() - firstS) * SLOT, reading);
    }

    private void add(Reading reading, int delayMillis) {
        int at = makeSlot(reading.elapsedS()) * SLOT;
        slots[at] = delayMillis;
        set(at, reading);
        readings++;
    }

    private void set(int at, Reading reading) {
        int cadence = reading.cadenceRpm() == Reading.ABSENT ? NO_CADENCE : reading.cadenceRpm();
        int resistance = reading.resistance() == Reading.ABSENT ? NO_RESISTANCE : reading.resistance();
        slots[at + POWER] = Float.floatToIntBits(reading.powerW());
        slots[at + PACKED] =
                reading.heartRateBpm() | cadence << HEART_RATE_BITS | resistance << (HEART_RATE_BITS + CADENCE_BITS);
    }

    private int makeSlot(int elapsedS) {
        if (length == 0) {
            firstS = elapsedS;
        }
        if (elapsedS < firstS) {
            shift(firstS - elapsedS);
        }
        int slot = elapsedS - firstS;
        ensureCapacity(slot + 1);
        length = Math.max(length, slot + 1);
        return slot;
    }

    private void shift(int by) {
        ensureCapacity(length + by);
        System.arraycopy(slots, 0, slots, by * SLOT, length * SLOT);
        Arrays.fill(slots, 0, by * SLOT, EMPTY);
        firstS -= by;
        length += by;
    }

    private void ensureCapacity(int capacity) {
        int old = slots.length / SLOT;
        if (capacity <= old) {
            return;
        }
        int grown = Math.max(capacity, Math.max(INITIAL_SLOTS, old + (old >> 1)));
        slots = Arrays.copyOf(slots, grown * SLOT);
        Arrays.fill(slots, old * SLOT, slots.length, EMPTY);
    }

    /** Watts in a slot; a second without power counts as 0 W in moving averages. */
    float powerOrZeroAt(int slot) {
        float power = Float.intBitsToFloat(slots[slot * SLOT + POWER]);
        return slots[slot * SLOT] == EMPTY || Float.isNaN(power) ? 0 : power;
    }

    int slots() {
        return length;
    }
}
