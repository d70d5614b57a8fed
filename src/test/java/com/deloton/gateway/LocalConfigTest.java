package com.deloton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.settings.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalConfigTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void filesAndVariablesConfigureTheGateway() throws Exception {
        Path file = Files.writeString(
                folder.resolve("gateway.yaml"),
                "ingest: {flush-interval: 5s, abandon-after: 1h}\nmail.from: a@b.example\n");

        GatewayConfig config = load(List.of(file), Map.of("DELOTON_INGEST_FLUSH_INTERVAL", "7s"));

        assertThat(config.ingest().flushInterval()).isEqualTo(Duration.ofSeconds(7));
        assertThat(config.ingest().abandonAfter()).isEqualTo(Duration.ofHours(1));
        assertThat(Objects.requireNonNull(config.mail()).from()).isEqualTo("a@b.example");
        assertThat(config.http().port()).isEqualTo(8080);
        assertThat(config.kafka().properties()).containsEntry("session.timeout.ms", "6000");
    }

    @Test
    void settingsOfTheEmbeddedServersAreRefusedWithTheOptionToUse() throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), "database.port: 6000\napi.jwt.issuer: me\n");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> load(List.of(file), Map.of("DELOTON_KAFKA_BOOTSTRAP_SERVERS", "b:1")))
                .withMessage("""
                        The configuration has 3 problems:
                          - api.jwt.issuer: cannot be set for the command local; local issues its own tokens; use serve for \
                        another issuer
                          - database.port: cannot be set for the command local; use --postgres-port
                          - kafka.bootstrap-servers: cannot be set for the command local; use --kafka-port, or serve for \
                        another broker""");
    }

    @Test
    void aMisspeltSettingIsAFault() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> load(List.of(), Map.of("DELOTON_INGEST_FLUSH_INTERVALL", "7s")))
                .withMessageContaining("DELOTON_INGEST_FLUSH_INTERVALL: is not a known variable");
    }

    private static GatewayConfig load(List<Path> files, Map<String, String> environment) {
        return new LocalConfig(files, environment).load(LocalConfig.Servers.placeholder(8080, 8081));
    }
}
