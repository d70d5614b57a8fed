package com.deloton.gateway.ride;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key figures of a ride. Means are over measured values only; a figure without a value to rest on is null.
 *
 * @param durationS the last second seen
 * @param movingS seconds with cadence above 0
 * @param energyKj Σ W·1 s / 1000; about the kilocalories burnt
 * @param normalizedPowerW Coggan: (mean of (30 s moving mean)^4)^¼ over all full windows; null below 30 s
 * @param best highest mean power over 5 s, 1, 5 and 20 minutes of consecutive seconds, in W; null where shorter
 * @param heartRateMeasuredS seconds with a measured heart rate
 * @param zoneS seconds in each of the five ACSM zones; null without limits
 */
public record RideSummary(
        int durationS,
        int movingS,
        int readings,
        double energyKj,
        @Nullable Double powerMeanW,
        @Nullable Double powerMaxW,
        @Nullable Double normalizedPowerW,
        Best best,
        @Nullable Integer heartRateMinBpm,
        @Nullable Double heartRateMeanBpm,
        @Nullable Integer heartRateMaxBpm,
        int heartRateMeasuredS,
        @Nullable Double cadenceMeanRpm,
        @Nullable Integer cadenceMaxRpm,
        @Nullable Double resistanceMean,
        @Nullable Integer resistanceMax,
        @Nullable List<Integer> zoneS) {

    public record Best(
            @Nullable Double s5,
            @Nullable Double m1,
            @Nullable Double m5,
            @Nullable Double m20) {}

    /** One minute of a ride, {@code minute} counted from 0; the same rules for means. */
    public record Minute(
            int minute,
            int readings,
            double energyKj,
            @Nullable Double powerMeanW,
            @Nullable Double powerMaxW,
            @Nullable Double heartRateMeanBpm,
            @Nullable Integer heartRateMaxBpm,
            int heartRateMeasuredS,
            @Nullable Double cadenceMeanRpm,
            @Nullable Double resistanceMean) {}

    private static final int NORMALIZING_WINDOW_S = 30;

    public static RideSummary of(RideSeries series, @Nullable HeartRateLimits limits) {
        Tally power = new Tally();
        Tally heartRate = new Tally();
        Tally cadence = new Tally();
        Tally resistance = new Tally();
        int moving = 0;
        int[] zones = new int[HeartRateLimits.ZONES_PERCENT.size() + 1];
        for (int s = series.firstS(); s <= series.lastS(); s++) {
            if (!series.has(s)) {
                continue;
            }
            Reading reading = series.get(s);
            tally(reading, power, heartRate, cadence, resistance);
            moving += reading.cadenceRpm() > 0 ? 1 : 0;
            if (limits != null && reading.hasHeartRate()) {
                zones[limits.zone(reading.heartRateBpm()) - 1]++;
            }
        }
        return new RideSummary(
                Math.max(0, series.lastS()),
                moving,
                series.readings(),
                power.sum / 1000,
                power.mean(),
                power.max(),
                normalizedPower(series),
                new Best(best(series, 5), best(series, 60), best(series, 300), best(series, 1200)),
                heartRate.minInt(),
                heartRate.mean(),
                heartRate.maxInt(),
                heartRate.count,
                cadence.mean(),
                cadence.maxInt(),
                resistance.mean(),
                resistance.maxInt(),
                limits == null ? null : Arrays.stream(zones).boxed().toList());
    }

    /** The minutes that have readings, in order. */
    public static List<Minute> minutes(RideSeries series) {
        List<Minute> minutes = new ArrayList<>();
        for (int from = Math.max(0, series.firstS() / 60 * 60); from <= series.lastS(); from += 60) {
            Tally power = new Tally();
            Tally heartRate = new Tally();
            Tally cadence = new Tally();
            Tally resistance = new Tally();
            int readings = 0;
            for (int s = from; s < from + 60; s++) {
                if (series.has(s)) {
                    tally(series.get(s), power, heartRate, cadence, resistance);
                    readings++;
                }
            }
            if (readings > 0) {
                minutes.add(new Minute(
                        from / 60,
                        readings,
                        power.sum / 1000,
                        power.mean(),
                        power.max(),
                        heartRate.mean(),
                        heartRate.maxInt(),
                        heartRate.count,
                        cadence.mean(),
                        resistance.mean()));
            }
        }
        return minutes;
    }

    private static void tally(Reading reading, Tally power, Tally heartRate, Tally cadence, Tally resistance) {
        if (reading.hasPower()) {
            power.add(reading.powerW());
        }
        if (reading.hasHeartRate()) {
            heartRate.add(reading.heartRateBpm());
        }
        if (reading.cadenceRpm() != Reading.ABSENT) {
            cadence.add(reading.cadenceRpm());
        }
        if (reading.resistance() != Reading.ABSENT) {
            resistance.add(reading.resistance());
        }
    }

    private static @Nullable Double normalizedPower(RideSeries series) {
        int windows = series.slots() - NORMALIZING_WINDOW_S + 1;
        if (windows < 1) {
            return null;
        }
        double sum = 0;
        double fourthPowers = 0;
        for (int slot = 0; slot < series.slots(); slot++) {
            sum += series.powerOrZeroAt(slot);
            if (slot >= NORMALIZING_WINDOW_S) {
                sum -= series.powerOrZeroAt(slot - NORMALIZING_WINDOW_S);
            }
            if (slot >= NORMALIZING_WINDOW_S - 1) {
                double mean = Math.max(0, sum) / NORMALIZING_WINDOW_S;
                fourthPowers += mean * mean * mean * mean;
            }
        }
        return Math.sqrt(Math.sqrt(fourthPowers / windows));
    }

    private static @Nullable Double best(RideSeries series, int seconds) {
        if (series.slots() < seconds) {
            return null;
        }
        double sum = 0;
        double best = 0;
        for (int slot = 0; slot < series.slots(); slot++) {
            sum += series.powerOrZeroAt(slot);
            if (slot >= seconds) {
                sum -= series.powerOrZeroAt(slot - seconds);
            }
            if (slot >= seconds - 1) {
                best = Math.max(best, sum);
            }
        }
        return best / seconds;
    }

    /** FTP estimate in W, 95 % of the best 20 minutes (Coggan); null on rides below 20 minutes. */
    public @Nullable Double ftpEstimateW() {
        return best.m20() == null ? null : (Double) (0.95 * best.m20());
    }

    private static final class Tally {
        private int count;
        private double sum;
        private double min = Double.MAX_VALUE;
        private double max = -Double.MAX_VALUE;

        void add(double value) {
            count++;
            sum += value;
            min = Math.min(min, value);
            max = Math.max(max, value);
        }

        @Nullable
        Double mean() {
            return count == 0 ? null : (Double) (sum / count);
        }

        @Nullable
        Double max() {
            return count == 0 ? null : (Double) max;
        }

        @Nullable
        Integer minInt() {
            return count == 0 ? null : (Integer) (int) min;
        }

        @Nullable
        Integer maxInt() {
            return count == 0 ? null : (Integer) (int) max;
        }
    }
}
