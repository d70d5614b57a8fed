package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The daily report.
 *
 * @param time when the report of the day before is due
 * @param zone the zone of that time, and of the days
 * @param recipients who gets it; never empty in a process with the role report
 * @param catchUpDays so many days back a report that was missed is made up for
 * @param names whether the mail names riders; otherwise it gives their numbers
 * @param maxRiders how many riders the mail lists; the CSV file has them all
 * @param pdf whether the report is attached as a PDF too
 * @param unsubscribe where the mail says that one can unsubscribe, an https or mailto URL; null is the sender's address
 * @param sweepInterval how often to look for reports that are due
 * @param firstBackoff wait after a first attempt that failed; doubles with each further one
 * @param maxBackoff the longest such wait
 * @param giveUpAfter a report that could not be sent for so long has failed
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
    public static final ReportConfig DEFAULT = to(List.of());

    public ReportConfig {
        recipients = List.copyOf(recipients);
    }

    /** The defaults, for these recipients. */
    public static ReportConfig to(List<String> recipients) {
        return new ReportConfig(
                LocalTime.of(9, 30),
                ZoneId.of("Europe/London"),
                recipients,
                7,
                false,
                20,
                false,
                null,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofMinutes(15),
                Duration.ofHours(24));
    }

    static ReportConfig read(Settings settings, boolean needed) {
        ReportConfig config = new ReportConfig(
                settings.key("report.time", "When the report of the day before is due.")
                        .as("a time of day such as 09:30", "09:30", LocalTime::parse),
                settings.key("report.zone", "The zone of that time, and of the days.")
                        .as("a time zone", "Europe/London", ZoneId::of),
                settings.key("report.recipients", "Who gets the daily report; the role report needs it.")
                        .list("a list of addresses", List.of(), address -> address.indexOf('@') > 0),
                settings.key("report.catch-up-days", "So many days back a missed report is made up for.")
                        .integer(7, 1, 60),
                settings.key("report.names", "Whether the mail names riders; otherwise it gives their numbers.")
                        .flag(false),
                settings.key("report.most-riders", "How many riders the mail lists; the CSV file has them all.")
                        .integer(20, 0, 35),
                settings.key("report.pdf", "Whether the report is attached as a PDF too.")
                        .flag(false),
                settings.key("report.unsubscribe", "An https or mailto URL to unsubscribe; none is mail.from.")
                        .textOrNull(),
                settings.key("report.sweep-interval", "How often to look for reports that are due.")
                        .duration("30s", "100ms", "10m"),
                settings.key("report.first-backoff", "Wait after a first attempt that failed; doubles with each one.")
                        .duration("30s", "10ms", "1h"),
                settings.key("report.longest-backoff", "The longest such wait.").duration("15m", "10ms", "6h"),
                settings.key("report.give-up-after", "A report not sent for so long has failed.")
                        .duration("24h", "1s", "7d"));
        String unsubscribe = config.unsubscribe();
        if (unsubscribe != null && !unsubscribe.matches("(https://|mailto:)[^\\s<>,\"]+")) {
            settings.fault("report.unsubscribe", "is no https or mailto URL");
        }
        if (needed && config.recipients().isEmpty()) {
            settings.missing("report.recipients", "the role report needs it: who gets the daily report");
        }
        return config;
    }
}
