package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.heartrate.Episode.Severity;
import org.jspecify.annotations.Nullable;

/**
 * When a heart rate is worth telling.
 *
 * @param readings how many consecutive measured readings outside the limits raise an episode
 * @param recoveryReadings how many consecutive ones within the recovery band end it
 * @param recoveryMarginBpm how far inside the limits the recovery band lies
 * @param longestGapS more seconds than these without any reading end a run, as a missing heart rate does
 * @param coolDownS for how long after an episode further ones of the ride stay quiet; null is the rest of the ride
 * @param criticalAboveMaxBpm an episode is critical from so far above the maximum on
 * @param criticalBpm an episode above the maximum is critical from this heart rate on
 * @param jumpBpm a larger step within one second is a fault of the sensor
 */
public record HeartRatePolicy(
        int readings,
        int recoveryReadings,
        int recoveryMarginBpm,
        int longestGapS,
        @Nullable Integer coolDownS,
        int criticalAboveMaxBpm,
        int criticalBpm,
        int jumpBpm) {
    /** The customer's rule: the third reading raises, a ride gets one mail. */
    public static final HeartRatePolicy DEFAULT = new HeartRatePolicy(3, 3, 5, 5, null, 20, 220, 40);

    public HeartRatePolicy {
        require(readings >= 1, "readings", readings, 1);
        require(recoveryReadings >= 1, "recoveryReadings", recoveryReadings, 1);
        require(recoveryMarginBpm >= 0, "recoveryMarginBpm", recoveryMarginBpm, 0);
        require(longestGapS >= 0, "longestGapS", longestGapS, 0);
        require(coolDownS == null || coolDownS >= 0, "coolDownS", coolDownS == null ? 0 : coolDownS, 0);
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

    boolean isCalm(HeartRateLimits limits, int bpm) {
        int margin = Math.min(recoveryMarginBpm, (limits.maxBpm() - limits.minBpm()) / 2);
        return bpm >= limits.minBpm() + margin && bpm <= limits.maxBpm() - margin;
    }

    boolean isCoolingDown(int sinceS, int atS) {
        return coolDownS == null || atS - sinceS < coolDownS;
    }

    private static void require(boolean right, String name, int value, int least) {
        if (!right) {
            throw new IllegalArgumentException(name + " cannot be " + value + "; the least is " + least);
        }
    }
}
