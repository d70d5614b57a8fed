package com.deloton.gateway.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a heart rate is worth telling.
 *
 * @param readings how many consecutive measured readings outside the limits raise an episode
 * @param recoveryReadings how many consecutive ones within the recovery band end it
 * @param recoveryMarginBpm how far inside the limits the recovery band lies
 * @param longestGap a longer time without any reading ends a run, as a missing heart rate does
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
}
