package com.deloton.gateway.ride;

import com.deloton.gateway.telemetry.LogLine;

/**
 * One second of a ride, cleaned: a value outside its physical range is absent.
 *
 * @param elapsedS the second of the ride, from 0 on, at most {@link #MAX_ELAPSED_S}
 * @param atMicros when it was measured, in microseconds since 1970-01-01T00:00:00Z
 * @param heartRateBpm 30–250, or 0 if not measured
 * @param cadenceRpm 0–250, or {@link #ABSENT}
 * @param resistance 0–255, no unit, or {@link #ABSENT}
 * @param powerW 0–3000, or NaN if absent
 */
public record Reading(int elapsedS, long atMicros, int heartRateBpm, int cadenceRpm, int resistance, float powerW) {
    public static final int ABSENT = LogLine.ABSENT;
    /** The longest ride: a day. */
    public static final int MAX_ELAPSED_S = 86_400;

    private static final int MIN_HEART_RATE = 30;
    private static final int MAX_HEART_RATE = 250;
    private static final int MAX_CADENCE = 250;
    private static final int MAX_RESISTANCE = 255;
    private static final double MAX_POWER = 3000;

    /** The heart rate if it is within its range, else 0. */
    static int heartRate(int bpm) {
        return bpm >= MIN_HEART_RATE && bpm <= MAX_HEART_RATE ? bpm : 0;
    }

    /** The cadence if it is within its range, else {@link #ABSENT}. */
    static int cadence(int rpm) {
        return rpm >= 0 && rpm <= MAX_CADENCE ? rpm : ABSENT;
    }

    /** The resistance if it is within its range, else {@link #ABSENT}. */
    static int resistance(int value) {
        return value >= 0 && value <= MAX_RESISTANCE ? value : ABSENT;
    }

    /** The power if it is within its range, else NaN. */
    static float power(double watts) {
        // abs: 0 for -0.0
        return watts >= 0 && watts <= MAX_POWER ? Math.abs((float) watts) : Float.NaN;
    }

    public boolean hasHeartRate() {
        return heartRateBpm != 0;
    }

    public boolean hasPower() {
        return !Float.isNaN(powerW);
    }

    /** False if the reading has at most the resistance, the value of a Ride line. */
    boolean hasTelemetry() {
        return hasHeartRate() || hasPower() || cadenceRpm != ABSENT;
    }
}
