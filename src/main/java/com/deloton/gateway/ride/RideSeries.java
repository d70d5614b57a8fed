package com.deloton.gateway.ride;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The readings of one ride, one slot a second from the first second seen to the last. About 14 bytes a second, a day at most. Not thread-safe.
 */
public final class RideSeries {
    private static final int EMPTY = Integer.MIN_VALUE;
    private static final int INITIAL_CAPACITY = 64;

    private int firstS;
    private int length;
    private int readings;
    private long zeroAtMicros;
    private short[] heartRate = {};
    private short[] cadence = {};
    private short[] resistance = {};
    private float[] power = {};
    /** Milliseconds by which a reading is later than its second, or {@link #EMPTY}. */
    private int[] delay = {};
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
        return slot >= 0 && slot < length && delay[slot] != EMPTY;
    }

    /** The reading of a second that {@link #has} one; its time is exact to the millisecond. */
    public Reading get(int elapsedS) {
        int slot = elapsedS - firstS;
        return new Reading(
                elapsedS,
                atMicros(elapsedS),
                heartRate[slot],
                cadence[slot] < 0 ? Reading.ABSENT : cadence[slot],
                resistance[slot] < 0 ? Reading.ABSENT : resistance[slot],
                power[slot]);
    }

    /** The time of the reading of a second that {@link #has} one, exact to the millisecond. */
    long atMicros(int elapsedS) {
        return dueAtMicros(elapsedS) + delay[elapsedS - firstS] * 1_000L;
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
        set(reading.elapsedS() - firstS, reading);
    }

    private void add(Reading reading, int delayMillis) {
        int slot = makeSlot(reading.elapsedS());
        set(slot, reading);
        delay[slot] = delayMillis;
        readings++;
    }

    private void set(int slot, Reading reading) {
        heartRate[slot] = (short) reading.heartRateBpm();
        cadence[slot] = (short) Math.max(-1, reading.cadenceRpm());
        resistance[slot] = (short) Math.max(-1, reading.resistance());
        power[slot] = reading.powerW();
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
        System.arraycopy(heartRate, 0, heartRate, by, length);
        System.arraycopy(cadence, 0, cadence, by, length);
        System.arraycopy(resistance, 0, resistance, by, length);
        System.arraycopy(power, 0, power, by, length);
        System.arraycopy(delay, 0, delay, by, length);
        Arrays.fill(delay, 0, by, EMPTY);
        firstS -= by;
        length += by;
    }

    private void ensureCapacity(int capacity) {
        int old = delay.length;
        if (capacity <= old) {
            return;
        }
        int grown = Math.max(capacity, Math.max(INITIAL_CAPACITY, old + (old >> 1)));
        heartRate = Arrays.copyOf(heartRate, grown);
        cadence = Arrays.copyOf(cadence, grown);
        resistance = Arrays.copyOf(resistance, grown);
        power = Arrays.copyOf(power, grown);
        delay = Arrays.copyOf(delay, grown);
        Arrays.fill(delay, old, grown, EMPTY);
    }

    /** Watts in a slot; a second without power counts as 0 W in moving averages. */
    float powerOrZeroAt(int slot) {
        return delay[slot] == EMPTY || Float.isNaN(power[slot]) ? 0 : power[slot];
    }

    int slots() {
        return length;
    }

    /** Milliseconds by which the reading of a second that {@link #has} one is later than that second. */
    public int delayMillis(int elapsedS) {
        return delay[elapsedS - firstS];
    }
}
