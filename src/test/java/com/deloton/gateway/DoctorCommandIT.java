package com.deloton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.local.LocalMail;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
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

    @Test
    void aFaultOfEachServerIsNamed() throws Exception {
        String topic = TestServers.freshTopic(1);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafkaBootstrap()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("retention.ms", "60000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
        new Warehouse(database).execute("""
                        CREATE TABLE bloated (n int) WITH (autovacuum_enabled = false);
                        INSERT INTO bloated SELECT generate_series(1, 150000);
                        DELETE FROM bloated;
                        SELECT pg_stat_force_next_flush()""");
        String yaml = yaml(TestServers.kafkaBootstrap(), topic, database.port(), mail.smtpPort());
        Files.writeString(
                Path.of(yaml),
                Files.readString(Path.of(yaml)).replace("security: plain", "security: starttls")
                        + "ingest.instances: 2\ndatabase.pool-size: 1000\n");

        assertThat(run("doctor", "-c", yaml)).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "WARN  topic        %s has 1 partitions, fewer than ingest.instances (2); the rest is idle\n"
                                .formatted(topic),
                        "FAIL  retention    retention.ms is 1m, shorter than ingest.abandon-after (30m): ",
                        "WARN  bloat        bloated has 150000 dead rows and 0 live ones; ")
                .containsPattern("WARN {2}connections {2}\\d+ of \\d+ are free, this process may open 2000; ")
                .containsPattern(
                        "FAIL {2}mail {9}localhost:\\d+ does not open a session: .*STARTTLS.*; check mail.host");
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
                .containsPattern("FAIL {2}mail {9}localhost:1 does not open a session: ");
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
    void topicsCreatesTheFleetTopicWhichDoctorFinds() throws Exception {
        String yaml = yaml(TestServers.kafkaBootstrap(), TestServers.freshTopic(1), database.port(), mail.smtpPort());
        Files.writeString(Path.of(yaml), Files.readString(Path.of(yaml)) + "live.fleet-topic: fleet-by-topics\n");
        run("doctor", "-c", yaml);
        assertThat(run("topics", "--partitions", "2", "-c", yaml)).isZero();
        run("doctor", "-c", yaml);

        assertThat(out.toString())
                .contains(
                        "FAIL  fleet-topic  fleet-by-topics does not exist; create it with the command topics\n",
                        "created topic fleet-by-topics with 2 partitions, compacted, 1 hour\n",
                        "OK    fleet-topic  fleet-by-topics has 2 partitions\n");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafkaBootstrap()))) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "fleet-by-topics");
            assertThat(admin.describeConfigs(List.of(topic)).all().get())
                    .extractingByKey(topic)
                    .extracting(config -> config.get("cleanup.policy").value())
                    .isEqualTo("compact,delete");
        }
    }

    @Test
    void aBrokerWithoutAuthorizerAndAPrincipalWithoutTypeAreNamed() throws Exception {
        String yaml = yaml(TestServers.kafkaBootstrap(), TestServers.freshTopic(1), database.port(), mail.smtpPort());

        assertThat(run("topics", "--bike", "User:bikes", "-c", yaml)).isEqualTo(1);
        assertThat(out.toString()).containsPattern("The ACLs of the topic \\S+ cannot be read on \\S+: No Authorizer");
        assertThat(run("topics", "--gateway", "reader", "-c", yaml)).isEqualTo(2);
        assertThat(out.toString())
                .contains(
                        "--gateway 'reader' is not a principal; expected TYPE:NAME, for example User:deloton-gateway");
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
