package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Everything that can be set. See {@link ConfigLoader} for where it comes from and how to add a section. */
public record GatewayConfig(
        Set<Role> roles, HttpConfig http, KafkaConfig kafka, DatabaseConfig database, IngestConfig ingest) {

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
        return new GatewayConfig(
                settings.key("gateway.roles", "The work this process does.").someOf(Role.class),
                HttpConfig.read(settings),
                KafkaConfig.read(settings),
                DatabaseConfig.read(settings),
                IngestConfig.read(settings));
    }
}
