package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/**
 * The daily report.
 *
 * @param time when the report of the day before is due
 * @param zone the zone of that time, and of the days
 * @param recipients who gets it
 */
public record ReportConfig(LocalTime time, ZoneId zone, List<String> recipients) {
    public static final ReportConfig DEFAULT =
            new ReportConfig(LocalTime.of(9, 30), ZoneId.of("Europe/London"), List.of());

    public ReportConfig {
        recipients = List.copyOf(recipients);
    }

    static ReportConfig read(Settings settings) {
        return new ReportConfig(
                settings.key("report.time", "When the report of the day before is due.")
                        .as("a time of day such as 09:30", "09:30", LocalTime::parse),
                settings.key("report.zone", "The zone of that time, and of the days.")
                        .as("a time zone", "Europe/London", ZoneId::of),
                settings.key("report.recipients", "Who gets the daily report.")
                        .list("a list of addresses", List.of(), address -> address.indexOf('@') > 0));
    }
}
