package com.deloton.gateway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.IngestConfig;
import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.testing.TestCertificate;
import com.deloton.gateway.testing.TestServers;
import io.netty.pkitesting.X509Bundle;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * SASL_SSL, as {@code kafka.properties} configures it, with a broker that has a listener for each certificate, and the ACLs
 * of the topic.
 */
@SuppressWarnings("NullAway.Init")
class BrokerTlsIT {
    private static final String JAAS =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"gateway\" password=\"%s\" user_gateway=\"secret\";";

    private static final Map<TestCertificate, Integer> ports = new EnumMap<>(TestCertificate.class);
    private static KafkaRaftServer server;

    @BeforeAll
    static void start() throws Exception {
        Path data = TestServers.freshDirectory();
        try (PrintStream quiet = new PrintStream(OutputStream.nullOutputStream())) {
            new Formatter()
                    .setPrintStream(quiet)
                    .setNodeId(1)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName("CONTROLLER")
                    .run();
        }
        server = new KafkaRaftServer(new kafka.server.KafkaConfig(settings(data)), Time.SYSTEM);
        server.startup();
    }

    private static Map<String, String> settings(Path data) {
        int controller = LocalServers.freePort();
        List<String> listeners = new ArrayList<>(List.of("CONTROLLER://127.0.0.1:" + controller));
        List<String> advertised = new ArrayList<>();
        List<String> protocols = new ArrayList<>(List.of("CONTROLLER:PLAINTEXT"));
        Map<String, String> settings = new HashMap<>();
        for (TestCertificate certificate : TestCertificate.values()) {
            int port = LocalServers.freePort();
            ports.put(certificate, port);
            String name = certificate.name();
            listeners.add("%s://127.0.0.1:%d".formatted(name, port));
            advertised.add("%s://localhost:%d".formatted(name, port));
            protocols.add(name + ":SASL_SSL");
            X509Bundle bundle = certificate.bundle();
            String prefix = "listener.name." + name.toLowerCase(Locale.ROOT) + ".";
            settings.put(prefix + "ssl.keystore.type", "PEM");
            settings.put(prefix + "ssl.keystore.certificate.chain", bundle.getCertificatePathPEM());
            settings.put(prefix + "ssl.keystore.key", bundle.getPrivateKeyPEM());
            settings.put(prefix + "ssl.truststore.type", "PEM");
            settings.put(prefix + "ssl.truststore.certificates", TestCertificate.authority());
            settings.put(prefix + "sasl.enabled.mechanisms", "PLAIN");
            settings.put(prefix + "plain.sasl.jaas.config", JAAS.formatted("secret"));
        }
        settings.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                "1",
                "log.dirs",
                data.toString(),
                "controller.listener.names",
                "CONTROLLER",
                "controller.quorum.voters",
                "1@127.0.0.1:" + controller,
                "listeners",
                String.join(",", listeners),
                "advertised.listeners",
                String.join(",", advertised),
                "listener.security.protocol.map",
                String.join(",", protocols),
                "inter.broker.listener.name",
                "VALID",
                "sasl.mechanism.inter.broker.protocol",
                "PLAIN"));
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.put("super.users", "User:gateway;User:ANONYMOUS");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.put("offsets.topic.replication.factor", "1");
        return settings;
    }

    @AfterAll
    static void stop() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static Finding check(TestCertificate certificate, String password) throws InterruptedException {
        return new BrokerCheck(
                        kafka(certificate, password),
                        new IngestConfig(1, Duration.ofSeconds(1), 1_000, Duration.ofMinutes(30)),
                        null)
                .call()
                .getFirst();
    }

    private static KafkaConfig kafka(TestCertificate certificate, String password) {
        return new KafkaConfig(
                "localhost:" + ports.get(certificate),
                "deloton",
                "test",
                Map.of(
                        "security.protocol", "SASL_SSL",
                        "sasl.mechanism", "PLAIN",
                        "sasl.jaas.config", JAAS.formatted(password),
                        "ssl.truststore.type", "PEM",
                        "ssl.truststore.certificates", TestCertificate.authority()));
    }

    @Test
    void acceptsAValidCertificateAndTheRightPassword() throws InterruptedException {
        assertThat(check(TestCertificate.VALID, "secret").level()).isEqualTo(Finding.Level.OK);
        Finding refused = check(TestCertificate.VALID, "wrong");
        assertThat(refused.level()).isEqualTo(Finding.Level.FAIL);
        assertThat(refused.text()).contains("Authentication failed").doesNotContain("secret", "wrong");
    }

    @Test
    void grantsReadersAndWritersOnlyWhatTheyLack() throws Exception {
        KafkaConfig kafka = kafka(TestCertificate.VALID, "secret");
        TopicGrants first = new TopicGrants(kafka, null, List.of("User:reader"), List.of());
        assertThat(first.missing().stream().map(TopicGrants.Grant::toString))
                .containsExactly(
                        "User:reader READ on TOPIC deloton",
                        "User:reader DESCRIBE on TOPIC deloton",
                        "User:reader DESCRIBE_CONFIGS on TOPIC deloton",
                        "User:reader READ on GROUP test");
        first.create(first.missing());

        assertThat(first.missing()).isEmpty();
        assertThat(new TopicGrants(kafka, "fleet", List.of("User:reader"), List.of())
                        .missing().stream().map(TopicGrants.Grant::toString))
                .containsExactly(
                        "User:reader READ on TOPIC fleet",
                        "User:reader WRITE on TOPIC fleet",
                        "User:reader DESCRIBE on TOPIC fleet");
        assertThat(new TopicGrants(kafka, null, List.of("User:reader"), List.of("User:bikes"))
                        .missing().stream().map(TopicGrants.Grant::toString))
                .containsExactly("User:bikes WRITE on TOPIC deloton", "User:bikes DESCRIBE on TOPIC deloton");
    }

    @ParameterizedTest
    @EnumSource(names = "VALID", mode = EnumSource.Mode.EXCLUDE)
    void rejectsEveryOther(TestCertificate certificate) throws InterruptedException {
        Finding finding = check(certificate, "secret");

        assertThat(finding.level()).isEqualTo(Finding.Level.FAIL);
        assertThat(finding.text()).matches(certificate.failure);
    }
}
