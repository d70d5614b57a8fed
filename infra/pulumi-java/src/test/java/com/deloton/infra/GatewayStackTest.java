package com.deloton.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.infra.base.Resources;
import com.deloton.infra.engine.Capture;
import com.deloton.infra.engine.StackConfig;
import com.deloton.infra.engine.Stacks;
import com.deloton.infra.engine.Step;
import com.google.gson.JsonArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What settings change. */
class GatewayStackTest {
    @Test
    void aWrongSettingStopsTheProgramBeforeAnyResource() {
        Capture capture = Capture.of(StackConfig.of("prod").with("deloton:nat", "none"));
        assertThat(capture.result().exitCode()).isNotZero();
        assertThat(capture.result().exceptions().toString() + capture.result().errors())
                .contains("deloton:nat is 'none'");
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
    void anExistingNetworkAndDatabaseGetOnlyRulesForTheStacksClients() {
        List<Step> steps = Stacks.steps("existing");
        assertThat(steps.stream().map(Step::type))
                .noneMatch(type -> type.matches(
                        "aws:(rds/.*|msk/.*|ec2/(vpc|subnet|route|nat|internet|defaultSecurity|flowLog).*)"));
        assertThat(Stacks.step("existing", "SecurityGroupIngressRule", "gateway-database")
                        .text("securityGroupId"))
                .isEqualTo("sg-0a1b2c3d4e5f60721");
        assertThat(Stacks.step("existing", "Service", "web").text("networkConfiguration"))
                .contains("subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712");
        assertThat(Stacks.step("existing", "LoadBalancer", "web").text("subnets"))
                .contains("subnet-0a1b2c3d4e5f60701");
        assertThat(Stacks.step("existing", "TaskDefinition", "migrate").text("containerDefinitions"))
                .contains(
                        "bikes.cluster-abcdefghijkl.eu-west-2.rds.amazonaws.com",
                        "secret:bikes-owner-a1b2c3:password::",
                        "deloton_owner");
    }

    @Test
    void aBackupVaultGetsADailyCopyThatItsAccountCanDecrypt() {
        Capture capture = Capture.of(StackConfig.of("prod")
                .with("deloton:backupVaultArn", "arn:aws:backup:eu-west-2:210987654321:backup-vault:deloton"));
        capture.result().throwOnError();
        assertThat(capture.steps())
                .filteredOn(step -> step.type().startsWith("aws:backup/"))
                .extracting(Step::name)
                .containsExactlyInAnyOrder("deloton-prod-backup", "deloton-prod-backup", "deloton-prod-backup");
        assertThat(capture.steps())
                .filteredOn(step -> step.type().equals("aws:backup/plan:Plan"))
                .allSatisfy(plan -> assertThat(plan.text("rules"))
                        .contains("arn:aws:backup:eu-west-2:210987654321:backup-vault:deloton", "cron(30 4 * * ? *)"));
        assertThat(capture.steps())
                .filteredOn(step -> step.type().equals("aws:kms/key:Key"))
                .allSatisfy(key -> assertThat(key.text("policy")).contains("arn:aws:iam::210987654321:root"));
        assertThat(Stacks.steps("prod")).noneMatch(step -> step.type().startsWith("aws:backup/"));
    }

    @Test
    void tasksReadFromTheManagedBrokerOfTheirZone() {
        for (String task : List.of("web", "ingest")) {
            assertThat(Stacks.step("prod", "TaskDefinition", task).text("containerDefinitions"))
                    .contains("eu-west-2a=euw2-az-of-a,eu-west-2b=euw2-az-of-b,eu-west-2c=euw2-az-of-c");
        }
        assertThat(Stacks.step("dev", "TaskDefinition", "web").text("containerDefinitions"))
                .doesNotContain("ZONE_RACKS");
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
    void anOutageOfTheDatabaseOrKafkaReplacesNoWebTask() {
        assertThat(Stacks.step("prod", "TargetGroup", "web").text("healthCheck"))
                .contains("\"path\":\"/health/started\"", "\"port\":\"8081\"");
        assertThat(Stacks.step("prod", "TaskDefinition", "web").text("containerDefinitions"))
                .contains("{\"name\":\"DELOTON_HTTP_MANAGEMENT_PORT\",\"value\":\"8081\"}");
    }

    @Test
    void aGeneratedSecretsVersionSurvivesRotationsAndIsNotMadeCurrentAgain() {
        Step version = Stacks.step("prod", "SecretVersion", "kafka-login");
        assertThat(version.text("versionStages")).isEqualTo("[\"AWSCURRENT\",\"INITIAL\"]");
        assertThat(version.ignoreChanges()).contains("secretString", "versionStages");
        assertThat(Stacks.step("dev", "SecretVersion", "kafka-jaas").ignoreChanges())
                .as("changes with the settings")
                .isEmpty();
    }

    @Test
    void aTaskReadsTheCurrentPasswordOfItsKafkaLogin() {
        assertThat(Stacks.step("prod", "TaskDefinition", "ingest").text("containerDefinitions"))
                .contains(
                        "{\"name\":\"KAFKA_PASSWORD\",\"valueFrom\":\"arn:aws:secretsmanager:eu-west-2:123456789012:secret:"
                                + "AmazonMSK_deloton-prod-gateway-AbCdEf:password::\"}");
        assertThat(Stacks.steps("prod", "Secret")).extracting(Step::name).doesNotContain("deloton-prod-kafka-jaas");
    }

    /** The JVM's share of the container's memory, and what it needs outside the heap. */
    @Test
    void heapAndOtherMemoryFitTheSmallestTask() throws IOException {
        int heapPercent = 60;
        int outsideHeap = 350;
        String option = "-XX:MaxRAMPercentage=" + heapPercent;
        assertThat(Path.of("..", "..", "Dockerfile")).content().contains(option);
        assertThat(Path.of("image", "pom.xml")).content().contains(option);
        for (String part : List.of("web", "ingest")) {
            JsonArray containers =
                    Stacks.step("dev", "TaskDefinition", part).inputs().getAsJsonArray("containerDefinitions");
            int limit = containers.get(0).getAsJsonObject().get("memory").getAsInt();
            assertThat(limit).isEqualTo(1024 - 128);
            assertThat(limit * heapPercent / 100 + outsideHeap).isLessThanOrEqualTo(limit);
        }
    }

    @Test
    void aReleasedImageIsExpiredByNoRuleForOthers() {
        String policy = Stacks.step("prod", "LifecyclePolicy", "gateway").text("policy");
        assertThat(policy.indexOf("released-")).isBetween(0, policy.indexOf("\"any\""));
        assertThat(Path.of("release.sh")).content().contains("tag=released-");
    }

    @Test
    void theFirewallLogsWhatItCountsOrBlocksWithoutTokens() {
        Step log = Stacks.step("prod", "WebAclLoggingConfiguration", "web");
        assertThat(log.text("logDestinationConfigs")).contains(":log-group:aws-waf-logs-deloton-prod-web");
        assertThat(log.text("redactedFields")).contains("authorization", "cookie", "queryString");
        assertThat(log.text("loggingFilter")).contains("\"DROP\"", "\"COUNT\"", "\"BLOCK\"");
    }

    @Test
    void theFirstFailureOfACounterIsAnIncrease() {
        assertThat(Resources.text("/collector.yaml")).contains("retain_initial_value_of_delta_metric: true");
    }

    @Test
    void aBounceDoesNotHoldItsAlarm() {
        assertThat(Stacks.step("prod", "MetricAlarm", "MailReturned").text("metricName"))
                .isEqualTo("NumberOfMessagesSent");
    }

    @Test
    void managedKafkaUsesKRaftAndItsLogsFitTheDisks() {
        assertThat(Stacks.step("prod", "Cluster", "broker").text("kafkaVersion"))
                .isEqualTo("3.8.x.kraft");
        String properties = Stacks.step("prod", "Configuration", "broker").text("serverProperties");
        assertThat(properties).contains("log.retention.bytes=67108864000", "RackAwareReplicaSelector");
    }

    @Test
    void endpointsAndAuthenticationThatNothingUsesAreNotCreated() {
        assertThat(Stacks.steps("prod", "VpcEndpoint"))
                .extracting(Step::name)
                .containsExactlyInAnyOrder(
                        "deloton-prod-s3",
                        "deloton-prod-ecr-api",
                        "deloton-prod-ecr-dkr",
                        "deloton-prod-logs",
                        "deloton-prod-secretsmanager");
        assertThat(Stacks.step("prod", "Cluster", "database").flag("iamDatabaseAuthenticationEnabled"))
                .isFalse();
    }

    @Test
    void armTasksNeedOneSetting() {
        Capture capture = Capture.of(StackConfig.of("prod").with("deloton:architecture", "arm64"));
        assertThat(capture.steps().stream().filter(step -> step.type().endsWith(":TaskDefinition")))
                .hasSize(5)
                .allSatisfy(task -> assertThat(task.text("runtimePlatform")).contains("\"cpuArchitecture\":\"ARM64\""));
    }

    /** As docs/identity-providers.md says for Cognito: no audience, scopes with a prefix, a public client with a code. */
    @Test
    void stagingSignsInWithAUserPoolOfItsOwn() {
        assertThat(Stacks.step("staging", "TaskDefinition", "web").text("containerDefinitions"))
                .contains(
                        "https://cognito-idp.eu-west-2.amazonaws.com/",
                        "{\"name\":\"DELOTON_API_JWT_SCOPE_PREFIX\",\"value\":\"deloton/\"}",
                        "DELOTON_API_JWT_CLIENT_IDS",
                        "openid deloton/rides:read deloton/riders:read deloton/alerts:write")
                .doesNotContain("DELOTON_API_JWT_AUDIENCE", "DELOTON_API_JWT_JWKS_URL");
        Step client = Stacks.step("staging", "UserPoolClient", "dashboard");
        assertThat(client.text("allowedOauthFlows")).isEqualTo("[\"code\"]");
        assertThat(client.flag("generateSecret")).isFalse();
        assertThat(client.text("callbackUrls")).isEqualTo("[\"https://bikes-staging.example.com/\"]");
        assertThat(Stacks.step("staging", "UserPool", "users").text("adminCreateUserConfig"))
                .contains("\"allowAdminCreateUserOnly\":true");
        assertThat(Stacks.steps("prod", "UserPool")).isEmpty();
    }

    /** An account's zones come in an order that may change; a subnet must not move. */
    @Test
    void subnetsAreInTheZonesOfTheSettings() {
        assertThat(Stacks.step("prod", "Subnet", "data-1").text("availabilityZone"))
                .isEqualTo("eu-west-2b");
    }

    @Test
    void theDashboardShowsTheMetricsOfGrafanas() {
        String body = Stacks.step("prod", "Dashboard", "gateway").text("dashboardBody");
        assertThat(body)
                .contains("# Deloton: overview", "# Deloton: ingest", "deloton_ingest_lag_records", "\"web\"")
                .doesNotContain("_bucket\"", "$instance");
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
    void onlyTheArchiveIsScheduled() {
        assertThat(Stacks.steps("prod", "Schedule")).extracting(Step::name).containsExactly("deloton-prod-archive");
        assertThat(Stacks.steps("dev")).noneMatch(step -> step.type().startsWith("aws:scheduler"));
    }

    @Test
    void theArchiveJobRunsTheNewestRevisionEverySixHours() {
        Step schedule = Stacks.step("prod", "Schedule", "archive");
        assertThat(schedule.text("scheduleExpression")).isEqualTo("rate(6 hours)");
        assertThat(schedule.text("state")).isEqualTo("ENABLED");
        assertThat(schedule.text("target"))
                .contains(
                        "\"taskDefinitionArn\":\"arn:aws:ecs:eu-west-2:123456789012:task-definition/deloton-prod-archive\"");
        String container = Stacks.step("prod", "TaskDefinition", "archive").text("containerDefinitions");
        assertThat(container)
                .contains(
                        "\"command\":[\"archive\",\"--closed\"]",
                        "deloton-prod-archive@sha256:",
                        "{\"name\":\"DELOTON_DATABASE_USER\",\"value\":\"deloton_archive\"}");
    }

    @Test
    void theGatewayWaitsForTheArchiveWhereThereIsOne() {
        String warehouse = "{\"name\":\"DELOTON_ARCHIVE_WAREHOUSE\",\"value\":\"s3://deloton-prod-archive/prod\"}";
        for (String task : List.of("web", "ingest", "archive")) {
            assertThat(Stacks.step("prod", "TaskDefinition", task).text("containerDefinitions"))
                    .as(task)
                    .contains(warehouse);
        }
        assertThat(Stacks.step("dev", "TaskDefinition", "ingest").text("containerDefinitions"))
                .doesNotContain("ARCHIVE");
    }

    /** S3 removes noncurrent versions at the second midnight, which is later than the 24 hours of an erasure. */
    @Test
    void whatTheArchiveDeletesIsGoneAtOnce() {
        assertThat(Stacks.step("prod", "BucketVersioningV2", "archive").text("versioningConfiguration"))
                .isEqualTo("{\"status\":\"Disabled\"}");
        assertThat(Stacks.step("prod", "BucketLifecycleConfigurationV2", "archive")
                        .text("rules"))
                .contains("\"daysAfterInitiation\":1")
                .doesNotContain("noncurrent");
        assertThat(Stacks.step("prod", "BucketServerSideEncryptionConfigurationV2", "archive")
                        .text("rules"))
                .contains("aws:kms", ":key/");
    }

    @Test
    void aRunThatFailsAndTwoThatAreMissingRaiseAnAlarm() {
        assertThat(Stacks.step("prod", "LogMetricFilter", "archive-failed").text("pattern"))
                .isEqualTo("\"archive failed\"");
        assertThat(Stacks.step("prod", "LogMetricFilter", "archive-succeeded").text("pattern"))
                .isEqualTo("?\"days exported\" ?\"day exported\"");
        assertThat(Path.of("..", "..", "archive/src/main/java/com/deloton/archive/ArchiveCommand.java"))
                .content()
                .contains("\"archive failed: \"", "\" exported\"", "\" day\" : \" days\"");
        Step missing = Stacks.step("prod", "MetricAlarm", "ArchiveMissing");
        assertThat(missing.text("treatMissingData")).isEqualTo("breaching");
        assertThat(missing.text("evaluationPeriods")).isEqualTo("13");
        assertThat(Stacks.step("prod", "MetricAlarm", "ArchiveFailed").text("metricName"))
                .isEqualTo("archive_runs_failed");
    }

    @Test
    void aPausedStackArchivesNothing() {
        Capture capture =
                Capture.of(StackConfig.of("prod").with("deloton:paused", "true").without("deloton:archiveImageDigest"));
        capture.result().throwOnError();
        assertThat(capture.steps().stream().filter(step -> step.type().endsWith(":Schedule")))
                .singleElement()
                .satisfies(schedule -> assertThat(schedule.text("state")).isEqualTo("DISABLED"));
    }

    /** The gateway's login has no rights on a new cluster: only IAM has. */
    @Test
    void theTaskTopicsActsAsAnOperatorOnManagedKafkaAndAsTheGatewayElsewhere() {
        String managed = Stacks.step("prod", "TaskDefinition", "topics").text("containerDefinitions");
        assertThat(managed)
                .contains(
                        "\"command\":[\"topics\",\"--partitions\",\"12\",\"--gateway\",\"User:deloton-gateway\","
                                + "\"--bike\",\"User:bikes\"]",
                        "AWS_MSK_IAM",
                        ":9098",
                        "/app/deloton-gateway.jar:/app/msk/aws-msk-iam-auth.jar")
                .doesNotContain("KAFKA_PASSWORD");
        assertThat(Path.of("image", "rootfs.sh")).content().contains("/app/msk/aws-msk-iam-auth.jar");
        assertThat(Path.of("..", "..", "Dockerfile")).content().contains("/app/msk/aws-msk-iam-auth.jar");
        assertThat(Stacks.step("dev", "TaskDefinition", "topics").text("containerDefinitions"))
                .contains("\"command\":[\"topics\"]", "kafka-jaas")
                .doesNotContain("entryPoint");
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
