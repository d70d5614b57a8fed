package com.deloton.gateway.alert;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.heartrate.Episode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A claimed mail about an alert.
 *
 * @param attempt 1 for the first
 * @param optOut whether the rider refuses mails
 * @param raisedAt time of the reading that raised the alert, by the bike's clock
 * @param receivedAt Kafka's timestamp of that reading
 * @param bpm heart rate of that reading
 * @param rule what the heart rate broke
 * @param high above the limits; otherwise below
 * @param limits the rider's normal range at that time
 * @param recovery the first reading back in range; null while the heart rate is outside
 * @param unconfirmed earlier attempts that may have delivered the mail
 * @param createdAt when the mail became due for the first time
 * @param situation what only mails to staff say
 * @param silence the silence that covers the alert now; null without one
 * @param traceparent the trace in which the alert was raised; null if it is not traced
 */
record AlertNotification(
        Key key,
        Kind kind,
        int attempt,
        Recipient rider,
        boolean optOut,
        Instant raisedAt,
        Instant receivedAt,
        int bpm,
        Episode.Rule rule,
        boolean high,
        boolean critical,
        HeartRateLimits limits,
        @Nullable Measured recovery,
        int unconfirmed,
        Instant createdAt,
        Situation situation,
        @Nullable Long silence,
        @Nullable String traceparent) {

    /**
     * The primary key of an alert.
     *
     * @param firstS the ride's second of the first reading outside the limits
     */
    record Key(long rideId, int firstS) {}

    record Recipient(
            long riderId,
            @Nullable String title,
            @Nullable String name,
            @Nullable String address) {}

    record Measured(Instant at, int bpm) {}

    /**
     * What staff need besides.
     *
     * @param bike serial of the bike; null while the ride is not stored
     * @param firstAt the first reading outside the limits, by the bike's clock
     * @param latest the latest measured heart rate; only for mails to staff
     */
    record Situation(
            @Nullable String bike,
            Instant firstAt,
            @Nullable Measured latest) {}

    enum Kind {
        ALERT,
        RECOVERY,
        REMINDER,
        ESCALATION;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** For log lines: {@code 4711/12/alert}. */
    String label() {
        return "%d/%d/%s".formatted(key.rideId(), key.firstS(), kind.label());
    }

    /** How old the news is: that of an alert dates from its reading, that of any other mail from when it became due. */
    Duration ageAt(Instant now) {
        return Duration.between(kind == Kind.ALERT ? receivedAt : createdAt, now);
    }

    /** The same at each attempt, different for each mail; without angle brackets. */
    String messageId(String domain) {
        return "alert-%d-%d-%s@%s".formatted(key.rideId(), key.firstS(), kind.label(), domain);
    }
}
