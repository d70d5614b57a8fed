package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.Reading;

/** How long a ride held each heart rate: a histogram of the lowest trusted heart rate of each window of seconds. */
final class HeldHeartRate {
    private static final int HIGHEST_BPM = 250;

    private final int[] counts = new int[HIGHEST_BPM + 1];
    private final int[] seconds;
    private final int[] bpm;
    private final int windowS;
    private final int longestGapS;
    private int size;
    private int count;

    HeldHeartRate(int windowS, int longestGapS) {
        this.windowS = windowS;
        this.longestGapS = longestGapS;
        seconds = new int[windowS];
        bpm = new int[windowS];
    }

    /** Takes the next second; untrusted ones up to the longest gap do not end a window. */
    void accept(Reading reading, boolean trusted) {
        if (!trusted) {
            return;
        }
        int second = reading.elapsedS();
        if (size > 0 && second - seconds[(size - 1) % windowS] > longestGapS + 1) {
            size = 0;
        }
        seconds[size % windowS] = second;
        bpm[size % windowS] = reading.heartRateBpm();
        size++;
        if (size >= windowS) {
            counts[lowest()]++;
            count++;
        }
    }

    /** The heart rate that this share of the windows does not exceed; 0 if there is no window. */
    int percentile(double share) {
        int left = count - (int) Math.floor(count * share);
        for (int value = HIGHEST_BPM; value > 0 && count > 0; value--) {
            left -= counts[value];
            if (left <= 0) {
                return value;
            }
        }
        return 0;
    }

    private int lowest() {
        int lowest = HIGHEST_BPM;
        for (int value : bpm) {
            lowest = Math.min(lowest, value);
        }
        return lowest;
    }
}
