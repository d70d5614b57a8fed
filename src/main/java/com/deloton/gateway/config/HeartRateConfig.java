package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a heart rate is worth telling.
 *
 * @param readings how many consecutive measured readings outside the limits raise an episode
 * @param recoveryReadings how many consecutive ones within the recovery band end it
 * @param recoveryMarginBpm how far inside the limits the recovery band lies
 * @param longestGap a longer time without a measured heart rate ends a run
 * @param coolDown for how long after an episode further ones of the ride stay quiet; null is the rest of the ride
 * @param criticalAboveMaxBpm an episode is critical from so far above the maximum on
 * @param criticalBpm an episode above the maximum is critical from this heart rate on
 * @param jumpBpm a larger step within one second is a fault of the sensor
 */
public record HeartRateConfig(
        int readings,
        int recoveryReadings,
        int recoveryMarginBpm,
        Duration longestGap,
        @Nullable Duration coolDown,
        int criticalAboveMaxBpm,
        int criticalBpm,
        int jumpBpm) {
    /** The customer's rule. */
    public static final HeartRateConfig DEFAULT =
            new HeartRateConfig(3, 3, 5, Duration.ofSeconds(5), null, 20, 220, 40);

    static HeartRateConfig read(Settings settings) {
        Duration coolDown = settings.key(
                        "heart-rate.cool-down",
                        "How long after an episode further ones of the ride stay quiet; 0s is the rest of the ride.")
                .duration("0s", "0s", "24h");
        return new HeartRateConfig(
                settings.key(
                                "heart-rate.readings",
                                "Consecutive measured readings outside the limits that raise an episode.")
                        .integer(DEFAULT.readings, 1, 3_600),
                settings.key("heart-rate.recovery-readings", "Consecutive ones within the recovery band that end it.")
                        .integer(DEFAULT.recoveryReadings, 1, 3_600),
                settings.key(
                                "heart-rate.recovery-margin-bpm",
                                "How far inside the limits the recovery band lies, in bpm.")
                        .integer(DEFAULT.recoveryMarginBpm, 0, 50),
                settings.key("heart-rate.longest-gap", "A longer time without a measured heart rate ends a run.")
                        .duration("5s", "0s", "1h"),
                coolDown.isZero() ? null : coolDown,
                settings.key(
                                "heart-rate.critical-above-max-bpm",
                                "An episode is critical from so far above the maximum on.")
                        .integer(DEFAULT.criticalAboveMaxBpm, 0, 200),
                settings.key(
                                "heart-rate.critical-bpm",
                                "An episode above the maximum is critical from this heart rate on.")
                        .integer(DEFAULT.criticalBpm, 1, 300),
                settings.key("heart-rate.jump-bpm", "A larger step within one second is a fault of the sensor.")
                        .integer(DEFAULT.jumpBpm, 1, 300));
    }
}
