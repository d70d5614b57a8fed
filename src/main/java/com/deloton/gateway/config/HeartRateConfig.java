package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rules for heart-rate alerts.
 *
 * @param policy which rule raises alerts
 * @param readings consecutive measured readings outside the limits that raise an alert
 * @param recoveryReadings consecutive readings inside the recovery band that end it
 * @param recoveryMarginBpm distance of the recovery band from the limits, in bpm
 * @param longestGap a longer time without a measured heart rate resets the count
 * @param coolDown no further mail about the ride for this long after an alert; null for the rest of the ride
 * @param flapWindow an alert that would begin again so soon after its end continues instead; zero for never
 * @param criticalAboveMaxBpm an alert is critical from this far above the maximum
 * @param criticalBpm an alert above the maximum is critical from this heart rate
 * @param jumpBpm a larger change within one second is a sensor fault
 */
public record HeartRateConfig(
        Policy policy,
        int readings,
        int recoveryReadings,
        int recoveryMarginBpm,
        Duration longestGap,
        @Nullable Duration coolDown,
        Duration flapWindow,
        int criticalAboveMaxBpm,
        int criticalBpm,
        int jumpBpm) {
    public enum Policy {
        /** Consecutive readings outside the range of the customer's formula. */
        CUSTOMER,
        /** Ten seconds outside a range learnt from the rider's rides, without sensor artifacts; two alerts more. */
        PERSONAL
    }

    /** The customer's rule. */
    public static final HeartRateConfig DEFAULT = read(Settings.empty());

    static HeartRateConfig read(Settings settings) {
        Duration coolDown = settings.key(
                        "heart-rate.cool-down",
                        "No further mail about a ride for this long after an alert; 0s means the rest of the ride.")
                .duration("0s", "0s", "24h");
        return new HeartRateConfig(
                settings.key(
                                "heart-rate.policy",
                                "Which rule raises alerts: the customer's, or one with a maximum learnt from the rider's rides.")
                        .oneOf(Policy.class, Policy.CUSTOMER),
                settings.key(
                                "heart-rate.readings",
                                "Consecutive measured readings outside the limits that raise an alert.")
                        .integer(3, 1, 3_600),
                settings.key(
                                "heart-rate.recovery-readings",
                                "Consecutive readings inside the recovery band that end an alert.")
                        .integer(3, 1, 3_600),
                settings.key("heart-rate.recovery-margin-bpm", "Distance of the recovery band from the limits, in bpm.")
                        .integer(5, 0, 50),
                settings.key("heart-rate.longest-gap", "A longer time without a measured heart rate resets the count.")
                        .duration("5s", "0s", "1h"),
                coolDown.isZero() ? null : coolDown,
                settings.key(
                                "heart-rate.flap-window",
                                "An alert that would begin again within this time after its end continues instead, and then ends after as long in range; 0s means never.")
                        .duration("60s", "0s", "10m"),
                settings.key(
                                "heart-rate.critical-above-max-bpm",
                                "An alert is critical from this many bpm above the maximum.")
                        .integer(20, 0, 200),
                settings.key(
                                "heart-rate.critical-bpm",
                                "An alert above the maximum is critical from this heart rate, in bpm.")
                        .integer(220, 1, 300),
                settings.key("heart-rate.jump-bpm", "A larger change within one second, in bpm, is a sensor fault.")
                        .integer(40, 1, 300));
    }
}
