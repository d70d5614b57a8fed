package com.deloton.gateway.ride;

import com.deloton.gateway.telemetry.LogLine;
import org.jspecify.annotations.Nullable;

/** Merges a quarantined line into a ride that has ended. Pure; merging a line twice changes nothing. */
public final class LateReadingMerger {
    private LateReadingMerger() {}

    public sealed interface MergeResult {
        int elapsedS();
    }

    /** The second had no reading. */
    public record Added(int elapsedS) implements MergeResult {}

    /** The second had a reading without the line's values. */
    public record Completed(int elapsedS) implements MergeResult {}

    /** The second had values already. */
    public record Unchanged(int elapsedS) implements MergeResult {}

    /** Null if the line is neither Ride nor Telemetry, or its second is more than an hour outside the ride. */
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
        long byClock = second(series, line.atMicros() + RideTimeline.HALF_SECOND);
        long counted = Math.round(line.durationS());
        long second = Math.abs(counted - byClock) <= RideTimeline.TOLERANCE_S ? counted : byClock;
        if (!fits(series, second)) {
            return null;
        }
        int s = (int) second;
        int resistance = Reading.resistance(line.resistance());
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
        int heartRate = Reading.heartRate(line.heartRateBpm());
        int cadence = Reading.cadence(line.cadenceRpm());
        float power = Reading.power(line.powerW());
        if (series.has(s) && series.get(s).hasTelemetry()) {
            return new Unchanged(s);
        }
        boolean cleaned = heartRate != Math.max(0, line.heartRateBpm())
                || cadence != line.cadenceRpm()
                || (Float.isNaN(power) && !Double.isNaN(line.powerW()));
        if (cleaned) {
            series.markCleaned(s);
        }
        if (!series.has(s)) {
            series.add(new Reading(s, line.atMicros(), heartRate, cadence, Reading.ABSENT, power));
            return new Added(s);
        }
        Reading old = series.get(s);
        series.complete(new Reading(s, old.atMicros(), heartRate, cadence, old.resistance(), power));
        return new Completed(s);
    }

    private static long second(RideSeries series, long telemetryAt) {
        return Math.round((telemetryAt - series.zeroAtMicros()) / (double) RideTimeline.SECOND);
    }

    private static boolean fits(RideSeries series, long second) {
        return second >= 0
                && second <= Reading.MAX_ELAPSED_S
                && second >= series.firstS() - RideTimeline.MAX_GAP_S
                && second <= series.lastS() + RideTimeline.MAX_GAP_S;
    }
}
