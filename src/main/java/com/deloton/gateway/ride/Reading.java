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
    /** A ride lasts a day at most. */
    public static final int MAX_ELAPSED_S = 86_400;

    static final int MIN_HEART_RATE = 30;
    static final int MAX_HEART_RATE = 250;
    static final int MAX_CADENCE = 250;
    static final int MAX_RESISTANCE = 255;
    static final double MAX_POWER = 3000;

    public boolean hasHeartRate() {
        return heartRateBpm != 0;
    }

    public boolean hasPower() {
        return !Float.isNaN(powerW);
    }
}
