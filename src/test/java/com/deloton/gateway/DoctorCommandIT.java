package com.deloton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.local.LocalMail;
import com.deloton.gateway.testing.TestServers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
                .containsPattern("OK {4}topic {8}\\S+ has 3 partitions")
                .containsPattern("OK {4}retention ")
                .containsPattern("OK {4}database {5}PostgreSQL 1\\d")
                .containsPattern("OK {4}clock {8}differs by \\d\\.\\d s from the database's")
                .containsPattern("OK {4}schema {7}up to date")
                .contains("localhost:" + mail.smtpPort() + " is ready for SMTP")
                .doesNotContain("FAIL");
    }

    @Test
    void whatIsMissingIsNamedWithWhatToDo() throws Exception {
        String yaml = yaml(TestServers.kafkaBootstrap(), "no-such-topic", database.port(), mail.smtpPort());

        assertThat(run("doctor", "-c", yaml)).isEqualTo(1);
        assertThat(out.toString())
                .contains("FAIL  topic        no-such-topic does not exist; create it with the command topics\n")
                .containsPattern("WARN {2}schema {7}the next start applies the migrations 1, ");
    }

    /** Both commands at once, since each waits for its time limit. */
    @Test
    void serversThatDoNotAnswerAreNamedWithinTheTimeLimit() throws Exception {
        String yaml = yaml("127.0.0.1:1", "deloton", 1, 1);
        StringWriter topics = new StringWriter();
        CompletableFuture<Integer> topicsStatus =
                CompletableFuture.supplyAsync(() -> run(topics, "topics", "-c", yaml), Thread.ofVirtual()::start);

        assertThat(run("doctor", "-c", yaml)).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("FAIL {2}broker {7}127.0.0.1:1 does not answer: ")
                .containsPattern("FAIL {2}database {5}\\S+:1/\\S+ does not answer user \\S+: ")
                .containsPattern("FAIL {2}mail {9}localhost:1 does not answer: ");
        assertThat(topicsStatus.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(topics.toString()).startsWith("The topic deloton cannot be read on 127.0.0.1:1: ");
    }

    @Test
    void topicsCreatesTheTopicOnce() throws Exception {
        String yaml = yaml(TestServers.kafkaBootstrap(), "created-by-topics", database.port(), mail.smtpPort());

        assertThat(run("topics", "--plan", "--partitions", "3", "-c", yaml)).isZero();
        assertThat(run("topics", "--partitions", "3", "-c", yaml)).isZero();
        assertThat(run("topics", "--partitions", "5", "-c", yaml)).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "would create topic created-by-topics with 3 partitions, 7 days",
                        "created topic created-by-topics with 3 partitions, 7 days",
                        "topic created-by-topics exists with 3 partitions; nothing was changed");
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
        return run(out, arguments);
    }

    private static int run(StringWriter output, String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(output, true))
                .execute(arguments);
    }
}
