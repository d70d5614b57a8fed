package com.deloton.gateway.config;

import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.config.settings.KeyDescription;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the deployment's reviewed plans tell each container is what this gateway understands. */
class DeploymentConfigTest {
    private static final Path PLANS = Path.of("infra/pulumi-java/plans");
    /** The plan of what an account holds once: it has no containers. */
    private static final Path ACCOUNT = Path.of("account.json");

    private static final String SECRET = "0123456789abcdef0123456789abcdef01234567";
    /** Read by the log's configuration. */
    private static final String LOG_FORMAT = "LOG_FORMAT";
    /** Read by the Kafka client's own config provider. */
    private static final String KAFKA_PASSWORD = "KAFKA_PASSWORD";

    /** A container of a stack, as the plan has it. */
    record Container(String stack, String name, Map<String, String> plain, Map<String, String> secrets) {
        Map<String, String> environment() {
            Map<String, String> all = new TreeMap<>(plain);
            secrets.keySet().forEach(secret -> all.put(secret, SECRET));
            return all;
        }

        @Override
        public String toString() {
            return stack + " " + name;
        }
    }

    static Stream<Container> all() throws IOException {
        try (Stream<Path> plans = Files.list(PLANS)) {
            return plans
                    .filter(plan -> !plan.endsWith(ACCOUNT))
                    .sorted()
                    .flatMap(DeploymentConfigTest::containers)
                    .toList()
                    .stream();
        }
    }

    static Stream<Container> web() throws IOException {
        return all().filter(container -> container.name.equals("web"));
    }

    static Stream<Container> ingest() throws IOException {
        return all().filter(container -> container.name.equals("ingest"));
    }

    static Stream<Container> migrate() throws IOException {
        return all().filter(container -> container.name.equals("migrate"));
    }

    @ParameterizedTest
    @MethodSource("web")
    void webServesTheApiTheDashboardAndTheLinksInMails(Container container) {
        GatewayConfig config = ConfigLoader.load(List.of(), container.environment());

        assertThat(config.roles()).containsExactlyInAnyOrder(Role.API, Role.LIVE);
        assertThat(config.database().migrateAtStart()).isFalse();
        assertThat(config.alert()).isNotNull();
        assertThat(config.jwt())
                .isNotNull()
                .satisfies(jwt -> assertThat(requireNonNullElse(jwt.jwksUrl(), jwt.issuer()))
                        .startsWith("https://"));
        assertThat(config.live().signIn()).isNotNull();
        assertThat(config.kafka().properties())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsKeys("sasl.mechanism", "sasl.jaas.config");
    }

