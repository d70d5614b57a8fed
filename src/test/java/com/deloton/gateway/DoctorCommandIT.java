package com.deloton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.local.LocalMail;
import com.deloton.gateway.testing.TestServers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DoctorCommandIT {
    private final TestServers.Database database = TestServers.freshDatabase();
    private final LocalMail mail = TestServers.mail();
    private final StringWriter out = new StringWriter();

    @TempDir
    Path folder = Path.of("");

    @AfterEach
    void close() {
        mail.close();
    }

    @Test
    void aDeploymentThatWorksHasNoFault() throws Exception {
        String yaml = yaml(TestServers.kafkaBootstrap(), TestServers.freshTopic(3), database.port(), mail.smtpPort());
        assertThat(run("migrate", "-c", yaml)).isZero();

        assertThat(run("doctor", "-c", yaml)).as(out.toString()).isZero();
        assertThat(out.toString())
                .containsPattern("OK {4}topic {7}\\S+ has 3 partitions")
                .containsPattern("OK {4}retention ")
                .containsPattern("OK {4}database {4}PostgreSQL 1\\d")
                .containsPattern("OK {4}clock {7}differs by \\d\\.\\d s from the database's")
                .containsPattern("OK {4}schema {6}up to date")
                .contains("localhost:" + mail.smtpPort() + " is ready for SMTP")
                .doesNotContain("FAIL");
    }

    @Test
    void whatIsMissingIsNamedWithWhatToDo() throws Exception {
        String yaml = yaml(TestServers.kafkaBootstrap(), "no-such-topic", database.port(), mail.smtpPort());

        assertThat(run("doctor", "-c", yaml)).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern(
                        "FAIL {2}topic {7}no-such-topic does not exist; create it with kafka-topics.sh --create"
                                + " --topic no-such-topic --partitions 12")
                .containsPattern("WARN {2}schema {6}the next start applies the migrations 1, ");
    }

    @Test
    void serversThatDoNotAnswerAreNamedWithinTheTimeLimit() throws Exception {
        String yaml = yaml("127.0.0.1:1", "deloton", 1, 1);

        assertThat(run("doctor", "-c", yaml)).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("FAIL {2}broker {6}127.0.0.1:1 does not answer: ")
                .containsPattern("FAIL {2}database {4}\\S+:1/\\S+ does not answer user \\S+: ")
                .containsPattern("FAIL {2}mail {8}localhost:1 does not answer: ");
    }

    @Test
    void aConfigurationThatIsNotValidIsListed() {
        assertThat(run("doctor")).isEqualTo(1);
        assertThat(out.toString()).contains("FAIL  setting      database.host (DELOTON_DATABASE_HOST): is missing");
    }

    private String yaml(String kafka, String topic, int databasePort, int smtpPort) throws IOException {
        return Files.writeString(folder.resolve("gateway.yaml"), """
                        kafka: {bootstrap-servers: "%s", topic: %s}
                        database: {host: %s, port: %d, name: %s, user: %s, password: %s}
                        mail: {host: localhost, port: %d, security: plain, from: a@example.com, allowed-domains: [example.com]}
                        report.recipients: [a@example.com]
                        alert.link-secret: %s
                        api.jwt: {issuer: me, jwks-url: "http://localhost:1/"}
                        """.formatted(
                                kafka,
                                topic,
                                database.host(),
                                databasePort,
                                database.name(),
                                database.user(),
                                database.password(),
                                smtpPort,
                                "x".repeat(32)))
                .toString();
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(arguments);
    }
}
