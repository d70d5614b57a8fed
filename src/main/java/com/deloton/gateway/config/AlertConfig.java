package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.IanaZone;
import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The mails about heart-rate alerts.
 *
 * @param sweepInterval interval of looking for due mails that the event bus did not announce
 * @param firstBackoff delay after the first failed attempt; doubles with each further one
 * @param maxBackoff maximum of that delay
 * @param giveUpAfter a mail that is not sent for this long has failed
 * @param staleAfter beyond this age of its reading, a mail is worded in the past
 * @param discardAfter beyond this age of its reading, a mail is not sent
 * @param recoveryNotice whether the rider gets a mail when the heart rate is normal again
 * @param reminderAfter an alert not acknowledged for this long is mailed once more; null for never
 * @param escalateAfter an alert not acknowledged for this long is mailed to staff; null for never
 * @param staff recipients of escalations
 * @param zone time zone of the times in mails
 * @param linkSecret signs the links in mails; 32 characters or more, the same for all gateways
 * @param linkValidity how long a link in a mail is valid
 */
public record AlertConfig(
        Duration sweepInterval,
        Duration firstBackoff,
        Duration maxBackoff,
        Duration giveUpAfter,
        Duration staleAfter,
        Duration discardAfter,
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
        positive("alert.stale-after", staleAfter);
        positive("alert.discard-after", discardAfter);
        if (discardAfter.compareTo(staleAfter) < 0) {
            throw new IllegalArgumentException("alert.discard-after is %s; expected at least alert.stale-after, %s"
                    .formatted(discardAfter, staleAfter));
        }
        positive("alert.reminder-after", reminderAfter);
        positive("alert.escalate-after", escalateAfter);
        positive("alert.link-validity", linkValidity);
        if (linkSecret.length() < MIN_SECRET_LENGTH) {
            throw new IllegalArgumentException("alert.link-secret is too short; expected 32 random characters or more");
        }
        if (escalateAfter != null && staff.isEmpty()) {
            throw new IllegalArgumentException(
                    "alert.staff is empty; expected addresses, since alert.escalate-after is set");
        }
        staff = List.copyOf(staff);
    }

    /** The defaults, with this link secret. */
    public static AlertConfig withSecret(String linkSecret) {
        Settings settings = new Settings(List.of(), Map.of("DELOTON_ALERT_LINK_SECRET", linkSecret));
        AlertConfig config = read(settings, true);
        settings.check();
        return Objects.requireNonNull(config);
    }

    /** Null without a link secret, which is a problem if the section is {@code needed}. */
    static @Nullable AlertConfig read(Settings settings, boolean needed) {
        Secret linkSecret = settings.key(
                        "alert.link-secret",
                        "Secret that signs the links in mails, the same for all gateways; the role alert needs it.")
                .secretOrNull();
        Duration sweepInterval = settings.key("alert.sweep-interval", "Interval of looking for due mails.")
                .duration("1s", "100ms", "5m");
        Duration firstBackoff = settings.key(
                        "alert.first-backoff", "Delay after the first failed attempt; doubles with each further one.")
                .duration("1s", "10ms", "10m");
        Duration maxBackoff =
                settings.key("alert.longest-backoff", "Maximum of that delay.").duration("60s", "10ms", "1h");
        Duration giveUpAfter = settings.key("alert.give-up-after", "A mail that is not sent for this long has failed.")
                .duration("6h", "1s", "7d");
        Duration staleAfter = settings.key(
                        "alert.stale-after", "Beyond this age of its reading, a mail is worded in the past.")
                .duration("2m", "1s", "7d");
        Duration discardAfter = settings.key(
                        "alert.discard-after",
                        "Beyond this age of its reading, a mail is not sent but recorded as suppressed, reason stale.")
                .duration("1h", "1s", "7d");
        boolean recovery = settings.key(
                        "alert.recovery-notice", "Whether riders get a mail when the heart rate is normal again.")
                .flag(false);
        Duration reminder = settings.key(
                        "alert.reminder-after",
                        "Remind riders who have not acknowledged for this long; 0s means never.")
                .duration("0s", "0s", "7d");
        Duration escalate = settings.key(
                        "alert.escalate-after",
                        "Mail staff about an alert not acknowledged for this long; 0s means never.")
                .duration("0s", "0s", "7d");
        List<String> staff = settings.key("alert.staff", "Recipients of those mails.")
                .list("a list of addresses", List.of(), address -> address.indexOf('@') > 0);
        ZoneId zone = settings.key("alert.zone", "Time zone of the times in mails.")
                .as(IanaZone.EXPECTED, "Europe/London", IanaZone::of);
        Duration validity = settings.key("alert.link-validity", "How long the links in mails are valid.")
                .duration("7d", "1m", "90d");
        if (linkSecret != null && linkSecret.reveal().length() < MIN_SECRET_LENGTH) {
            settings.invalid("alert.link-secret", "is too short; expected 32 random characters or more");
        } else if (needed && linkSecret == null) {
            settings.missing("alert.link-secret", "the role alert needs it: 32 random characters or more");
        }
        if (discardAfter.compareTo(staleAfter) < 0) {
            settings.invalid("alert.discard-after", "is less than alert.stale-after; expected at least that");
        }
        if (!escalate.isZero() && staff.isEmpty()) {
            settings.invalid("alert.staff", "is empty; expected addresses, since alert.escalate-after is set");
        }
        if (linkSecret == null
                || linkSecret.reveal().length() < MIN_SECRET_LENGTH
                || discardAfter.compareTo(staleAfter) < 0
                || (!escalate.isZero() && staff.isEmpty())) {
            return null;
        }
        return new AlertConfig(
                sweepInterval,
                firstBackoff,
                maxBackoff,
                giveUpAfter,
                staleAfter,
                discardAfter,
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
            throw new IllegalArgumentException(key + " is " + value + "; expected 1ms or more");
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "AlertConfig[recoveryNotice=%s, reminderAfter=%s, escalateAfter=%s]"
                .formatted(recoveryNotice, reminderAfter, escalateAfter);
    }
}
