package com.deloton.gateway.config;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How riders are told of their heart-rate alerts.
 *
 * @param sweepInterval how often to look for mails that nobody announced
 * @param firstBackoff wait after a first attempt that failed; doubles with each further one
 * @param longestBackoff the longest such wait
 * @param giveUpAfter a mail that could not be sent for so long has failed
 * @param recoveryNotice whether the rider is told that the heart rate is back
 * @param reminderAfter a mail that is not acknowledged for so long is sent once more; null is never
 * @param escalateAfter staff are told of an alert that is not acknowledged for so long; null is never
 * @param staff whom to tell then
 * @param zone the times in mails are of this zone
 * @param linkSecret key of the signatures on links in mails, 32 characters or more, the same for all gateways
 * @param linkValidity how long such a link works
 */
public record AlertConfig(
        Duration sweepInterval,
        Duration firstBackoff,
        Duration longestBackoff,
        Duration giveUpAfter,
        boolean recoveryNotice,
        @Nullable Duration reminderAfter,
        @Nullable Duration escalateAfter,
        List<String> staff,
        ZoneId zone,
        String linkSecret,
        Duration linkValidity) {
    private static final int LEAST_SECRET = 32;

    public AlertConfig {
        positive("alert.sweep-interval", sweepInterval);
        positive("alert.first-backoff", firstBackoff);
        positive("alert.longest-backoff", longestBackoff);
        positive("alert.give-up-after", giveUpAfter);
        positive("alert.reminder-after", reminderAfter);
        positive("alert.escalate-after", escalateAfter);
        positive("alert.link-validity", linkValidity);
        if (linkSecret.length() < LEAST_SECRET) {
            throw new IllegalArgumentException("alert.link-secret is too short; give 32 random characters or more");
        }
        if (escalateAfter != null && staff.isEmpty()) {
            throw new IllegalArgumentException(
                    "alert.staff is empty; give addresses, or leave out alert.escalate-after");
        }
        staff = List.copyOf(staff);
    }

    /** The defaults: one mail an episode, times of London. */
    public static AlertConfig withSecret(String linkSecret) {
        return new AlertConfig(
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofHours(6),
                false,
                null,
                null,
                List.of(),
                ZoneId.of("Europe/London"),
                linkSecret,
                Duration.ofDays(7));
    }

    private static void positive(String key, @Nullable Duration value) {
        if (value != null && value.toMillis() < 1) {
            throw new IllegalArgumentException(key + " cannot be " + value + "; give 1ms or more");
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "AlertConfig[recoveryNotice=%s, reminderAfter=%s, escalateAfter=%s]"
                .formatted(recoveryNotice, reminderAfter, escalateAfter);
    }
}
