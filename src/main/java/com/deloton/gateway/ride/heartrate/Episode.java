package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.HeartRateLimits;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A run of heart rates outside the limits that is long enough to be told. Its ride and {@code firstS} name it: a replay
 * raises it under the same name. Instants are microseconds since 1970-01-01T00:00:00Z by the bike's clock.
 *
 * @param firstS the ride's second of the run's first reading
 * @param raisedS of the reading that raised it
 * @param raisedBpm that reading's heart rate
 * @param high whether it is above the maximum; otherwise it is below the minimum
 * @param severity at {@code raisedS}; later steps are {@link Transition}s
 * @param quiet why no mail is due, or null if one is
 */
public record Episode(
        int firstS,
        long firstAtMicros,
        int raisedS,
        long raisedAtMicros,
        int raisedBpm,
        boolean high,
        HeartRateLimits limits,
        Severity severity,
        @Nullable SuppressionReason quiet) {

    public enum Severity {
        WARNING,
        CRITICAL;

        /** How it is stored and shown. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Why an episode is only recorded. */
    public enum SuppressionReason {
        /** The ride had an episode not long ago. */
        COOL_DOWN,
        /** The rider wants no mail. */
        OPT_OUT
    }

    public enum Phase {
        PENDING,
        FIRING,
        RECOVERING,
        NORMAL,
        /** The ride ended before the heart rate was back. */
        ENDED;

        /** How it is stored and shown. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A change of an episode's state.
     *
     * @param bpm the heart rate that caused it; at the end of a ride, the last one measured
     * @param limitBpm the bound it was held against
     * @param worstBpm the heart rate farthest outside so far
     */
    public record Transition(
            Phase phase, int elapsedS, long atMicros, int bpm, int limitBpm, int worstBpm, Severity severity) {}

    /** The bound that was crossed. */
    public int limitBpm() {
        return high ? limits.maxBpm() : limits.minBpm();
    }

    int worse(int worstBpm, int bpm) {
        return high ? Math.max(worstBpm, bpm) : Math.min(worstBpm, bpm);
    }
}
