package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.Reading;

/**
 * Which heart rates of a ride are evidence, and which look like an artifact of the sensor. Takes the seconds in order.
 *
 * <ul>
 *   <li>A jump: more than {@value #JUMP_BPM_PER_S} bpm per second. The reading is trusted, but no run may contain it.
 *   <li>A flat line: the same value for {@value #FLAT_LINE_S} s. A heart in sinus rhythm varies by some 50 ms from beat to
 *       beat (Nunan 2010, Pacing Clin Electrophysiol 33:1407–1417), a few bpm at any rate of exercise.
 *   <li>A cadence lock: within {@value #LOCK_RPM} rpm of the cadence, the typical fault of optical sensors, which take the
 *       rhythm of movement for the pulse (Bent 2020, npj Digit Med 3:18).
 * </ul>
 */
final class SensorGate {
    static final int JUMP_BPM_PER_S = 15;
    static final int FLAT_LINE_S = 60;
    static final int LOCK_RPM = 2;

    private final int longestGapS;
    private int lastS = HeartRateWatch.NEVER;
    private int lastBpm;
    private int flatSinceS;
    private boolean jumped;
    private int fromBpm;

    /** @param longestGapS over a longer gap in the measurement, no change is a jump and no line is flat */
    SensorGate(int longestGapS) {
        this.longestGapS = longestGapS;
    }

    /** Takes the next second. True if its heart rate is evidence. */
    boolean accept(Reading reading) {
        jumped = false;
        if (!reading.hasHeartRate()) {
            return false;
        }
        int second = reading.elapsedS();
        int bpm = reading.heartRateBpm();
        boolean continued = lastS != HeartRateWatch.NEVER && second - lastS <= longestGapS + 1;
        jumped = continued && Math.abs(bpm - lastBpm) > JUMP_BPM_PER_S * (second - lastS);
        if (!continued || bpm != lastBpm) {
            flatSinceS = second;
        }
        fromBpm = lastBpm;
        lastS = second;
        lastBpm = bpm;
        return second - flatSinceS < FLAT_LINE_S && !isLocked(reading);
    }

    /** Whether the second taken last was a jump, from {@link #fromBpm}. */
    boolean jumped() {
        return jumped;
    }

    int fromBpm() {
        return fromBpm;
    }

    private static boolean isLocked(Reading reading) {
        return reading.cadenceRpm() > 0 && Math.abs(reading.heartRateBpm() - reading.cadenceRpm()) <= LOCK_RPM;
    }
}
