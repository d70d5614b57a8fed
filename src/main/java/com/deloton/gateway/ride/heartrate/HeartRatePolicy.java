package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.heartrate.Episode.Severity;
import org.jspecify.annotations.Nullable;

/**
 * When a heart rate raises, changes and ends an episode. Consecutive readings are measured readings with at most
 * {@code longestGapS} unmeasured seconds between each two.
 *
 * @param readings consecutive readings outside the limits that raise an episode
 * @param recoveryReadings consecutive readings within the recovery band that end it
 * @param recoveryMarginBpm distance of the recovery band from the limits
 * @param longestGapS seconds without a measured heart rate, or without a reading, that do not end a run; more do
 * @param coolDownS seconds after a mailed episode in which further ones of the ride are not mailed; null: the whole ride
 * @param flapWindowS an episode that begins within so many seconds after the end of one with the same rule and side continues
 *     that one, which then ends only after as many readings within the recovery band; 0: never
 * @param criticalAboveMaxBpm an episode is critical from this far above the maximum
 * @param criticalBpm an episode above the maximum is critical from this heart rate
 * @param jumpBpm a larger step within one second is a sensor fault
 */
public record HeartRatePolicy(
        int readings,
        int recoveryReadings,
        int recoveryMarginBpm,
        int longestGapS,
        @Nullable Integer coolDownS,
        int flapWindowS,
        int criticalAboveMaxBpm,
        int criticalBpm,
        int jumpBpm) {
    /** The customer's rule: the third reading raises an episode, a ride gets one mail. */
    public static final HeartRatePolicy DEFAULT = new HeartRatePolicy(3, 3, 5, 5, null, 60, 20, 220, 40);

    public HeartRatePolicy {
        require(readings >= 1, "readings", readings, 1);
        require(recoveryReadings >= 1, "recoveryReadings", recoveryReadings, 1);
        require(recoveryMarginBpm >= 0, "recoveryMarginBpm", recoveryMarginBpm, 0);
        require(longestGapS >= 0, "longestGapS", longestGapS, 0);
        require(coolDownS == null || coolDownS >= 0, "coolDownS", coolDownS == null ? 0 : coolDownS, 0);
        require(flapWindowS >= 0, "flapWindowS", flapWindowS, 0);
        require(criticalAboveMaxBpm >= 0, "criticalAboveMaxBpm", criticalAboveMaxBpm, 0);
        require(criticalBpm >= 1, "criticalBpm", criticalBpm, 1);
        require(jumpBpm >= 1, "jumpBpm", jumpBpm, 1);
    }

    Severity severity(HeartRateLimits limits, int bpm) {
        boolean high = bpm > limits.maxBpm();
        return high && (bpm >= limits.maxBpm() + criticalAboveMaxBpm || bpm >= criticalBpm)
                ? Severity.CRITICAL
                : Severity.WARNING;
    }

    boolean isRecovered(HeartRateLimits limits, int bpm) {
        int margin = Math.min(recoveryMarginBpm, (limits.maxBpm() - limits.minBpm()) / 2);
        return bpm >= limits.minBpm() + margin && bpm <= limits.maxBpm() - margin;
    }

    boolean isCoolingDown(int sinceS, int atS) {
        return coolDownS == null || atS - sinceS < coolDownS;
    }

    private static void require(boolean valid, String name, int value, int least) {
        if (!valid) {
            throw new IllegalArgumentException(name + " is " + value + "; expected at least " + least);
        }
    }
}
