package com.deloton.gateway.config;

import com.deloton.gateway.config.archive.ArchiveConfig;
import com.deloton.gateway.config.settings.Settings;
import com.deloton.gateway.config.tracing.TracingConfig;
import com.deloton.gateway.config.webhook.WebhookConfig;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a process. {@link ConfigLoader} reads it and states how to add a section.
 *
 * @param mail null only if no role needs it
 * @param alert null only without the role alert
 * @param jwt null only if no role needs it
 */
public record GatewayConfig(
        Set<Role> roles,
        HttpConfig http,
        KafkaConfig kafka,
        DatabaseConfig database,
        IngestConfig ingest,
        HeartRateConfig heartRate,
        @Nullable MailConfig mail,
        @Nullable AlertConfig alert,
        WebhookConfig webhook,
        @Nullable JwtConfig jwt,
        ApiConfig api,
        LiveConfig live,
        ReportConfig report,
        AnalystConfig analyst,
        RetentionConfig retention,
        ArchiveConfig archive,
        TracingConfig tracing) {

    /** A part of the gateway that a process runs. */
    public enum Role {
        INGEST,
        ALERT,
        REPORT,
        LIVE,
        API
    }

    public GatewayConfig {
        roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
    }

    /** With another way to Kafka. */
    public GatewayConfig withKafka(KafkaConfig other) {
        return new GatewayConfig(
                roles, http, other, database, ingest, heartRate, mail, alert, webhook, jwt, api, live, report, analyst,
                retention, archive, tracing);
    }

    static GatewayConfig read(Settings settings) {
        Set<Role> roles = settings.key("gateway.roles", "Parts of the gateway that this process runs.")
                .someOf(Role.class);
        boolean alerts = roles.contains(Role.ALERT);
        boolean reports = roles.contains(Role.REPORT);
        HttpConfig http = HttpConfig.read(settings);
        KafkaConfig kafka = KafkaConfig.read(settings);
        DatabaseConfig database = DatabaseConfig.read(settings);
        LiveConfig live = LiveConfig.read(settings);
        if (kafka.topic().equals(live.fleetTopic())) {
            settings.invalid("live.fleet-topic", "is the topic of the bike stream, kafka.topic; expected another");
        }
        return new GatewayConfig(
                roles,
                http,
                kafka,
                database,
                IngestConfig.read(settings),
                HeartRateConfig.read(settings),
                MailConfig.read(settings, alerts || reports),
                AlertConfig.read(settings, alerts),
                WebhookConfig.read(settings),
                JwtConfig.read(settings, roles.contains(Role.API) || roles.contains(Role.LIVE)),
                ApiConfig.read(settings),
                live,
                ReportConfig.read(settings, reports),
                AnalystConfig.read(settings, database),
                RetentionConfig.read(settings),
                ArchiveConfig.read(settings),
                TracingConfig.read(settings));
    }
}
