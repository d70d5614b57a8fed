package com.deloton.gateway.simulate;

import com.deloton.gateway.simulate.model.Fault;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that describe a simulated fleet, for every command that runs one. */
public final class FleetArguments {
    @Option(names = "--bikes", paramLabel = "N", description = "Number of simulated bikes (default: ${DEFAULT-VALUE}).")
    private int bikes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Random seed: the same seed and start give the same bytes (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--speed",
            paramLabel = "realtime|max|X",
            description = "Real time, as fast as possible, or X times real time (default: realtime).",
            converter = Speed.class)
    private double speed = 1;

    @Option(
            names = {"--abnormal-heart-rate", "--troubled"},
            paramLabel = "SHARE",
            description = "Share of riders, 0 to 1, whose heart rate leaves its range (default: ${DEFAULT-VALUE}).")
    private double abnormalHeartRate;

    @Option(
            names = "--ride-seconds",
            paramLabel = "MIN..MAX",
            description = "Length of a ride in seconds (default: 306..520).",
            converter = RangeText.class)
    private FleetOptions.Range rideSeconds = FleetOptions.defaults().rideSeconds();

    @Option(
            names = "--pause-seconds",
            paramLabel = "MIN..MAX",
            description = "Seconds between two rides of a bike (default: 0..5).",
            converter = RangeText.class)
    private FleetOptions.Range pauseSeconds = FleetOptions.defaults().pauseSeconds();

    /** Default values that differ between commands. */
    public FleetArguments(int defaultBikes, double defaultAbnormalHeartRate) {
        bikes = defaultBikes;
        abnormalHeartRate = defaultAbnormalHeartRate;
    }

    public int bikes() {
        return bikes;
    }

    /**
     * The fleet that the options describe.
     *
     * @throws IllegalArgumentException whose message starts with the name of an option without its hyphens
     */
    public FleetOptions options() {
        return options(null, Long.MAX_VALUE, Map.of());
    }

    FleetOptions options(@Nullable Instant start, long messages, Map<Fault, Double> faults) {
        return new FleetOptions(
                bikes, seed, start, speed, messages, rideSeconds, pauseSeconds, abnormalHeartRate, faults);
    }

    static final class Speed implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            try {
                return switch (text) {
                    case "realtime" -> 1.0;
                    case "max" -> Double.POSITIVE_INFINITY;
                    default -> Double.valueOf(text);
                };
            } catch (NumberFormatException e) {
                throw new TypeConversionException(
                        "'" + text + "' is not a speed; expected realtime, max or a number above 0");
            }
        }
    }

    static final class RangeText implements ITypeConverter<FleetOptions.Range> {
        @Override
        public FleetOptions.Range convert(String text) {
            try {
                return FleetOptions.Range.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
