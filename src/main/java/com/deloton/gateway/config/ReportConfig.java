package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.IanaZone;
import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The daily report.
 *
 * @param time when the report of the previous day is due
 * @param zone time zone of that time and of the days
 * @param recipients never empty in a process with the role report
 * @param catchUpDays missed reports of this many days are sent later
 * @param names whether the mail has riders' names; otherwise their ids
 * @param maxRiders riders in the mail; the CSV file has all
 * @param pdf whether a PDF of the report is attached
 * @param unsubscribe https or mailto URL in the mail's List-Unsubscribe; null for the sender's address
 * @param sweepInterval interval of looking for due reports
 * @param firstBackoff delay after the first failed attempt; doubles with each further one
 * @param maxBackoff maximum of that delay
 * @param giveUpAfter a report that is not sent for this long has failed
 */
public record ReportConfig(
        LocalTime time,
        ZoneId zone,
        List<String> recipients,
        int catchUpDays,
        boolean names,
        int maxRiders,
        boolean pdf,
        @Nullable String unsubscribe,
        Duration sweepInterval,
        Duration firstBackoff,
        Duration maxBackoff,
        Duration giveUpAfter) {
    public static final ReportConfig DEFAULT = read(Settings.empty(), false);

    public ReportConfig {
        recipients = List.copyOf(recipients);
    }

    /** The defaults, for these recipients. */
    public static ReportConfig to(List<String> recipients) {
        return recipients.isEmpty()
                ? DEFAULT
                : read(
                        new Settings(List.of(), Map.of("DELOTON_REPORT_RECIPIENTS", String.join(",", recipients))),
                        true);
    }

    static ReportConfig read(Settings settings, boolean needed) {
        ReportConfig config = new ReportConfig(
                settings.key("report.time", "When the report of the previous day is due.")
                        .as("a time of day such as 09:30", "09:30", LocalTime::parse),
                settings.key("report.zone", "Time zone of report.time and of the days.")
                        .as(IanaZone.EXPECTED, "Europe/London", IanaZone::of),
                settings.key("report.recipients", "Recipients of the daily report; the role report needs them.")
                        .list("a list of addresses", List.of(), address -> address.indexOf('@') > 0),
                settings.key("report.catch-up-days", "Missed reports of this many days are sent later.")
                        .integer(7, 1, 60),
                settings.key("report.names", "Whether the mail has riders' names; otherwise their ids.")
                        .flag(false),
                settings.key("report.most-riders", "Riders in the mail; the CSV file has all.")
                        .integer(20, 0, 35),
                settings.key("report.pdf", "Whether a PDF of the report is attached.")
                        .flag(false),
                settings.key(
                                "report.unsubscribe",
                                "mailto URL, or https URL that accepts the POST of RFC 8058, to unsubscribe; default mail.from.")
                        .textOrNull(),
                settings.key("report.sweep-interval", "Interval of looking for due reports.")
                        .duration("30s", "100ms", "10m"),
                settings.key(
                                "report.first-backoff",
                                "Delay after the first failed attempt; doubles with each further one.")
                        .duration("30s", "10ms", "1h"),
                settings.key("report.longest-backoff", "Maximum of that delay.").duration("15m", "10ms", "6h"),
                settings.key("report.give-up-after", "A report that is not sent for this long has failed.")
                        .duration("24h", "1s", "7d"));
        String unsubscribe = config.unsubscribe();
        if (unsubscribe != null && !unsubscribe.matches("(https://|mailto:)[^\\s<>,\"]+")) {
            settings.invalid(
                    "report.unsubscribe",
                    "is not an https or mailto URL; expected one such as mailto:reports@example.com");
        }
        if (needed && config.recipients().isEmpty()) {
            settings.missing("report.recipients", "the role report needs it: the recipients of the daily report");
        }
        return config;
    }
}
