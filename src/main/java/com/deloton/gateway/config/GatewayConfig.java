package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set. See {@link ConfigLoader} for where it comes from and how to add a section.
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
        @Nullable JwtConfig jwt,
        ApiConfig api,
        LiveConfig live,
        ReportConfig report,
        AnalystConfig analyst) {

    /** A part of the gateway's work that a process can take on. */
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

    static GatewayConfig read(Settings settings) {
        Set<Role> roles =
                settings.key("gateway.roles", "The work this process does.").someOf(Role.class);
        boolean alerts = roles.contains(Role.ALERT);
        boolean reports = roles.contains(Role.REPORT);
        HttpConfig http = HttpConfig.read(settings);
        KafkaConfig kafka = KafkaConfig.read(settings);
        DatabaseConfig database = DatabaseConfig.read(settings);
        return new GatewayConfig(
                roles,
                http,
                kafka,
                database,
                IngestConfig.read(settings),
                HeartRateConfig.read(settings),
                MailConfig.read(settings, alerts || reports),
                AlertConfig.read(settings, alerts),
                JwtConfig.read(settings, roles.contains(Role.API) || roles.contains(Role.LIVE)),
                ApiConfig.read(settings),
                LiveConfig.read(settings),
                ReportConfig.read(settings, reports),
                AnalystConfig.read(settings, database));
    }
}
