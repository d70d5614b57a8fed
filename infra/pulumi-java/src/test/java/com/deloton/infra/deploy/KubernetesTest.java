package com.deloton.infra.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests against the types of Kubernetes' API, and what each of them must have. */
class KubernetesTest {
    private static final Path FOLDER = Path.of("..", "..", "deploy", "kubernetes");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();

    static List<JsonNode> documents() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            List<JsonNode> documents = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                    .filter(path -> !path.endsWith("kustomization.yaml"))
                    .sorted()
                    .toList()) {
                YAML.readerFor(JsonNode.class)
                        .<JsonNode>readValues(file.toFile())
                        .forEachRemaining(documents::add);
            }
            return documents;
        }
    }

    /** What the types do not have is lost when they are written again. */
    @ParameterizedTest
    @MethodSource("documents")
    void everyFieldIsOneOfTheApi(JsonNode document) {
        HasMetadata resource = resource(document);
        assertThat(resource.getClass().getPackageName()).startsWith("io.fabric8.kubernetes.api.model");
        assertThat(unknown("", resource)).isEmpty();
        assertThat(resource.getMetadata().getName()).isNotBlank();
    }

    @Test
    void aMisspeltFieldIsFound() {
        ObjectNode document = YAML.createObjectNode();
        document.put("apiVersion", "v1").put("kind", "Service");
        document.putObject("metadata").put("name", "x");
        document.putObject("spec").put("sessionAfinity", "ClientIP");

        assertThat(unknown("", resource(document))).containsExactly("spec.sessionAfinity");
    }

    @Test
    void everyPodIsConfined() throws IOException {
        assertThat(pods()).hasSize(5).allSatisfy((name, pod) -> {
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10_001);
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            Container container = gateway(pod);
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getVolumeMounts())
                    .singleElement()
                    .satisfies(mount -> assertThat(mount.getMountPath()).isEqualTo("/tmp"));
            assertThat(container.getResources().getLimits()).containsKey("memory");
        });
    }

    @Test
    void servingPodsAreProbedOnTheManagementPortAndDrain() throws IOException {
        List<Deployment> deployments = all(Deployment.class);
        assertThat(deployments).hasSize(2).allSatisfy(deployment -> {
            PodSpec pod = deployment.getSpec().getTemplate().getSpec();
            Container container = gateway(pod);
            assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/health/started");
            assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/health/live");
            assertThat(container.getReadinessProbe().getHttpGet().getPath())
                    .isEqualTo(deployment.getMetadata().getName().equals("web") ? "/health/started" : "/health/ready");
            assertThat(List.of(
                            container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe()))
                    .allSatisfy(probe ->
                            assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management"));
            assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(90);
            assertThat(deployment
                            .getSpec()
                            .getStrategy()
                            .getRollingUpdate()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isZero();
            assertThat(deployment.getSpec().getReplicas())
                    .as("set by the autoscaler")
                    .isNull();
        });
    }

    @Test
    void servingPodsScaleByTheirLoadAndSurviveDrainsOfNodes() throws IOException {
        assertThat(all(HorizontalPodAutoscaler.class))
                .extracting(
                        scaler -> scaler.getSpec().getScaleTargetRef().getName(),
                        scaler -> scaler.getSpec()
                                .getMetrics()
                                .get(1)
                                .getPods()
                                .getMetric()
                                .getName())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("ingest", "deloton_ingest_unread_records"),
                        org.assertj.core.groups.Tuple.tuple("web", "deloton_live_viewers"));
        assertThat(all(PodDisruptionBudget.class))
                .extracting(budget ->
                        budget.getSpec().getSelector().getMatchLabels().get("app.kubernetes.io/component"))
                .containsExactlyInAnyOrder("ingest", "web");
    }

    @Test
    void whatIsNotAllowedIsRefusedByTheNetwork() throws IOException {
        assertThat(all(NetworkPolicy.class)).anySatisfy(policy -> {
            assertThat(policy.getSpec().getPodSelector().getMatchLabels()).isNullOrEmpty();
            assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
            assertThat(policy.getSpec().getIngress()).isEmpty();
            assertThat(policy.getSpec().getEgress()).isEmpty();
        });
    }

    @Test
    void jobsMigrateAndMakeTheTopicOnce() throws IOException {
        assertThat(all(Job.class))
                .extracting(job ->
                        gateway(job.getSpec().getTemplate().getSpec()).getArgs().getFirst())
                .containsExactly("migrate", "topics");
        assertThat(all(Job.class)).allSatisfy(job -> {
            assertThat(job.getSpec().getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
            assertThat(job.getSpec().getActiveDeadlineSeconds()).isPositive();
        });
    }

    @Test
    void theServiceFindsThePodsOfWeb() throws IOException {
        assertThat(all(Service.class))
                .singleElement()
                .satisfies(service -> assertThat(all(Deployment.class))
                        .filteredOn(deployment -> deployment
                                .getSpec()
                                .getTemplate()
                                .getMetadata()
                                .getLabels()
                                .entrySet()
                                .containsAll(service.getSpec().getSelector().entrySet()))
                        .extracting(deployment -> deployment.getMetadata().getName())
                        .containsExactly("web"));
    }

    @Test
    void kustomizationsListEveryFile() throws IOException {
        for (Path folder : List.of(FOLDER, FOLDER.resolve("jobs"), FOLDER.resolve("archive"))) {
            List<String> listed = new ArrayList<>();
            YAML.readTree(folder.resolve("kustomization.yaml").toFile())
                    .get("resources")
                    .forEach(name -> listed.add(name.asText()));
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.filter(Files::isRegularFile)
                                .map(file -> file.getFileName().toString())
                                .filter(name -> !name.equals("kustomization.yaml")))
                        .containsExactlyInAnyOrderElementsOf(listed);
            }
        }
    }

    @Test
    void theArchiveRunsOneAtATimeAndOftenEnoughForErasures() throws IOException {
        assertThat(all(CronJob.class)).singleElement().satisfies(job -> {
            assertThat(job.getSpec().getSchedule()).isEqualTo("20 */6 * * *");
            assertThat(job.getSpec().getConcurrencyPolicy()).isEqualTo("Forbid");
            assertThat(gateway(job.getSpec()
                                    .getJobTemplate()
                                    .getSpec()
                                    .getTemplate()
                                    .getSpec())
                            .getArgs())
                    .containsExactly("archive", "--closed");
        });
    }

    private static Map<String, PodSpec> pods() throws IOException {
        Map<String, PodSpec> pods = new java.util.TreeMap<>();
        all(CronJob.class)
                .forEach(job -> pods.put(
                        job.getMetadata().getName(),
                        job.getSpec().getJobTemplate().getSpec().getTemplate().getSpec()));
        all(Deployment.class)
                .forEach(deployment -> pods.put(
                        deployment.getMetadata().getName(),
                        deployment.getSpec().getTemplate().getSpec()));
        all(Job.class)
                .forEach(job -> pods.put(
                        job.getMetadata().getName(), job.getSpec().getTemplate().getSpec()));
        return pods;
    }

    private static Container gateway(PodSpec pod) {
        assertThat(pod.getContainers()).hasSize(1);
        return pod.getContainers().getFirst();
    }

    private static <T extends HasMetadata> List<T> all(Class<T> type) throws IOException {
        return documents().stream()
                .map(KubernetesTest::resource)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static HasMetadata resource(JsonNode document) {
        return KUBERNETES.convertValue(document, HasMetadata.class);
    }

    /** Names of fields that the types keep only as additional ones. */
    private static List<String> unknown(String path, Object value) {
        List<String> names = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(entry -> names.addAll(unknown(path, entry)));
        } else if (value != null && value.getClass().getPackageName().startsWith("io.fabric8.kubernetes.api.model")) {
            for (var getter : value.getClass().getMethods()) {
                if (getter.getParameterCount() != 0
                        || !getter.getName().startsWith("get")
                        || getter.getDeclaringClass() == Object.class
                        || java.lang.reflect.Modifier.isStatic(getter.getModifiers())) {
                    continue;
                }
                Object part = part(getter, value);
                String name = getter.getName().substring(3, 4).toLowerCase(java.util.Locale.ROOT)
                        + getter.getName().substring(4);
                if (name.equals("additionalProperties")) {
                    ((Map<?, ?>) part).keySet().forEach(key -> names.add(path + key));
                } else {
                    names.addAll(unknown(path + name + ".", part));
                }
            }
        }
        return names;
    }

    private static Object part(java.lang.reflect.Method getter, Object value) {
        try {
            return getter.invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new UncheckedIOException(new IOException(getter.toString(), e));
        }
    }
}
