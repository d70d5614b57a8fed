package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.HeartRateLimits;
import org.jspecify.annotations.Nullable;

/**
 * What was agreed with one rider.
 *
 * @param minBpm replaces the formula's minimum; null keeps it
 * @param maxBpm replaces the formula's maximum; null keeps it
 * @param optOut the rider wants no mail; episodes are recorded all the same
 */
public record RiderAlertSetting(
        @Nullable Integer minBpm, @Nullable Integer maxBpm, boolean optOut) {
    public static final RiderAlertSetting NONE = new RiderAlertSetting(null, null, false);

    /** Null if neither the formula nor the setting gives both bounds, or if they exclude each other. */
    public @Nullable HeartRateLimits limits(@Nullable HeartRateLimits formula) {
        Integer min = minBpm == null && formula != null ? (Integer) formula.minBpm() : minBpm;
        Integer max = maxBpm == null && formula != null ? (Integer) formula.maxBpm() : maxBpm;
        return min == null || max == null || min >= max ? null : new HeartRateLimits(min, max);
    }
}
