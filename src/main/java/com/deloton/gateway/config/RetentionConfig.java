package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;

/**
 * How long data are kept before the role ingest deletes them. Rides, their minutes and riders are kept until they are deleted
 * by the API.
 *
 * @param readings by the UTC day on which the ride began
 * @param quarantine since the record was received
 * @param alerts since the alert was raised
 * @param deliveryLog attempts to send a mail since their start, deliveries to webhooks since their event
 * @param audit since the audited request
 * @param reportPages the page, text and CSV of a daily report since they were generated; its figures are kept
 */
public record RetentionConfig(
        Duration readings,
        Duration quarantine,
        Duration alerts,
        Duration deliveryLog,
        Duration audit,
        Duration reportPages) {
    private static final String LONGEST = "36500d";

    static RetentionConfig read(Settings settings) {
        return new RetentionConfig(
                settings.key(
                                "retention.readings",
                                "Readings are deleted this long after the UTC day on which their ride began; rides and their minutes are kept.")
                        .duration("90d", "1d", LONGEST),
                settings.key(
                                "retention.quarantine",
                                "Quarantined records, which may hold personal data, are deleted after this time.")
                        .duration("30d", "1h", LONGEST),
                settings.key("retention.alerts", "Alerts and their mails' states are deleted after this time.")
                        .duration("730d", "1d", LONGEST),
                settings.key(
                                "retention.delivery-log",
                                "Attempts to send a mail, and deliveries to webhooks, are deleted after this time.")
                        .duration("90d", "1d", LONGEST),
                settings.key("retention.audit", "Audit entries are deleted after this time.")
                        .duration("1095d", "1d", LONGEST),
                settings.key(
                                "retention.report-pages",
                                "Pages, texts and CSV files of daily reports are deleted after this time; their figures are kept.")
                        .duration("400d", "1d", LONGEST));
    }

    /** The defaults. */
    public static RetentionConfig defaults() {
        return read(Settings.empty());
    }
}
