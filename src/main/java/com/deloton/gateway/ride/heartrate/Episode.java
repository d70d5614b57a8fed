package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.HeartRateLimits;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A run of heart rates outside the limits that is long enough for an alert. Its ride and {@code firstS} identify it,
 * also when the ride is read again. Instants are microseconds since 1970-01-01T00:00:00Z by the bike's clock.
 *
 * @param rule what was broken
 * @param firstS the second of the run's first reading
 * @param raisedS the second of the reading that raised it
 * @param raisedBpm the heart rate at {@code raisedS}
 * @param high true above the maximum, false below the minimum
 * @param limits the range that {@code rule} allowed at that time
 * @param severity the severity at {@code raisedS}
 * @param suppression why no mail is due, or null if one is
 */
public record Episode(
        Rule rule,
        int firstS,
        long firstAtMicros,
        int raisedS,
        long raisedAtMicros,
        int raisedBpm,
        boolean high,
        HeartRateLimits limits,
        Severity severity,
        @Nullable SuppressionReason suppression) {

    /** What an episode breaks. */
    public enum Rule {
        /** Outside the rider's range. */
        RANGE,
        /** Above the limit for a rider who has not pedalled for a while. */
        NOT_PEDALLING,
        /** Hardly lower than at the end of an effort, two minutes later. */
        NO_RECOVERY;

        /** The name in the database, the API and the mails. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public enum Severity {
        WARNING,
        CRITICAL;

        /** The name in the database, the API and the mails. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Why an episode is recorded without a mail. */
    public enum SuppressionReason {
        /** The ride had another episode within the cool-down. */
        COOL_DOWN,
        /** The rider has opted out of mails. */
        OPT_OUT
    }

    public enum Phase {
        PENDING,
        FIRING,
        RECOVERING,
        NORMAL,
        /** The ride ended before the heart rate had recovered. */
        ENDED;

        /** The name in the database, the API and the mails. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A change of an episode's phase or severity.
     *
     * @param bpm the heart rate that caused it; at the end of a ride, the last one measured
     * @param limitBpm the limit that was crossed
     * @param worstBpm the heart rate farthest outside the limits so far
     */
    public record Transition(
            Phase phase, int elapsedS, long atMicros, int bpm, int limitBpm, int worstBpm, Severity severity) {}

    /** The limit that was crossed. */
    public int limitBpm() {
        return high ? limits.maxBpm() : limits.minBpm();
    }

    /** Whether {@code other} is this one again: of the same rule and side, within {@code windowS} of the end of this one. */
    boolean isRepeatedBy(Episode other, int endedS, int windowS) {
        return windowS > 0 && other.rule == rule && other.high == high && other.firstS - endedS <= windowS;
    }

    int farthest(int worstBpm, int bpm) {
        return high ? Math.max(worstBpm, bpm) : Math.min(worstBpm, bpm);
    }
}
