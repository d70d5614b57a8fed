package com.deloton.infra;

import static com.deloton.infra.engine.Stacks.step;
import static com.deloton.infra.engine.Stacks.steps;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.infra.engine.Step;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every stack, whatever its settings. */
class SecurityPolicyTest {
    private static final String STACKS = "com.deloton.infra.engine.Stacks#names";

    @ParameterizedTest
    @MethodSource(STACKS)
    void onlyTheLoadBalancerIsOpenToTheInternet(String stack) {
        List<Step> open = steps(stack, "SecurityGroupIngressRule").stream()
                .filter(rule -> rule.text("cidrIpv4").equals("0.0.0.0/0")
                        || !rule.text("cidrIpv6").isEmpty())
                .toList();
        assertThat(open)
                .allSatisfy(rule ->
                        assertThat(rule.text("securityGroupId")).isEqualTo("deloton-" + stack + "-edge-securitygroup"));
        assertThat(open).extracting(rule -> rule.text("fromPort")).containsExactlyInAnyOrder("443", "80");
        assertThat(steps(stack, "SecurityGroup")).allSatisfy(group -> {
            assertThat(group.inputs().has("ingress")).isFalse();
            assertThat(group.inputs().has("egress")).isFalse();
        });
        assertThat(steps(stack, "LoadBalancer")).hasSize(1);
        assertThat(steps(stack, "ClusterInstance"))
                .isNotEmpty()
                .allSatisfy(instance ->
                        assertThat(instance.flag("publiclyAccessible")).isFalse());
        assertThat(steps(stack, "Subnet"))
                .allSatisfy(
                        subnet -> assertThat(subnet.flag("mapPublicIpOnLaunch")).isFalse());
        assertThat(steps(stack, "Instance"))
                .allSatisfy(host ->
                        assertThat(host.flag("associatePublicIpAddress")).isFalse());
        assertThat(steps(stack, "Service"))
                .allSatisfy(service -> assertThat(service.inputs()
                                .getAsJsonObject("networkConfiguration")
                                .get("assignPublicIp")
                                .getAsBoolean())
                        .isFalse());
    }

    @ParameterizedTest
    @MethodSource(STACKS)
    void theDataTierHasNoWayOut(String stack) {
        Set<String> routed = steps(stack, "Route").stream()
                .map(route -> route.text("routeTableId"))
                .collect(Collectors.toSet());
        assertThat(steps(stack, "RouteTableAssociation").stream()
                        .filter(association -> association.name().contains("-data-")))
                .isNotEmpty()
                .allSatisfy(association -> assertThat(routed).doesNotContain(association.text("routeTableId")));
    }

    @ParameterizedTest
    @MethodSource(STACKS)
    void allDataIsEncryptedWithTheStacksKey(String stack) {
        assertThat(steps(stack, "Key"))
                .singleElement()
                .satisfies(key -> assertThat(key.flag("enableKeyRotation")).isTrue());
        encrypted(stack, "LogGroup", "kmsKeyId");
        encrypted(stack, "Secret", "kmsKeyId");
        encrypted(stack, "Topic", "kmsMasterKeyId");
        encrypted(stack, "Queue", "kmsMasterKeyId");
        encrypted(stack, "ClusterInstance", "performanceInsightsKmsKeyId");
        Step database = step(stack, "Cluster", "database");
        assertThat(database.flag("storageEncrypted")).isTrue();
        assertThat(database.text("kmsKeyId")).contains(":key/");
        assertThat(database.text("masterUserSecretKmsKeyId")).contains(":key/");
        for (String kind :
                List.of("BucketServerSideEncryptionConfigurationV2", "BucketPublicAccessBlock", "BucketPolicy")) {
            assertThat(steps(stack, kind)).as(kind).hasSameSizeAs(steps(stack, "BucketV2"));
        }
        assertThat(steps(stack, "Repository"))
                .allSatisfy(repository ->
                        assertThat(repository.text("encryptionConfigurations")).contains("KMS", ":key/"));
        assertThat(steps(stack, "Instance"))
                .allSatisfy(host -> assertThat(host.text("rootBlockDevice")).contains("\"encrypted\":true"));
        steps(stack).stream()
                .filter(step -> step.type().equals("aws:msk/cluster:Cluster"))
                .forEach(broker -> assertThat(broker.text("encryptionInfo"))
                        .contains("\"clientBroker\":\"TLS\"", "\"inCluster\":true", ":key/"));
    }

    @ParameterizedTest
    @MethodSource(STACKS)
    void connectionsAreEncrypted(String stack) {
        assertThat(step(stack, "ClusterParameterGroup", "database").text("parameters"))
                .contains("{\"name\":\"rds.force_ssl\",\"value\":\"1\"}");
        assertThat(step(stack, "Listener", "https").text("sslPolicy")).contains("TLS13");
        assertThat(step(stack, "Listener", "http").text("defaultActions")).contains("\"protocol\":\"HTTPS\"");
        assertThat(step(stack, "ConfigurationSet", "mail").text("deliveryOptions"))
                .contains("REQUIRE");
    }

