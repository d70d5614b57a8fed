package com.deloton.gateway.ride;

import com.deloton.gateway.telemetry.LogLine;
import org.jspecify.annotations.Nullable;

/**
 * Puts a line into a ride that has ended: into the second that its time stands for. Pure; applying a line twice changes
 * nothing the second time.
 */
public final class LateReadingMerger {
    private static final long SECOND = 1_000_000;
    private static final long HALF_SECOND = SECOND / 2;
    /** How many seconds a counter may be off the clock and still be believed. */
    private static final int TOLERANCE_S = 2;
    /** How far before its first and after its last reading a line may lie. */
    private static final int MAX_GAP_S = 3_600;

    private LateReadingMerger() {}

    /** What came of it. */
    public sealed interface MergeResult {
        int elapsedS();
    }

    /** The second had no reading. */
    public record Added(int elapsedS) implements MergeResult {}

    /** The second had a reading without these values. */
    public record Completed(int elapsedS) implements MergeResult {}

    /** The second has these values or others already; nothing has changed. */
    public record Unchanged(int elapsedS) implements MergeResult {}

    /** Null if the line is no half of a reading, or its second lies outside the ride. */
    public static @Nullable MergeResult apply(RideSeries series, LogLine line) {
        if (series.readings() == 0) {
            return null;
        }
        return switch (line) {
            case LogLine.Ride ride -> ride(series, ride);
            case LogLine.Telemetry telemetry -> telemetry(series, telemetry);
            default -> null;
        };
    }

    private static @Nullable MergeResult ride(RideSeries series, LogLine.Ride line) {
        long byClock = second(series, line.atMicros() + HALF_SECOND);
        long counted = Math.round(line.durationS());
        long second = Math.abs(counted - byClock) <= TOLERANCE_S ? counted : byClock;
        if (!fits(series, second)) {
            return null;
        }
        int s = (int) second;
        int resistance = within(line.resistance(), Reading.MAX_RESISTANCE);
        if (!series.has(s)) {
            series.add(new Reading(s, line.atMicros(), 0, Reading.ABSENT, resistance, Float.NaN));
            return new Added(s);
        }
        Reading old = series.get(s);
        if (old.resistance() != Reading.ABSENT || resistance == Reading.ABSENT) {
            return new Unchanged(s);
        }
        series.complete(new Reading(s, old.atMicros(), old.heartRateBpm(), old.cadenceRpm(), resistance, old.powerW()));
        return new Completed(s);
    }

    private static @Nullable MergeResult telemetry(RideSeries series, LogLine.Telemetry line) {
        long second = second(series, line.atMicros());
        if (!fits(series, second)) {
            return null;
        }
        int s = (int) second;
        int bpm = line.heartRateBpm();
        int heartRate = bpm >= Reading.MIN_HEART_RATE && bpm <= Reading.MAX_HEART_RATE ? bpm : 0;
        int cadence = within(line.cadenceRpm(), Reading.MAX_CADENCE);
        float power = line.powerW() >= 0 && line.powerW() <= Reading.MAX_POWER ? (float) line.powerW() : Float.NaN;
        if (!series.has(s)) {
            series.add(new Reading(s, line.atMicros(), heartRate, cadence, Reading.ABSENT, power));
            return new Added(s);
        }
        Reading old = series.get(s);
        if (old.hasHeartRate() || old.hasPower() || old.cadenceRpm() != Reading.ABSENT) {
            return new Unchanged(s);
        }
        series.complete(new Reading(s, old.atMicros(), heartRate, cadence, old.resistance(), power));
        return new Completed(s);
    }

    private static long second(RideSeries series, long telemetryAt) {
        return Math.round((telemetryAt - series.zeroAtMicros()) / (double) SECOND);
    }

    private static boolean fits(RideSeries series, long second) {
        return second >= 0
                && second <= Reading.MAX_ELAPSED_S
                && second >= series.firstS() - MAX_GAP_S
                && second <= series.lastS() + MAX_GAP_S;
    }

    private static int within(int value, int max) {
        return value >= 0 && value <= max ? value : Reading.ABSENT;
    }
}
