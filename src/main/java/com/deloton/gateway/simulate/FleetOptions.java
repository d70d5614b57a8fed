package com.deloton.gateway.simulate;

import com.deloton.gateway.simulate.model.Fault;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Properties of a simulated fleet. Equal options with a start give equal bytes.
 *
 * @param bikes 1 to 100,000
 * @param start the instant at which the bikes start; null means now
 * @param speed seconds of riding per second; infinity means as fast as possible
 * @param messages number of records after which the fleet stops, at least 1
 * @param rideSeconds length of a ride in seconds; most rides have the maximum
 * @param pauseSeconds seconds between two rides of a bike, and before its first
 * @param abnormalHeartRate the share of riders, 0 to 1, whose heart rate leaves its range in every ride
 * @param faults the rate of each fault, 0 to 1; a fault that is absent does not occur
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
        Map<Fault, Double> faults) {

    /** Whole numbers from min to max, both included. */
    public record Range(int min, int max) {
        public Range {
            if (min < 0 || max < min || max > 100_000) {
                throw new IllegalArgumentException(
                        "'%d..%d' is not a range; expected MIN..MAX with 0 <= MIN <= MAX <= 100000"
                                .formatted(min, max));
            }
        }

        /** Reads {@code 520} or {@code 306..520}. */
        public static Range parse(String text) {
            String[] ends = text.split("\\.\\.", 2);
            try {
                return new Range(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not a range; expected seconds, for example 520 or 306..520", e);
            }
        }
    }

    /** Ten bikes in real time without end, rides of 306 to 520 s, no faults, heart rates in range. */
    public static FleetOptions defaults() {
        return new FleetOptions(10, 1, null, 1, Long.MAX_VALUE, new Range(306, 520), new Range(0, 5), 0, Map.of());
    }

    public FleetOptions {
        require(bikes >= 1 && bikes <= 100_000, "bikes", bikes, "a whole number from 1 to 100000");
        require(speed > 0, "speed", speed, "realtime, max or a number above 0");
        require(messages >= 1, "messages", messages, "a whole number from 1");
        require(rideSeconds.min >= 1, "ride-seconds", rideSeconds.min, "at least 1");
        require(
                abnormalHeartRate >= 0 && abnormalHeartRate <= 1,
                "abnormal-heart-rate",
                abnormalHeartRate,
                "a share from 0 to 1");
        faults.forEach((kind, rate) -> require(rate >= 0 && rate <= 1, "dirt " + kind, rate, "a rate from 0 to 1"));
        faults = Map.copyOf(faults);
    }

    public FleetOptions withBikes(int count) {
        return new FleetOptions(
                count, seed, start, speed, messages, rideSeconds, pauseSeconds, abnormalHeartRate, faults);
    }

    public FleetOptions withSeed(long value) {
        return new FleetOptions(
                bikes, value, start, speed, messages, rideSeconds, pauseSeconds, abnormalHeartRate, faults);
    }

    public FleetOptions withStart(@Nullable Instant at) {
        return new FleetOptions(bikes, seed, at, speed, messages, rideSeconds, pauseSeconds, abnormalHeartRate, faults);
    }

    public FleetOptions withSpeed(double multiple) {
        return new FleetOptions(
                bikes, seed, start, multiple, messages, rideSeconds, pauseSeconds, abnormalHeartRate, faults);
    }

    public FleetOptions withMessages(long limit) {
        return new FleetOptions(bikes, seed, start, speed, limit, rideSeconds, pauseSeconds, abnormalHeartRate, faults);
    }

    public FleetOptions withRideSeconds(int min, int max) {
        return new FleetOptions(
                bikes, seed, start, speed, messages, new Range(min, max), pauseSeconds, abnormalHeartRate, faults);
    }

    public FleetOptions withPauseSeconds(int min, int max) {
        return new FleetOptions(
                bikes, seed, start, speed, messages, rideSeconds, new Range(min, max), abnormalHeartRate, faults);
    }

    public FleetOptions withAbnormalHeartRate(double share) {
        return new FleetOptions(bikes, seed, start, speed, messages, rideSeconds, pauseSeconds, share, faults);
    }

    /** The same fleet with one more fault. */
    public FleetOptions withFault(Fault kind, double rate) {
        Map<Fault, Double> rates = new EnumMap<>(Fault.class);
        rates.putAll(faults);
        rates.put(kind, rate);
        return new FleetOptions(
                bikes, seed, start, speed, messages, rideSeconds, pauseSeconds, abnormalHeartRate, rates);
    }

    private static void require(boolean valid, String name, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("%s %s is not valid; expected %s".formatted(name, value, expected));
        }
    }
}
