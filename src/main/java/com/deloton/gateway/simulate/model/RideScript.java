package com.deloton.gateway.simulate.model;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The measurements of a ride, by second from 1. Warm-up, intervals and two sprints of 20 s set the resistance; the cadence
 * follows the resistance, the power follows both, and the heart rate follows the power with a lag.
 *
 * <p>A normal heart rate stays at least 3 bpm inside the rider's range. An abnormal one leaves it for at least three
 * consecutive measured seconds, by up to 7 bpm or more, in every ride of at least {@value #MIN_ABNORMAL_RIDE_S} s, and
 * never changes by more than {@value #MAX_STEP_BPM} bpm between two measured seconds.
 */
public final class RideScript {
    /** Shorter rides have a normal heart rate. */
    public static final int MIN_ABNORMAL_RIDE_S = 40;

    private static final int MAX_STEP_BPM = 20;
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
        planResistance(random);
        planCadence(random);
        int[] targets = abnormalTargets(rider, day, random);
        planHeartRate(rider, day, targets, random);
        addDropouts(targets, random);
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

    private void planResistance(RandomGenerator random) {
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

    private void planCadence(RandomGenerator random) {
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

    /** The abnormal target heart rate of each second in bpm, 0 where the heart rate is normal. */
    private int[] abnormalTargets(SimulatedRider rider, LocalDate day, RandomGenerator random) {
        int[] targets = new int[seconds()];
        if (abnormalHeartRate) {
            addEpisode(targets, targets.length / 3, rider, day, random);
            if (targets.length >= 300 && random.nextInt(3) == 0) {
                addEpisode(targets, targets.length * 3 / 4, rider, day, random);
            }
        }
        return targets;
    }

    private static void addEpisode(
            int[] targets, int from, SimulatedRider rider, LocalDate day, RandomGenerator random) {
        int bpm = random.nextInt(10) < 7
                ? rider.maximumBpm(day) + random.nextInt(8, 26)
                : rider.minimumBpm(day) - random.nextInt(8, 10);
        Arrays.fill(targets, from, from + Math.clamp(targets.length / 8, 18, 45), bpm);
    }

    private void planHeartRate(SimulatedRider rider, LocalDate day, int[] targets, RandomGenerator random) {
        int lowest = rider.minimumBpm(day) + 3;
        int highest = rider.maximumBpm(day) - 6;
        double resting = lowest + random.nextInt(5, 18);
        double bpm = resting;
        int current = (int) bpm;
        for (int i = 0; i < heartRate.length; i++) {
            double effort = 1 - Math.exp(-BikePower.watts(resistance[i], cadence[i]) / 130);
            double target = resting + (highest - resting) * effort;
            bpm += (target - bpm) / (target > bpm ? 25 : 60);
            int noise = random.nextInt(-1, 2);
            int next = targets[i] > 0 ? targets[i] + noise : Math.clamp(Math.round(bpm) + noise, lowest, highest);
            current += Math.clamp(next - current, -MAX_STEP_BPM, MAX_STEP_BPM);
            heartRate[i] = (short) current;
        }
    }

    private void addDropouts(int[] targets, RandomGenerator random) {
        int seconds = seconds();
        Arrays.fill(heartRate, 0, Math.min(random.nextInt(3, 9), seconds / 10), (short) 0);
        for (int n = random.nextInt(4); n > 0; n--) {
            double share = random.nextDouble();
            int length = Math.min(1 + (int) (MAX_DROPOUT_S * share * share * share), seconds / 5);
            int from = random.nextInt(1, Math.max(2, seconds - length));
            if (length > 0 && isNormal(targets, from - 1, from + length + 1)) {
                Arrays.fill(heartRate, from, from + length, (short) 0);
            }
        }
    }

    private boolean isNormal(int[] targets, int from, int to) {
        for (int i = from; i < Math.min(to, targets.length); i++) {
            if (targets[i] > 0 || heartRate[i] == 0 || (i >= 15 && targets[i - 15] > 0)) {
                return false;
            }
        }
        return true;
    }
}