    @ParameterizedTest
    @MethodSource(STACKS)
    void noSecretIsInPlainText(String stack) {
        assertThat(steps(stack)).noneMatch(step -> step.inputs().toString().contains("cleartext"));
        assertThat(steps(stack, "SecretVersion"))
                .isNotEmpty()
                .allSatisfy(version -> assertThat(version.text("secretString")).isEqualTo("[secret]"));
        assertThat(steps(stack, "TaskDefinition")).hasSizeBetween(4, 5).allSatisfy(task -> {
            for (JsonElement container : task.inputs().getAsJsonArray("containerDefinitions")) {
                JsonObject definition = container.getAsJsonObject();
                assertThat(definition.getAsJsonArray("environment")).allSatisfy(entry -> {
                    JsonObject variable = entry.getAsJsonObject();
                    assertThat(variable.get("name").getAsString()).doesNotContain("PASSWORD", "SECRET");
                    if (variable.get("name").getAsString().contains("JAAS")) {
                        assertThat(variable.get("value").getAsString())
                                .containsAnyOf(
                                        "password=\"${env:KAFKA_PASSWORD}\"",
                                        "software.amazon.msk.auth.iam.IAMLoginModule required;");
                    }
                });
                if (definition.has("secrets")) {
                    assertThat(definition.getAsJsonArray("secrets"))
                            .allSatisfy(entry -> assertThat(entry.getAsJsonObject()
                                            .get("valueFrom")
                                            .getAsString())
                                    .startsWith("arn:aws:secretsmanager:"));
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource(STACKS)
    void containersAreConfined(String stack) {
        for (Step task : steps(stack, "TaskDefinition")) {
            for (JsonElement container : task.inputs().getAsJsonArray("containerDefinitions")) {
                JsonObject definition = container.getAsJsonObject();
                assertThat(definition.get("readonlyRootFilesystem").getAsBoolean())
                        .isTrue();
                assertThat(definition.get("linuxParameters").toString()).contains("\"drop\":[\"ALL\"]");
            }
            JsonObject gateway =
                    task.inputs().getAsJsonArray("containerDefinitions").get(0).getAsJsonObject();
            assertThat(gateway.get("user").getAsString()).isEqualTo("10001:10001");
            assertThat(gateway.get("image").getAsString()).contains("@sha256:");
            assertThat(gateway.get("stopTimeout").getAsInt()).isBetween(30, 120);
        }
    }

    @ParameterizedTest
    @MethodSource(STACKS)
    void everyLogEnds(String stack) {
        assertThat(steps(stack, "LogGroup"))
                .isNotEmpty()
                .allSatisfy(group -> assertThat(
                                group.inputs().get("retentionInDays").getAsInt())
                        .isPositive());
    }

    @ParameterizedTest
    @MethodSource(STACKS)
    void everyResourceIsTaggedAndHasAComponent(String stack) {
        Step provider =
                steps(stack).stream().filter(Step::isProvider).findFirst().orElseThrow();
        assertThat(provider.text("defaultTags"))
                .contains(
                        "Project",
                        "deloton",
                        "Stack",
                        stack,
                        "ManagedBy",
                        "\"Owner\":\"gateway-team\"",
                        "\"CostCenter\":\"bikes\"");
        assertThat(steps(stack).stream().filter(step -> step.type().startsWith("aws:")))
                .allSatisfy(step -> assertThat(step.provider()).contains(provider.urn()));
        assertThat(steps(stack).stream()
                        .filter(step -> step.type().startsWith("aws:"))
                        .filter(step -> !step.type().endsWith(":Key")))
                .allSatisfy(step -> assertThat(step.parent()).contains("deloton:infra:"));
    }

    @Test
    void productionSurvivesAMistakenDestroy() {
        Step database = step("prod", "Cluster", "database");
        assertThat(database.flag("deletionProtection")).isTrue();
        assertThat(database.flag("skipFinalSnapshot")).isFalse();
        assertThat(database.text("backupRetentionPeriod")).isEqualTo("35");
        assertThat(step("prod", "LoadBalancer", "web").flag("enableDeletionProtection"))
                .isTrue();
        for (String kind : List.of("Key", "Secret", "ClusterInstance", "BucketV2", "Repository", "LoadBalancer")) {
            assertThat(steps("prod", kind)).isNotEmpty().allMatch(Step::protect, kind + " is protected");
        }
        assertThat(steps("prod").stream().filter(step -> step.type().matches("aws:(rds|msk)/cluster:Cluster")))
                .hasSize(2)
                .allMatch(Step::protect);
    }

    private static void encrypted(String stack, String kind, String property) {
        assertThat(steps(stack, kind))
                .isNotEmpty()
                .allSatisfy(
                        step -> assertThat(step.text(property)).as(step.name()).contains(":key/"));
    }
}
