package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.Reading;

/**
 * Heart rates beyond a limit that last {@value #SUSTAINED_S} s, on average by {@value #LEAST_BPM} bpm or more: less is
 * within the noise of the sensors. Single readings back within the limit, by less than the
 * margin, do not end the run, as long as more than half of it is beyond the limit.
 */
final class SustainedRun {
    static final int SUSTAINED_S = 10;
    static final int LEAST_BPM = 2;

    private int firstS;
    private long firstAtMicros;
    private int firstBpm;
    private int beyond;
    private int within;
    private int excessBpm;

    void clear() {
        beyond = 0;
        within = 0;
        excessBpm = 0;
    }

    /**
     * Takes the next trusted reading.
     *
     * @param beyondBpm how far it is beyond the limit; 0 or less within it
     * @param marginBpm further within than this ends the run
     * @return true if the run is now sustained
     */
    boolean accept(Reading reading, int beyondBpm, int marginBpm) {
        excessBpm += beyondBpm;
        if (beyondBpm <= 0) {
            within++;
            if (beyond == 0 || beyondBpm < -marginBpm || within >= beyond) {
                clear();
            }
            return false;
        }
        if (beyond == 0) {
            firstS = reading.elapsedS();
            firstAtMicros = reading.atMicros();
            firstBpm = reading.heartRateBpm();
        }
        beyond++;
        return reading.elapsedS() - firstS >= SUSTAINED_S && excessBpm >= LEAST_BPM * (beyond + within);
    }

    int firstS() {
        return firstS;
    }

    long firstAtMicros() {
        return firstAtMicros;
    }

    int firstBpm() {
        return firstBpm;
    }
}
