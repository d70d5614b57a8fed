package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.Rider.Gender;
import org.jspecify.annotations.Nullable;

/**
 * A rider's maximum heart rate as learnt from the rider's rides. It fades to the population's mean with a half-life of
 * {@value #HALF_LIFE_DAYS} days, since fitness and medication change within months.
 *
 * <p>The population's maximum is {@code 211 − 0.64·age} with a standard error of {@value #STANDARD_ERROR_BPM} bpm, without
 * difference between the sexes (HUNT: Nes 2013, Scand J Med Sci Sports 23:697–704; n = 3,320).
 *
 * @param bpm held for {@value #HELD_S} s
 * @param atMicros when it was measured, in microseconds since 1970-01-01T00:00:00Z
 */
public record PersonalMaximum(double bpm, long atMicros) {
    static final double STANDARD_ERROR_BPM = 10.8;
    static final int HALF_LIFE_DAYS = 180;
    static final int HELD_S = 30;

    private static final double HELD_PERCENTILE = 0.99;
    private static final double SENSOR_MARGIN = 1.05;
    private static final double MICROS_PER_DAY = 86_400e6;
    private static final int LOWEST_BPM = 20;
    private static final int HIGHEST_BPM = 250;

    /** The mean maximum of the population. */
    public static double expectedBpm(int ageYears) {
        return 211 - 0.64 * ageYears;
    }

    /**
     * The range of the policy {@code personal} for a ride that starts at {@code startMicros}. Its maximum is the learnt one
     * with a margin of 5 % for the sensor (optical ones err by 4 to 8 %), at least the population's mean and two standard errors, which 2.3 % of people exceed, and at
     * most three, which 0.13 % do. The minimum is the customer's.
     *
     * @param ageYears null gives no limits
     * @param learnt null if no ride was learnt from
     */
    public static @Nullable HeartRateLimits limits(
            Gender gender, @Nullable Integer ageYears, @Nullable PersonalMaximum learnt, long startMicros) {
        HeartRateLimits formula = HeartRateLimits.of(gender, ageYears);
        if (formula == null || ageYears == null) {
            return null;
        }
        double expected = expectedBpm(ageYears);
        double floor = expected + 2 * STANDARD_ERROR_BPM;
        double own = learnt == null ? 0 : learnt.fadedBpm(expected, startMicros) * SENSOR_MARGIN;
        double max = Math.clamp(own, floor, expected + 3 * STANDARD_ERROR_BPM);
        return new HeartRateLimits(formula.minBpm(), (int) Math.round(Math.clamp(max, LOWEST_BPM, HIGHEST_BPM)));
    }

    /** The higher of both at the later of both times; the order does not matter. */
    public static PersonalMaximum higher(PersonalMaximum one, PersonalMaximum other, int ageYears) {
        long at = Math.max(one.atMicros, other.atMicros);
        double expected = expectedBpm(ageYears);
        return new PersonalMaximum(Math.max(one.fadedBpm(expected, at), other.fadedBpm(expected, at)), at);
    }

    /** What is left of it at a later time. */
    double fadedBpm(double expectedBpm, long laterMicros) {
        double days = Math.max(0, laterMicros - atMicros) / MICROS_PER_DAY;
        return bpm <= expectedBpm ? bpm : expectedBpm + (bpm - expectedBpm) * Math.pow(0.5, days / HALF_LIFE_DAYS);
    }

    /**
     * The maximum that a ride shows: the 99th percentile of the heart rates held for {@value #HELD_S} s, of trusted
     * readings only.
     *
     * @param limits the rider's range at the time of the ride
     * @return null if the ride shows none, or if it was not safe: it raised an episode other than one above the range from
     *     which the heart rate recovered within the ride
     */
    public static @Nullable PersonalMaximum of(RideSeries series, HeartRatePolicy policy, HeartRateLimits limits) {
        PersonalWatch watch = new PersonalWatch(policy, limits, false);
        SensorGate gate = new SensorGate(policy.longestGapS());
        HeldHeartRate held = new HeldHeartRate(HELD_S, policy.longestGapS());
        for (int s = series.firstS(); s <= series.lastS(); s++) {
            if (series.has(s)) {
                var reading = series.get(s);
                for (HeartRateEvent event : watch.accept(reading)) {
                    if (event instanceof HeartRateEvent.Raised raised && !isEffort(raised.episode())) {
                        return null;
                    }
                }
                held.accept(reading, gate.accept(reading));
            }
        }
        boolean open = !(watch.state() instanceof HeartRateState.Normal);
        int bpm = held.percentile(HELD_PERCENTILE);
        return open || bpm == 0 ? null : new PersonalMaximum(bpm, series.dueAtMicros(series.lastS()));
    }

    private static boolean isEffort(Episode episode) {
        return episode.rule() == Episode.Rule.RANGE && episode.high();
    }
}
