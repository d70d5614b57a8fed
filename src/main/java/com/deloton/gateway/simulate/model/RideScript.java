package com.deloton.gateway.simulate.model;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * All that a ride will measure, second by second from 1. Warm-up, intervals and two sprints of 20 s set the resistance;
 * the cadence follows it, the power follows both, and the heart follows the power with a lag.
 *
 * <p>A healthy heart stays 3 bpm or more inside the rider's limits. An abnormal one leaves them for at least three
 * measured seconds in a row, by 7 bpm or more at the worst, in every ride of {@value #MIN_ABNORMAL_RIDE_S} s or longer.
 * No step between two measured seconds is larger than {@value #STEEPEST_BPM} bpm while it is abnormal.
 */
public final class RideScript {
    /** A ride must last this long for an abnormal heart rate to show. */
    public static final int MIN_ABNORMAL_RIDE_S = 40;

    private static final int STEEPEST_BPM = 20;
    private static final int SPRINT_S = 20;
    private static final int MIN_WITH_SPRINTS_S = 120;
    private static final int MAX_DROPOUT_S = 155;

    private final short[] resistance;
    private final short[] cadence;
    private final short[] heartRate;
    private final boolean abnormalHeartRate;

    public RideScript(
            SimulatedRider rider, LocalDate day, int seconds, boolean abnormalHeartRate, RandomGenerator random) {
        this.abnormalHeartRate = abnormalHeartRate && seconds >= MIN_ABNORMAL_RIDE_S;
        resistance = new short[seconds];
        cadence = new short[seconds];
        heartRate = new short[seconds];
        programme(random);
        pedal(random);
        int[] trouble = troubles(rider, day, random);
        beat(rider, day, trouble, random);
        dropOut(trouble, random);
    }

    public int seconds() {
        return heartRate.length;
    }

    public boolean abnormalHeartRate() {
        return abnormalHeartRate;
    }

    public int resistance(int second) {
        return resistance[second - 1];
    }

    /** Pedal revolutions per minute, 0 to 163. */
    public int cadence(int second) {
        return cadence[second - 1];
    }

    /** Beats per minute; 0 where it is not measured. */
    public int heartRate(int second) {
        return heartRate[second - 1];
    }

    public double power(int second) {
        return BikePower.watts(resistance(second), cadence(second));
    }

    private void programme(RandomGenerator random) {
        int seconds = seconds();
        int second = Math.min(2, seconds);
        int warm = Math.max(second, seconds / 8);
        Arrays.fill(resistance, second, warm, (short) 30);
        for (int at = warm; at < seconds; ) {
            int until = Math.min(seconds, at + random.nextInt(20, 61));
            Arrays.fill(resistance, at, until, (short) (random.nextInt(3) == 0 ? random.nextInt(30, 101) : 30));
            at = until;
        }
        if (seconds >= MIN_WITH_SPRINTS_S) {
            sprint(seconds / 4, random);
            sprint(seconds * 5 / 8, random);
        }
    }

    private void sprint(int from, RandomGenerator random) {
        int to = from + SPRINT_S;
        Arrays.fill(resistance, from, to, (short) random.nextInt(151, 171));
        Arrays.fill(resistance, to, to + 2, (short) 99);
        Arrays.fill(resistance, to + 2, to + 10, (short) 30);
    }

    private void pedal(RandomGenerator random) {
        double preferred = random.nextInt(48, 92);
        double rpm = 0;
        for (int i = 0; i < cadence.length; i++) {
            boolean sprinting = resistance[i] > 150;
            boolean starting = sprinting && resistance[i - 1] <= 150;
            double target = resistance[i] == 0 ? 0 : sprinting ? 80 : preferred - (resistance[i] - 30) * 0.15;
            rpm = starting ? random.nextInt(125, 150) : rpm + (target - rpm) / (sprinting ? 16 : 4);
            double noise = target == 0 ? 0 : random.nextInt(-3, 4);
            double slack = !sprinting && random.nextInt(40) == 0 ? random.nextDouble(0.2, 0.8) : 1;
            cadence[i] = (short) Math.clamp(Math.round((rpm + noise) * slack), 0, 163);
        }
    }

    /** For each second the heart rate that a fault drives towards, 0 where there is none. */
    private int[] troubles(SimulatedRider rider, LocalDate day, RandomGenerator random) {
        int[] trouble = new int[seconds()];
        if (abnormalHeartRate) {
            trouble(trouble, trouble.length / 3, rider, day, random);
            if (trouble.length >= 300 && random.nextInt(3) == 0) {
                trouble(trouble, trouble.length * 3 / 4, rider, day, random);
            }
        }
        return trouble;
    }

    private static void trouble(int[] trouble, int from, SimulatedRider rider, LocalDate day, RandomGenerator random) {
        int bpm = random.nextInt(10) < 7
                ? rider.maximumBpm(day) + random.nextInt(8, 26)
                : rider.minimumBpm(day) - random.nextInt(8, 10);
        Arrays.fill(trouble, from, from + Math.clamp(trouble.length / 8, 18, 45), bpm);
    }

    private void beat(SimulatedRider rider, LocalDate day, int[] trouble, RandomGenerator random) {
        int lowest = rider.minimumBpm(day) + 3;
        int highest = rider.maximumBpm(day) - 6;
        double resting = lowest + random.nextInt(5, 18);
        double bpm = resting;
        int said = (int) bpm;
        for (int i = 0; i < heartRate.length; i++) {
            double effort = 1 - Math.exp(-BikePower.watts(resistance[i], cadence[i]) / 130);
            double target = resting + (highest - resting) * effort;
            bpm += (target - bpm) / (target > bpm ? 25 : 60);
            int noise = random.nextInt(-1, 2);
            int next = trouble[i] > 0 ? trouble[i] + noise : Math.clamp(Math.round(bpm) + noise, lowest, highest);
            said += Math.clamp(next - said, -STEEPEST_BPM, STEEPEST_BPM);
            heartRate[i] = (short) said;
        }
    }

    private void dropOut(int[] trouble, RandomGenerator random) {
        int seconds = seconds();
        Arrays.fill(heartRate, 0, Math.min(random.nextInt(3, 9), seconds / 10), (short) 0);
        for (int n = random.nextInt(4); n > 0; n--) {
            double share = random.nextDouble();
            int length = Math.min(1 + (int) (MAX_DROPOUT_S * share * share * share), seconds / 5);
            int from = random.nextInt(1, Math.max(2, seconds - length));
            if (length > 0 && undisturbed(trouble, from - 1, from + length + 1)) {
                Arrays.fill(heartRate, from, from + length, (short) 0);
            }
        }
    }

    private boolean undisturbed(int[] trouble, int from, int to) {
        for (int i = from; i < Math.min(to, trouble.length); i++) {
            if (trouble[i] > 0 || heartRate[i] == 0 || (i >= 15 && trouble[i - 15] > 0)) {
                return false;
            }
        }
        return true;
    }
}
