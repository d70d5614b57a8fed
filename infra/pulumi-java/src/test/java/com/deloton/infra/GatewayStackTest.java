package com.deloton.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.infra.engine.Capture;
import com.deloton.infra.engine.StackConfig;
import com.deloton.infra.engine.Stacks;
import com.deloton.infra.engine.Step;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What settings change. */
class GatewayStackTest {
    @Test
    void aWrongSettingStopsTheProgramBeforeAnyResource() {
        Capture capture = Capture.of(StackConfig.of("prod").with("deloton:zones", "7"));
        assertThat(capture.result().exitCode()).isNotZero();
        assertThat(capture.result().exceptions().toString() + capture.result().errors())
                .contains("deloton:zones is '7'");
        assertThat(capture.steps()).noneMatch(step -> step.type().startsWith("aws:"));
    }

    @Test
    void aPausedStackRunsNoTask() {
        Capture capture =
                Capture.of(StackConfig.of("prod").with("deloton:paused", "true").without("deloton:imageDigest"));
        capture.result().throwOnError();
        assertThat(capture.steps().stream().filter(step -> step.type().endsWith(":Service")))
                .hasSize(2)
                .allSatisfy(service -> assertThat(service.text("desiredCount")).isEqualTo("0"));
        assertThat(capture.steps().stream()
                        .filter(step -> step.type().endsWith("/target:Target"))
                        .filter(step -> step.text("serviceNamespace").equals("ecs")))
                .hasSize(2)
                .allSatisfy(target -> assertThat(target.text("maxCapacity")).isEqualTo("0"));
    }

    @Test
    void productionSpansThreeZonesAndDevelopmentIsSmall() {
        assertThat(Stacks.steps("prod", "NatGateway")).hasSize(3);
        assertThat(Stacks.steps("dev", "NatGateway")).hasSize(1);
        assertThat(Stacks.steps("prod", "ClusterInstance")).hasSize(2);
        assertThat(Stacks.steps("dev").stream().filter(step -> step.type().startsWith("aws:msk")))
                .isEmpty();
    }

    @Test
    void anExistingClusterIsReachedBySasl() {
        Step web = Stacks.step("dev", "TaskDefinition", "web");
        assertThat(web.text("containerDefinitions"))
                .contains("pkc-example.eu-west-2.aws.confluent.cloud:9092", "\"PLAIN\"", "kafka-jaas");
    }

    @Test
    void servicesScaleByLagCpuAndConnections() {
        assertThat(Stacks.steps("prod").stream().filter(step -> step.type().equals("aws:appautoscaling/policy:Policy")))
                .extracting(Step::name)
                .containsExactlyInAnyOrder(
                        "deloton-prod-broker-storage",
                        "deloton-prod-web-cpu",
                        "deloton-prod-web-connections",
                        "deloton-prod-ingest-cpu",
                        "deloton-prod-ingest-lag");
    }

    @Test
    void sockJsOutlivesTheLoadBalancersIdleTimeAndStaysWithItsGateway() {
        assertThat(Stacks.step("prod", "LoadBalancer", "web")
                        .inputs()
                        .get("idleTimeout")
                        .getAsInt())
                .isBetween(26, 74);
        assertThat(Stacks.step("prod", "TargetGroup", "web").text("stickiness")).contains("lb_cookie");
    }

    @Test
    void withoutProtectionASecretsNameIsFreeAtOnce() {
        assertThat(Stacks.steps("dev", "Secret"))
                .isNotEmpty()
                .allSatisfy(secret ->
                        assertThat(secret.text("recoveryWindowInDays")).startsWith("0"));
        assertThat(Stacks.steps("prod", "Secret"))
                .isNotEmpty()
                .allSatisfy(secret ->
                        assertThat(secret.text("recoveryWindowInDays")).startsWith("30"));
    }

    /** Fargate gives a volume the image's mode only at a path that the image declares. */
    @Test
    void bothImagesDeclareTheVolumeThatTasksMount() throws IOException {
        assertThat(Stacks.step("prod", "TaskDefinition", "web").text("containerDefinitions"))
                .contains("\"containerPath\":\"/tmp\"");
        assertThat(Path.of("..", "..", "Dockerfile")).content().contains("VOLUME [\"/tmp\"]");
        assertThat(Path.of("image", "pom.xml")).content().contains("<volume>/tmp</volume>", "<file>/tmp</file>");
    }

    @Test
    void aLongStackNameIsRejected() {
        StackConfig prod = StackConfig.of("prod");
        Capture capture = Capture.of(new StackConfig("production-eu", prod.values(), prod.secretKeys()));

        assertThat(capture.result().exceptions())
                .anySatisfy(failure -> assertThat(failure)
                        .hasMessageContaining("the stack's name is 'production-eu'; expected at most 12 lower-case"));
    }

    @Test
    void theFirewallCountsFirstAndBlocksBySetting() {
        assertThat(Stacks.step("prod", "WebAcl", "web").text("rules")).containsOnlyOnce("\"block\"");
        Capture blocking = Capture.of(StackConfig.of("prod").with("deloton:firewall", "block"));
        assertThat(blocking.steps().stream().filter(step -> step.type().endsWith(":WebAcl")))
                .singleElement()
                .satisfies(acl -> assertThat(acl.text("rules")).doesNotContain("\"count\""));
    }

    @Test
    void aManagedClustersDisksGrowAndAreWatched() {
        assertThat(Stacks.step("prod", "Target", "broker-storage").text("maxCapacity"))
                .startsWith("1000");
        assertThat(Stacks.steps("prod", "MetricAlarm").stream()
                        .filter(alarm -> alarm.text("namespace").equals("AWS/Kafka")))
                .hasSize(7);
    }

    @Test
    void noStackOwnsWhatTheAccountHoldsOnce() {
        Stacks.NAMES.forEach(stack ->
                assertThat(Stacks.steps(stack, "OpenIdConnectProvider")).isEmpty());
    }

    @Test
    void nothingSchedulesTheReport() {
        assertThat(Stacks.steps("prod")).noneMatch(step -> step.type().startsWith("aws:scheduler"));
    }

    @Test
    void withoutRecipientsNoReportIsMade() {
        assertThat(Stacks.step("prod", "TaskDefinition", "ingest").text("containerDefinitions"))
                .contains("\"ingest,alert,report\"");
        Capture capture = Capture.of(StackConfig.of("prod").without("deloton:reportRecipients"));
        assertThat(capture.steps().stream().filter(step -> step.name().equals("deloton-prod-ingest")))
                .anySatisfy(
                        task -> assertThat(task.text("containerDefinitions")).contains("\"ingest,alert\""));
    }

    @Test
    void onlyIngestJoinsTheConsumerGroup() {
        assertThat(Stacks.step("prod", "TaskDefinition", "web").text("containerDefinitions"))
                .contains("DELOTON_KAFKA_TOPIC", "DELOTON_KAFKA_PROPERTIES_SASL_JAAS_CONFIG")
                .doesNotContain("DELOTON_KAFKA_GROUP_ID");
        assertThat(Stacks.step("prod", "TaskDefinition", "ingest").text("containerDefinitions"))
                .contains("DELOTON_KAFKA_GROUP_ID");
    }
}
