package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.HeartRateLimits;
import org.jspecify.annotations.Nullable;

/**
 * The alert settings of a rider.
 *
 * @param minBpm replaces the formula's minimum; null keeps it
 * @param maxBpm replaces the formula's maximum; null keeps it
 * @param optOut no mails to the rider; episodes are still recorded
 */
public record RiderAlertSetting(
        @Nullable Integer minBpm, @Nullable Integer maxBpm, boolean optOut) {
    public static final RiderAlertSetting NONE = new RiderAlertSetting(null, null, false);

    /** The limits in force; null if a limit is unknown or the minimum is not below the maximum. */
    public @Nullable HeartRateLimits limits(@Nullable HeartRateLimits formula) {
        Integer min = minBpm == null && formula != null ? (Integer) formula.minBpm() : minBpm;
        Integer max = maxBpm == null && formula != null ? (Integer) formula.maxBpm() : maxBpm;
        return min == null || max == null || min >= max ? null : new HeartRateLimits(min, max);
    }
}
