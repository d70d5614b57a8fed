package com.deloton.gateway.simulate.model;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The heart rate and cadence of a healthy rider, by second from 1, as a sensor shows them. Its parameters are fitted to six
 * real activities of 10 to 38 minutes; their readings are not part of it.
 *
 * <ul>
 *   <li>Peak effort: 85 ± 6 % of the rider's own maximum, at most 100 %. The heart rate follows the effort with a time
 *       constant of 25 s upwards and, slower from rider to rider, of 60 to 150 s downwards.
 *   <li>Noise: 1.3 bpm (in the activities 1.1 to 1.9 bpm around the mean of 31 s).
 *   <li>An optical sensor in one ride of three: its reading wanders within 4 to 8 % of the heart rate, and in one of five it
 *       locks on to the cadence for 10 to 60 s.
 *   <li>One jump of 16 to 60 bpm a ride, back after 1 to 3 s; up to two drop-outs a ride, mostly of seconds, at most 443 s;
 *       in one ride of six, a frozen value for 120 to 220 s.
 * </ul>
 */
public final class HealthyRide {
    private static final double PEAK_MEAN = 0.85;
    private static final double PEAK_DEVIATION = 0.06;
    private static final double RISE_S = 25;
    private static final double NOISE_BPM = 1.3;
    private static final int LONGEST_DROPOUT_S = 443;

    private final RandomGenerator random;
    private final short[] heartRate;
    private final short[] cadence;

    /** @param maximumBpm the rider's own maximum */
    public HealthyRide(double maximumBpm, int seconds, RandomGenerator random) {
        this.random = random;
        heartRate = new short[seconds];
        cadence = new short[seconds];
        double[] beats = beats(maximumBpm);
        boolean optical = random.nextInt(3) == 0;
        measure(beats, optical);
        if (optical && random.nextInt(5) == 0) {
            lockToCadence();
        }
        freeze();
        jump();
        dropOut();
    }

    public int seconds() {
        return heartRate.length;
    }

    /** Beats per minute; 0 where it is not measured. */
    public int heartRate(int second) {
        return heartRate[second - 1];
    }

    public int cadence(int second) {
        return cadence[second - 1];
    }

    /** Sets the measured heart rate from {@code second} on, for {@code seconds}, to about {@code bpm}. */
    public void injectHeartRate(int second, int seconds, int bpm) {
        for (int i = second - 1; i < Math.min(second - 1 + seconds, heartRate.length); i++) {
            heartRate[i] = (short) (bpm + random.nextInt(-2, 3));
        }
    }

    /** The rider stops at {@code second} for {@code seconds}; the measured heart rate falls from there. */
    public void injectPause(int second, int seconds) {
        double bpm = Math.max(100, heartRate[second - 2]);
        for (int i = second - 1; i < Math.min(second - 1 + seconds, heartRate.length); i++) {
            cadence[i] = 0;
            bpm += (90 - bpm) / 60;
            heartRate[i] = (short) (bpm + random.nextInt(-1, 2));
        }
    }

    private double[] beats(double maximum) {
        double rest = random.nextDouble(62, 80);
        double peak = Math.min(1, random.nextGaussian(PEAK_MEAN, PEAK_DEVIATION)) * maximum;
        double fallS = random.nextDouble(60, 150);
        double preferred = random.nextDouble(65, 95);
        double[] beats = new double[seconds()];
        double bpm = rest + random.nextDouble(5, 20);
        for (int at = 0; at < beats.length; ) {
            boolean pause = at > 300 && random.nextInt(12) == 0;
            int until = Math.min(beats.length, at + (pause ? random.nextInt(5, 240) : random.nextInt(30, 300)));
            double target = pause ? rest + 20 : rest + (peak - rest) * (0.55 + 0.45 * random.nextDouble());
            for (; at < until; at++) {
                bpm += (target - bpm) / (target > bpm ? RISE_S : fallS);
                beats[at] = bpm;
                cadence[at] = (short) (pause ? 0 : Math.clamp(Math.round(random.nextGaussian(preferred, 2)), 30, 130));
            }
        }
        return beats;
    }

    private void measure(double[] beats, boolean optical) {
        double error = optical ? random.nextDouble(0.04, 0.08) : 0;
        double periodS = random.nextDouble(120, 600);
        double phase = random.nextDouble(2 * Math.PI);
        double noise = 0;
        for (int i = 0; i < beats.length; i++) {
            noise = 0.9 * noise + random.nextGaussian(0, NOISE_BPM * Math.sqrt(1 - 0.81));
            double wander = error * Math.sin(phase + 2 * Math.PI * i / periodS);
            heartRate[i] = (short) Math.round(beats[i] * (1 + wander) + noise);
        }
    }

    private void lockToCadence() {
        int from = random.nextInt(seconds());
        for (int i = from; i < Math.min(seconds(), from + random.nextInt(10, 60)); i++) {
            if (cadence[i] > 0) {
                heartRate[i] = (short) (cadence[i] + random.nextInt(-1, 2));
            }
        }
    }

    private void freeze() {
        if (random.nextInt(6) == 0) {
            int from = random.nextInt(seconds());
            Arrays.fill(heartRate, from, Math.min(seconds(), from + random.nextInt(120, 220)), heartRate[from]);
        }
    }

    private void jump() {
        int from = random.nextInt(seconds());
        int by = random.nextInt(16, 61) * (random.nextBoolean() ? 1 : -1);
        for (int i = from; i < Math.min(seconds(), from + random.nextInt(1, 4)); i++) {
            heartRate[i] = (short) Math.clamp(heartRate[i] + by, 31, 249);
        }
    }

    private void dropOut() {
        Arrays.fill(heartRate, 0, Math.min(seconds(), random.nextInt(1, 100)), (short) 0);
        for (int n = random.nextInt(3); n > 0; n--) {
            double share = random.nextDouble();
            int from = random.nextInt(seconds());
            int length = 1 + (int) ((LONGEST_DROPOUT_S - 1) * share * share * share);
            Arrays.fill(heartRate, from, Math.min(seconds(), from + length), (short) 0);
        }
    }
}
