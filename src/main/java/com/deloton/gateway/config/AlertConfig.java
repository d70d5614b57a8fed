package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How riders are told of their heart-rate alerts.
 *
 * @param sweepInterval how often to look for mails that nobody announced
 * @param firstBackoff wait after a first attempt that failed; doubles with each further one
 * @param maxBackoff the longest such wait
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
        Duration maxBackoff,
        Duration giveUpAfter,
        boolean recoveryNotice,
        @Nullable Duration reminderAfter,
        @Nullable Duration escalateAfter,
        List<String> staff,
        ZoneId zone,
        String linkSecret,
        Duration linkValidity) {
    private static final int MIN_SECRET_LENGTH = 32;

    public AlertConfig {
        positive("alert.sweep-interval", sweepInterval);
        positive("alert.first-backoff", firstBackoff);
        positive("alert.longest-backoff", maxBackoff);
        positive("alert.give-up-after", giveUpAfter);
        positive("alert.reminder-after", reminderAfter);
        positive("alert.escalate-after", escalateAfter);
        positive("alert.link-validity", linkValidity);
        if (linkSecret.length() < MIN_SECRET_LENGTH) {
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

    /** Null, and a fault if the section is {@code needed}, without the key of the links. */
    static @Nullable AlertConfig read(Settings settings, boolean needed) {
        Secret linkSecret = settings.key(
                        "alert.link-secret",
                        "Key of the signatures on links in mails, the same for all gateways; the role alert needs it.")
                .secretOrNull();
        Duration sweepInterval = settings.key("alert.sweep-interval", "How often to look for mails nobody announced.")
                .duration("1s", "100ms", "5m");
        Duration firstBackoff = settings.key(
                        "alert.first-backoff", "Wait after a first attempt that failed; doubles with each further one.")
                .duration("1s", "10ms", "10m");
        Duration maxBackoff =
                settings.key("alert.longest-backoff", "The longest such wait.").duration("60s", "10ms", "1h");
        Duration giveUpAfter = settings.key("alert.give-up-after", "A mail not sent for so long has failed.")
                .duration("6h", "1s", "7d");
        boolean recovery = settings.key("alert.recovery-notice", "Whether riders are told that the heart rate is back.")
                .flag(false);
        Duration reminder = settings.key(
                        "alert.reminder-after", "Remind riders who have not acknowledged; 0s is never.")
                .duration("0s", "0s", "7d");
        Duration escalate = settings.key("alert.escalate-after", "Tell staff of what is not acknowledged; 0s is never.")
                .duration("0s", "0s", "7d");
        List<String> staff = settings.key("alert.staff", "Whom to tell then.")
                .list("a list of addresses", List.of(), address -> address.indexOf('@') > 0);
        ZoneId zone = settings.key("alert.zone", "Times in mails are of this zone.")
                .as("a time zone", "Europe/London", ZoneId::of);
        Duration validity = settings.key("alert.link-validity", "How long the links in mails work.")
                .duration("7d", "1m", "90d");
        if (linkSecret != null && linkSecret.reveal().length() < MIN_SECRET_LENGTH) {
            settings.fault("alert.link-secret", "is too short; give 32 random characters or more");
        } else if (needed && linkSecret == null) {
            settings.missing("alert.link-secret", "the role alert needs it: 32 random characters or more");
        }
        if (!escalate.isZero() && staff.isEmpty()) {
            settings.fault("alert.staff", "is empty; give addresses, or leave out alert.escalate-after");
        }
        if (linkSecret == null
                || linkSecret.reveal().length() < MIN_SECRET_LENGTH
                || (!escalate.isZero() && staff.isEmpty())) {
            return null;
        }
        return new AlertConfig(
                sweepInterval,
                firstBackoff,
                maxBackoff,
                giveUpAfter,
                recovery,
                reminder.isZero() ? null : reminder,
                escalate.isZero() ? null : escalate,
                staff,
                zone,
                linkSecret.reveal(),
                validity);
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
