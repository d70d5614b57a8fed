package com.deloton.gateway.simulate;

import com.deloton.gateway.simulate.model.Fault;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated fleet is like. Equal options, with a start, give equal bytes.
 *
 * @param bikes 1 to 100,000
 * @param start the instant at which the bikes wake up; null means the moment they are started
 * @param speed how many seconds of riding go by in one second; infinity means as fast as possible
 * @param messages how many records are sent in all before the fleet falls silent, at least 1
 * @param rideSeconds the length of a ride in readings; most rides have the longest
 * @param pauseSeconds the silence between two rides of a bike, and before its first
 * @param abnormalHeartRate the share of riders, 0 to 1, whose heart rate leaves its limits in every ride
 * @param dirt the rate of each kind of dirt; a kind that is absent does not occur
 */
public record FleetOptions(
        int bikes,
        long seed,
        @Nullable Instant start,
        double speed,
        long messages,
        Range rideSeconds,
        Range pauseSeconds,
        double abnormalHeartRate,
        Map<Fault, Double> dirt) {

    /** Whole numbers from min to max, both included. */
    public record Range(int min, int max) {
        public Range {
            if (min < 0 || max < min || max > 100_000) {
                throw new IllegalArgumentException(
                        min + ".." + max + " is no range; give MIN..MAX with 0 <= MIN <= MAX <= 100000");
            }
        }

        /** Reads {@code 520} or {@code 306..520}. */
        public static Range parse(String text) {
            String[] ends = text.split("\\.\\.", 2);
            try {
                return new Range(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + text + "' is no range; give seconds like 520 or 306..520", e);
            }
        }
    }

    /** Ten bikes in real time without end, rides of 306 to 520 s, no dirt, no trouble. */
    public static FleetOptions defaults() {
        return new FleetOptions(10, 1, null, 1, Long.MAX_VALUE, new Range(306, 520), new Range(0, 5), 0, Map.of());
    }

    public FleetOptions {
        require(bikes >= 1 && bikes <= 100_000, "bikes", bikes, "a whole number from 1 to 100000");
        require(speed > 0, "speed", speed, "realtime, max or a multiple above 0");
        require(messages >= 1, "messages", messages, "a whole number from 1");
        require(rideSeconds.min >= 1, "ride-seconds", rideSeconds.min, "rides of 1 s or more");
        require(
                abnormalHeartRate >= 0 && abnormalHeartRate <= 1,
                "abnormal-heart-rate",
                abnormalHeartRate,
                "a share from 0 to 1");
        dirt.forEach((kind, rate) -> require(rate >= 0 && rate <= 1, "dirt " + kind, rate, "a rate from 0 to 1"));
        dirt = Map.copyOf(dirt);
    }

    public FleetOptions withBikes(int count) {
        return new FleetOptions(
                count, seed, start, speed, messages, rideSeconds, pauseSeconds, abnormalHeartRate, dirt);
    }

    public FleetOptions withSeed(long value) {
        return new FleetOptions(
                bikes, value, start, speed, messages, rideSeconds, pauseSeconds, abnormalHeartRate, dirt);
    }

    public FleetOptions withStart(@Nullable Instant at) {
        return new FleetOptions(bikes, seed, at, speed, messages, rideSeconds, pauseSeconds, abnormalHeartRate, dirt);
    }

    public FleetOptions withSpeed(double multiple) {
        return new FleetOptions(
                bikes, seed, start, multiple, messages, rideSeconds, pauseSeconds, abnormalHeartRate, dirt);
    }

    public FleetOptions withMessages(long limit) {
        return new FleetOptions(bikes, seed, start, speed, limit, rideSeconds, pauseSeconds, abnormalHeartRate, dirt);
    }

    public FleetOptions withRideSeconds(int min, int max) {
        return new FleetOptions(
                bikes, seed, start, speed, messages, new Range(min, max), pauseSeconds, abnormalHeartRate, dirt);
    }

    public FleetOptions withPauseSeconds(int min, int max) {
        return new FleetOptions(
                bikes, seed, start, speed, messages, rideSeconds, new Range(min, max), abnormalHeartRate, dirt);
    }

    public FleetOptions withAbnormalHeartRate(double share) {
        return new FleetOptions(bikes, seed, start, speed, messages, rideSeconds, pauseSeconds, share, dirt);
    }

    /** The same fleet with one more kind of dirt. */
    public FleetOptions withDirt(Fault kind, double rate) {
        Map<Fault, Double> rates = new EnumMap<>(Fault.class);
        rates.putAll(dirt);
        rates.put(kind, rate);
        return new FleetOptions(
                bikes, seed, start, speed, messages, rideSeconds, pauseSeconds, abnormalHeartRate, rates);
    }

    private static void require(boolean right, String name, Object value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(name + " cannot be " + value + "; give " + expected);
        }
    }
}
