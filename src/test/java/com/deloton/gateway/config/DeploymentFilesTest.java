package com.deloton.gateway.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.config.settings.KeyDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The gateway accepts the settings of {@code compose.yaml} and {@code deploy/kubernetes}. */
class DeploymentFilesTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef01234567";
    private static final Pattern FROM_ENV = Pattern.compile("\\$\\{(\\w+):\\?[^}]*}");
    private static final Map<String, String> DOT_ENV = Map.of(
            "POSTGRES_PASSWORD", SECRET, "ALERT_LINK_SECRET", SECRET, "JWT_ISSUER", "https://login.example.com/");

    @Test
    void composeStartsAGatewayWithAllRoles() throws IOException {
        GatewayConfig config = ConfigLoader.load(List.of(), environment(service("gateway")));

        assertThat(config.roles()).containsExactlyInAnyOrder(Role.values());
        assertThat(config.database().migrateAtStart()).isFalse();
        assertThat(config.http().management()).isNotNull();
        assertThat(config.mail()).isNotNull().satisfies(mail -> {
            assertThat(mail.host()).isEqualTo("mail");
            assertThat(mail.allowedDomains()).containsExactly("example.com");
        });
    }

    @Test
    void composeMigratesAndMakesTheTopicFirst() throws IOException {
        assertThat(ConfigLoader.loadDatabase(List.of(), environment(service("migrate")))
                        .user())
                .isEqualTo("deloton");
        assertThat(ConfigLoader.load(List.of(), environment(service("topics")), "kafka")
                        .kafka()
                        .topic())
                .isEqualTo("deloton");
        assertThat(map(service("gateway").get("depends_on"))).satisfies(first -> {
            assertThat(map(first.get("migrate"))).containsEntry("condition", "service_completed_successfully");
            assertThat(map(first.get("topics"))).containsEntry("condition", "service_completed_successfully");
        });
    }

    /** Of the gateway's own containers; the ports of others are open to this machine only. */
    @Test
    void composeConfinesTheGatewayAndPublishesToThisMachineOnly() throws IOException {
        map(compose().get("services")).forEach((name, value) -> {
            Map<String, Object> service = map(value);
            assertThat(String.valueOf(service.get("image"))).as(name).doesNotContain(":latest");
            if ("deloton-gateway".equals(service.get("image"))) {
                assertThat(service)
                        .as(name)
                        .containsEntry("read_only", true)
                        .containsEntry("cap_drop", List.of("ALL"))
                        .containsEntry("tmpfs", List.of("/tmp"))
                        .containsEntry("security_opt", List.of("no-new-privileges:true"));
            }
            if (service.get("ports") instanceof List<?> ports) {
                assertThat(ports).allSatisfy(port -> assertThat((String) port).startsWith("127.0.0.1:"));
            }
            if (service.get("depends_on") != null) {
                assertThat(map(compose().get("services")).keySet())
                        .containsAll(map(service.get("depends_on")).keySet());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest.yaml", "web.yaml"})
    void kubernetesStartsTheRolesOfEachDeployment(String file) throws IOException {
        Map<String, Object> deployment =
                documents(Path.of("deploy/kubernetes", file)).getFirst();
        Map<String, String> environment = podEnvironment(deployment);
        environment.putAll(secret("deloton-gateway"));

        GatewayConfig config = ConfigLoader.load(List.of(), environment);

        assertThat(config.roles())
                .containsExactlyInAnyOrder(
                        file.startsWith("ingest")
                                ? new Role[] {Role.INGEST, Role.ALERT, Role.REPORT}
                                : new Role[] {Role.API, Role.LIVE});
        assertThat(config.http().management())
                .isNotNull()
                .satisfies(management -> assertThat(management.port()).isEqualTo(8081));
    }

    @Test
    void kubernetesMigratesAsTheOwner() throws IOException {
        Map<String, String> environment = podEnvironment(
                documents(Path.of("deploy/kubernetes/jobs/jobs.yaml")).getFirst());
        environment.putAll(secret("deloton-gateway"));
        environment.putAll(secret("deloton-owner"));

        DatabaseConfig config = ConfigLoader.loadDatabase(List.of(), environment);

        assertThat(config.migrationUser()).isEqualTo("deloton_owner");
        assertThat(config.user()).isEqualTo("gateway");
    }

    /** The configuration map holds no key that is a secret. */
    @Test
    void secretsAreNotInTheConfigurationMap() throws IOException {
        Map<String, Object> data = map(documents(Path.of("deploy/kubernetes/configuration.yaml"))
                .getFirst()
                .get("data"));
        List<String> secrets = ConfigLoader.describe().stream()
                .filter(KeyDescription::secret)
                .map(KeyDescription::environmentName)
                .toList();

        assertThat(secrets).isNotEmpty();
        assertThat(data.keySet())
                .isNotEmpty()
                .doesNotContainAnyElementsOf(secrets)
                .noneMatch(name -> name.contains("JAAS"));
    }

    /** The variables that the comment of the configuration map lists for a secret. */
    private static Map<String, String> secret(String name) throws IOException {
        String comment = Files.readString(Path.of("deploy/kubernetes/configuration.yaml"))
                .replaceAll("(?m)^apiVersion[\\s\\S]*", "")
                .replaceAll("\\n#", "");
        String list = comment.substring(comment.indexOf(name + " has") + name.length())
                .split(";|\\.\\s*$", 2)[0];
        Map<String, String> values = new TreeMap<>();
        Pattern.compile("DELOTON_\\w+")
                .matcher(list)
                .results()
                .forEach(variable -> values.put(variable.group(), SECRET));
        assertThat(values).as(name).isNotEmpty();
        return values;
    }

    private static Map<String, String> podEnvironment(Map<String, Object> workload) throws IOException {
        Map<String, String> environment = new TreeMap<>();
        map(documents(Path.of("deploy/kubernetes/configuration.yaml"))
                        .getFirst()
                        .get("data"))
                .forEach((name, value) -> environment.put(name, String.valueOf(value)));
        Map<String, Object> pod =
                map(map(map(workload.get("spec")).get("template")).get("spec"));
        Map<String, Object> container = map(((List<?>) requireNonNull(pod.get("containers"))).getFirst());
        if (container.get("env") instanceof List<?> entries) {
            entries.forEach(entry -> environment.put(
                    (String) map(entry).get("name"), String.valueOf(map(entry).get("value"))));
        }
        return environment;
    }

    private static Map<String, String> environment(Map<String, Object> service) {
        Map<String, String> environment = new TreeMap<>();
        map(service.get("environment"))
                .forEach((name, value) -> environment.put(
                        name,
                        FROM_ENV.matcher(String.valueOf(value))
                                .replaceAll(match -> DOT_ENV.getOrDefault(match.group(1), ""))));
        return environment;
    }

    private static Map<String, Object> service(String name) {
        return map(map(compose().get("services")).get(name));
    }

    private static Map<String, Object> compose() {
        try {
            return documents(Path.of("compose.yaml")).getFirst();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<Map<String, Object>> documents(Path file) throws IOException {
        List<Map<String, Object>> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(Files.readString(file))
                .forEach(document -> documents.add(map(document)));
        return documents;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) requireNonNull(value);
    }
}
