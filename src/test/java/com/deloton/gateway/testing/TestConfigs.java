package com.deloton.gateway.testing;

import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.config.ApiConfig;
import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.DatabaseConfig.SslMode;
import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.config.HeartRateConfig;
import com.deloton.gateway.config.HttpConfig;
import com.deloton.gateway.config.IngestConfig;
import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.config.LiveConfig;
import com.deloton.gateway.config.ReportConfig;
import com.deloton.gateway.config.RetentionConfig;
import com.deloton.gateway.config.archive.ArchiveConfig;
import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.config.tracing.TracingConfig;
import com.deloton.gateway.config.webhook.WebhookConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Configurations for the servers of {@link TestServers}; HTTP listens on any free port. */
public final class TestConfigs {
    private TestConfigs() {}

    public static DatabaseConfig database(TestServers.Database database) {
        return databaseAs(database, database.user());
    }

    public static DatabaseConfig databaseAs(TestServers.Database database, String user) {
        return new DatabaseConfig(
                database.host(),
                database.port(),
                database.name(),
                user,
                new Secret(database.password()),
                SslMode.DISABLE,
                null,
                4,
                true,
                null,
                null);
    }

    /** The clients' addresses are right, but nothing of it has been started. */
    public static GatewayConfig gateway(DatabaseConfig database, String kafkaBootstrap, String topic, Role... roles) {
        return new GatewayConfig(
                Set.of(roles),
                new HttpConfig("127.0.0.1", 0, "http://localhost:8080"),
                new KafkaConfig(kafkaBootstrap, topic, "test-" + topic, Map.of()),
                database,
                new IngestConfig(1, Duration.ofMillis(50), 10_000, Duration.ofMinutes(30)),
                HeartRateConfig.DEFAULT,
                null,
                null,
                WebhookConfig.none(),
                TestIssuer.shared().config(),
                ApiConfig.DEFAULT,
                LiveConfig.DEFAULT,
                ReportConfig.DEFAULT,
                AnalystConfig.beside(database),
                RetentionConfig.defaults(),
                ArchiveConfig.none(),
                TracingConfig.OFF);
    }
}
