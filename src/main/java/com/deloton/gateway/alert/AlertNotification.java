package com.deloton.gateway.alert;

import com.deloton.gateway.ride.HeartRateLimits;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A mail about an episode that this gateway has claimed.
 *
 * @param attempt 1 for the first
 * @param receivedAt when the reading that raised the episode came in
 * @param back when and with what the heart rate was back; null if it is not
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
        boolean high,
        boolean critical,
        HeartRateLimits limits,
        @Nullable Back back) {

    /** What names an episode. */
    record Key(long rideId, int firstS) {}

    record Recipient(
            long riderId,
            @Nullable String title,
            @Nullable String name,
            @Nullable String address) {}

    record Back(Instant at, int bpm) {}

    enum Kind {
        ALERT,
        RECOVERY,
        REMINDER,
        ESCALATION;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The same at each attempt, different for each mail. */
    String messageId(String domain) {
        return "alert-%d-%d-%s@%s".formatted(key.rideId(), key.firstS(), kind.label(), domain);
    }
}