    /** As for Amazon Cognito in docs/identity-providers.md. */
    @Test
    void webAcceptsTheTokensOfTheStacksUserPool() throws IOException {
        Container staging = web().filter(container -> container.stack.equals("staging"))
                .findFirst()
                .orElseThrow();

        GatewayConfig config = ConfigLoader.load(List.of(), staging.environment());

        assertThat(config.jwt()).isNotNull().satisfies(jwt -> {
            assertThat(jwt.issuer()).startsWith("https://cognito-idp.eu-west-2.amazonaws.com/");
            assertThat(jwt.clientIds()).containsExactly(staging.plain.get("DELOTON_LIVE_SIGN_IN_CLIENT_ID"));
            assertThat(jwt.scopes().prefix()).isEqualTo("deloton/");
        });
        assertThat(config.live().signIn()).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("ingest")
    void ingestTakesInTheStreamAndWritesMails(Container container) {
        GatewayConfig config = ConfigLoader.load(List.of(), container.environment());

        assertThat(config.roles()).containsExactlyInAnyOrder(Role.INGEST, Role.ALERT, Role.REPORT);
        assertThat(config.database().migrateAtStart()).isFalse();
        assertThat(config.mail())
                .isNotNull()
                .satisfies(mail -> assertThat(mail.security()).isEqualTo(MailConfig.Security.STARTTLS));
        assertThat(config.alert()).isNotNull();
        assertThat(config.report().recipients()).isNotEmpty();
        assertThat(config.kafka().properties()).containsKey("sasl.jaas.config");
    }

    /** The client, not the gateway, puts the password into the login: a rotated one counts from the next start. */
    @ParameterizedTest
    @MethodSource("ingest")
    void theKafkaClientFindsItsPassword(Container container) {
        Map<String, Object> properties = new TreeMap<>(
                ConfigLoader.load(List.of(), container.environment()).kafka().properties());
        properties.put("bootstrap.servers", "localhost:9092");
        properties.put("key.deserializer", StringDeserializer.class);
        properties.put("value.deserializer", StringDeserializer.class);
        // A variable that this process has, in the place of the container's.
        properties.computeIfPresent(
                "sasl.jaas.config", (key, jaas) -> ((String) jaas).replace("${env:" + KAFKA_PASSWORD, "${env:PATH"));

        Password jaas = new ConsumerConfig(properties).getPassword("sasl.jaas.config");

        if (container.secrets.containsKey(KAFKA_PASSWORD)) {
            assertThat(jaas.value())
                    .contains("username=\"deloton-gateway\" password=\"" + System.getenv("PATH") + "\"");
        } else {
            assertThat(jaas.value()).isEqualTo(SECRET);
        }
    }

    @ParameterizedTest
    @MethodSource("migrate")
    void migrateIsTheOwner(Container container) {
        DatabaseConfig config = ConfigLoader.loadDatabase(List.of(), container.environment());

        assertThat(config.migrationUser()).isEqualTo("deloton_owner");
        assertThat(config.user()).isEqualTo("deloton_gateway");
        assertThat(config.sslMode()).isEqualTo(DatabaseConfig.SslMode.VERIFY_FULL);
    }

    static Stream<Container> archive() throws IOException {
        return all().filter(container -> container.name.equals("archive"));
    }

    /** The job deletes nothing from the database: the gateway does, and waits for the same warehouse. */
    @ParameterizedTest
    @MethodSource("archive")
    void theArchiveAndTheGatewayHaveTheSameWarehouse(Container container) throws IOException {
        GatewayConfig job = ConfigLoader.load(List.of(), container.environment(), "database", "archive");

        assertThat(job.database().user()).isEqualTo("deloton_archive");
        assertThat(job.database().sslMode()).isEqualTo(DatabaseConfig.SslMode.VERIFY_FULL);
        assertThat(job.archive().s3Region()).isEqualTo("eu-west-2");
        assertThat(all().filter(other -> other.stack.equals(container.stack))
                        .filter(other -> List.of("web", "ingest").contains(other.name)))
                .hasSize(2)
                .allSatisfy(gateway -> assertThat(ConfigLoader.load(List.of(), gateway.environment())
                                .archive()
                                .warehouse())
                        .isEqualTo(job.archive().warehouse())
                        .startsWith("s3://"));
    }

    static Stream<Container> topics() throws IOException {
        return all().filter(container -> container.name.equals("topics"));
    }

    @ParameterizedTest
    @MethodSource("topics")
    void topicsKnowsTheTopicAndTheGroupOfTheGateway(Container container) throws IOException {
        KafkaConfig kafka =
                ConfigLoader.load(List.of(), container.environment(), "kafka").kafka();

        KafkaConfig gateway = ingest().filter(other -> other.stack.equals(container.stack))
                .map(other -> ConfigLoader.load(List.of(), other.environment()).kafka())
                .findFirst()
                .orElseThrow();
        assertThat(kafka.topic()).isEqualTo(gateway.topic());
        assertThat(kafka.groupId()).isEqualTo(gateway.groupId());
        assertThat(kafka.properties()).containsKeys("security.protocol", "sasl.mechanism", "sasl.jaas.config");
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyVariableIsThatOfAKeyAndSecretsAreReferences(Container container) {
        List<KeyDescription> keys = ConfigLoader.describe();

        if (!container.name.equals("topics")) {
            assertThat(container.secrets).isNotEmpty();
        }
        assertThat(container.secrets)
                .allSatisfy((name, reference) -> assertThat(reference).startsWith("arn:aws:secretsmanager:"));
        assertThat(container.environment().keySet())
                .allMatch(name -> name.equals(LOG_FORMAT)
                        || name.equals(KAFKA_PASSWORD)
                        || keys.stream().anyMatch(key -> isVariableOf(key, name)));
        assertThat(container.plain.keySet())
                .noneMatch(name -> keys.stream()
                        .anyMatch(key -> key.secret() && key.environmentName().equals(name)));
    }

    private static boolean isVariableOf(KeyDescription key, String name) {
        String variable = key.environmentName();
        return variable.endsWith("*")
                ? name.startsWith(variable.substring(0, variable.length() - 1))
                : name.equals(variable);
    }

    private static Stream<Container> containers(Path plan) {
        try {
            JsonObject document = new JsonObject(Files.readString(plan));
            JsonObject containers = document.getJsonObject("containers");
            assertThat(containers.fieldNames())
                    .contains("web", "ingest", "topics", "migrate")
                    .isSubsetOf("web", "ingest", "topics", "migrate", "archive");
            return containers.fieldNames().stream().map(name -> {
                JsonObject container = containers.getJsonObject(name);
                return new Container(
                        document.getString("stack"),
                        name,
                        texts(container.getJsonObject("environment")),
                        texts(container.getJsonObject("secrets")));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> texts(JsonObject object) {
        Map<String, String> texts = new TreeMap<>();
        object.forEach(entry -> texts.put(entry.getKey(), (String) entry.getValue()));
        return texts;
    }
}
