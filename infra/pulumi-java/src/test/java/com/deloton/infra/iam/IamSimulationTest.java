package com.deloton.infra.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.infra.engine.Capture;
import com.deloton.infra.engine.StackConfig;
import com.deloton.infra.engine.Stacks;
import com.deloton.infra.engine.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A few allows and denies, as this repository's small model of IAM sees them. */
class IamSimulationTest {
    private static final String SECRETS = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:";
    private static final String GATEWAY_LOGIN = SECRETS + "/deloton/prod/database-gateway-AbCdEf";
    private static final String OWNER_LOGIN = SECRETS + "rds!cluster-owner-AbCdEf";
    private static final String ANALYST_LOGIN = SECRETS + "/deloton/prod/database-analyst-AbCdEf";
    private static final String SMTP_LOGIN = SECRETS + "/deloton/prod/smtp-AbCdEf";
    private static final String LINK_SECRET = SECRETS + "/deloton/prod/alert-links-AbCdEf";
    private static final Map<String, String> NOTHING = Map.of();

    @Test
    void aTaskReadsItsOwnSecretsOnly() {
        PolicyDocument web = policy("RolePolicy", "web-launch");
        assertThat(web.allows("secretsmanager:GetSecretValue", GATEWAY_LOGIN, NOTHING))
                .isTrue();
        assertThat(web.allows("secretsmanager:GetSecretValue", OWNER_LOGIN, NOTHING))
                .isFalse();
        assertThat(web.allows("secretsmanager:GetSecretValue", SMTP_LOGIN, NOTHING))
                .isFalse();
        assertThat(web.allows("secretsmanager:GetSecretValue", ANALYST_LOGIN, NOTHING))
                .isFalse();
        assertThat(web.allows("secretsmanager:GetSecretValue", LINK_SECRET, NOTHING))
                .isTrue();
        PolicyDocument ingest = policy("RolePolicy", "ingest-launch");
        assertThat(ingest.allows("secretsmanager:GetSecretValue", SMTP_LOGIN, NOTHING))
                .isTrue();
        assertThat(ingest.allows("secretsmanager:GetSecretValue", OWNER_LOGIN, NOTHING))
                .isFalse();
        PolicyDocument migrate = policy("RolePolicy", "migrate-launch");
        assertThat(migrate.allows("secretsmanager:GetSecretValue", OWNER_LOGIN, NOTHING))
                .isTrue();
        assertThat(migrate.allows("secretsmanager:GetSecretValue", SMTP_LOGIN, NOTHING))
                .isFalse();
        assertThat(migrate.allows("secretsmanager:GetSecretValue", LINK_SECRET, NOTHING))
                .isFalse();
    }

    @Test
    void theKeyOpensSecretsOnly() {
        PolicyDocument web = policy("RolePolicy", "web-launch");
        String key = "arn:aws:kms:eu-west-2:123456789012:key/00000000-0000-0000-0000-000000000000";
        String via = "kms:ViaService";
        assertThat(web.allows("kms:Decrypt", key, Map.of(via, "secretsmanager.eu-west-2.amazonaws.com")))
                .isTrue();
        assertThat(web.allows("kms:Decrypt", key, Map.of(via, "rds.eu-west-2.amazonaws.com")))
                .isFalse();
        assertThat(web.allows("kms:Decrypt", key, NOTHING)).isFalse();
    }

    @Test
    void aRunningTaskWritesMetricsAndNothingElse() {
        PolicyDocument web = policy("RolePolicy", "web-task");
        String logs = "arn:aws:logs:eu-west-2:123456789012:log-group:/deloton/prod/";
        assertThat(web.allows("logs:PutLogEvents", logs + "metrics:log-stream:web/1", NOTHING))
                .isTrue();
        assertThat(web.allows("logs:PutLogEvents", logs + "ingest:log-stream:x", NOTHING))
                .isFalse();
        assertThat(web.allows("secretsmanager:GetSecretValue", GATEWAY_LOGIN, NOTHING))
                .isFalse();
    }

    @Test
    void aReleaseMigratesAndRollsButCannotRaiseItself() {
        PolicyDocument release = policy("RolePolicy", "release");
        String ecs = "arn:aws:ecs:eu-west-2:123456789012:";
        Map<String, String> cluster = Map.of("ecs:cluster", ecs + "cluster/deloton-prod-gateway");
        assertThat(release.allows("ecs:RunTask", ecs + "task-definition/deloton-prod-migrate:7", cluster))
                .isTrue();
        assertThat(release.allows("ecs:RunTask", ecs + "task-definition/deloton-prod-topics:7", cluster))
                .isTrue();
        assertThat(release.allows(
                        "ecs:RegisterTaskDefinition", ecs + "task-definition/deloton-prod-archive:7", NOTHING))
                .isTrue();
        assertThat(release.allows("ecs:RunTask", ecs + "task-definition/deloton-prod-archive:7", cluster))
                .isFalse();
        assertThat(release.allows("ecs:RunTask", ecs + "task-definition/deloton-prod-web:7", cluster))
                .isFalse();
        assertThat(release.allows("ecs:RunTask", ecs + "task-definition/deloton-prod-migrate:7", NOTHING))
                .isFalse();
        assertThat(release.allows("ecs:UpdateService", ecs + "service/deloton-prod-gateway/deloton-prod-web", NOTHING))
                .isTrue();
        assertThat(release.allows("ecs:UpdateService", ecs + "service/other/web", NOTHING))
                .isFalse();

        String roles = "arn:aws:iam::123456789012:role/deloton-prod-";
        Map<String, String> tasks = Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com");
        assertThat(release.allows("iam:PassRole", roles + "web-task", tasks)).isTrue();
        assertThat(release.allows(
                        "iam:PassRole", roles + "web-task", Map.of("iam:PassedToService", "ec2.amazonaws.com")))
                .isFalse();
        assertThat(release.allows("iam:PassRole", roles + "release", tasks)).isFalse();
        assertThat(release.allows("iam:PutRolePolicy", roles + "release", NOTHING))
                .isFalse();
        assertThat(release.allows("secretsmanager:GetSecretValue", OWNER_LOGIN, NOTHING))
                .isFalse();
    }

    @Test
    void theArchiveJobReadsAndWritesBelowItsPrefixOnly() {
        PolicyDocument job = policy("RolePolicy", "archive-task");
        String bucket = "arn:aws:s3:::deloton-prod-archive";
        for (String action : List.of("s3:GetObject", "s3:PutObject", "s3:DeleteObject")) {
            assertThat(job.allows(action, bucket + "/prod/archive/ride/data/1.parquet", NOTHING))
                    .isTrue();
            assertThat(job.allows(action, bucket + "/other", NOTHING)).isFalse();
        }
        assertThat(job.allows("s3:ListBucket", bucket, Map.of("s3:prefix", "prod/archive/ride/")))
                .isTrue();
        assertThat(job.allows("s3:ListBucket", bucket, Map.of("s3:prefix", ""))).isFalse();
        String key = "arn:aws:kms:eu-west-2:123456789012:key/00000000-0000-0000-0000-000000000000";
        assertThat(job.allows("kms:GenerateDataKey", key, Map.of("kms:ViaService", "s3.eu-west-2.amazonaws.com")))
                .isTrue();
        assertThat(job.allows("kms:GenerateDataKey", key, NOTHING)).isFalse();
        PolicyDocument launch = policy("RolePolicy", "archive-launch");
        assertThat(launch.allows(
                        "secretsmanager:GetSecretValue", SECRETS + "/deloton/prod/database-archive-AbCdEf", NOTHING))
                .isTrue();
        assertThat(launch.allows("secretsmanager:GetSecretValue", GATEWAY_LOGIN, NOTHING))
                .isFalse();
    }

    @Test
    void theScheduleStartsTheArchiveJobOnly() {
        PolicyDocument schedule = policy("RolePolicy", "archive-schedule");
        String ecs = "arn:aws:ecs:eu-west-2:123456789012:";
        Map<String, String> cluster = Map.of("ecs:cluster", ecs + "cluster/deloton-prod-gateway");
        assertThat(schedule.allows("ecs:RunTask", ecs + "task-definition/deloton-prod-archive:7", cluster))
                .isTrue();
        assertThat(schedule.allows("ecs:RunTask", ecs + "task-definition/deloton-prod-migrate:7", cluster))
                .isFalse();
        String roles = "arn:aws:iam::123456789012:role/deloton-prod-";
        Map<String, String> tasks = Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com");
        assertThat(schedule.allows("iam:PassRole", roles + "archive-task", tasks))
                .isTrue();
        assertThat(schedule.allows("iam:PassRole", roles + "migrate-launch", tasks))
                .isFalse();
    }

    @Test
    void theTaskTopicsCreatesOneTopicAndAcls() {
        PolicyDocument topics = policy("RolePolicy", "topics-task");
        String kafka = "arn:aws:kafka:eu-west-2:123456789012:";
        assertThat(topics.allows("kafka-cluster:AlterCluster", kafka + "cluster/deloton-prod-broker", NOTHING))
                .isTrue();
        assertThat(topics.allows("kafka-cluster:CreateTopic", kafka + "topic/deloton-prod-broker/deloton", NOTHING))
                .isTrue();
        assertThat(topics.allows("kafka-cluster:CreateTopic", kafka + "topic/deloton-prod-broker/other", NOTHING))
                .isFalse();
        assertThat(topics.allows("kafka-cluster:ReadData", kafka + "topic/deloton-prod-broker/deloton", NOTHING))
                .isFalse();
    }

    @Test
    void onlyThisRepositorysEnvironmentMayRelease() {
        PolicyDocument trust = policy("Role", "release");
        String issuer = "token.actions.githubusercontent.com";
        String action = "sts:AssumeRoleWithWebIdentity";
        String subject = "repo:example/deloton-gateway:environment:prod";
        assertThat(trust.allows(action, "", Map.of(issuer + ":aud", "sts.amazonaws.com", issuer + ":sub", subject)))
                .isTrue();
        for (String other : new String[] {
            "repo:example/deloton-gateway:environment:dev",
            "repo:example/deloton-gateway:ref:refs/heads/main",
            "repo:elsewhere/deloton-gateway:environment:prod"
        }) {
            assertThat(trust.allows(action, "", Map.of(issuer + ":aud", "sts.amazonaws.com", issuer + ":sub", other)))
                    .isFalse();
        }
    }

    @Test
    void aRepositoryWithIdsReleasesByItsIds() {
        Capture capture = Capture.of(StackConfig.of("prod")
                .with("deloton:githubOwnerId", "123456")
                .with("deloton:githubRepositoryId", "456789"));
        Step role = capture.steps().stream()
                .filter(step -> step.type().endsWith(":Role") && step.name().equals("deloton-prod-release"))
                .findFirst()
                .orElseThrow();

        assertThat(role.text("assumeRolePolicy"))
                .contains("repo:example@123456/deloton-gateway@456789:environment:prod")
                .contains("arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com");
    }

    @Test
    void theSmtpUserSendsFromOneAddress() {
        PolicyDocument smtp = policy("UserPolicy", "smtp");
        String identity = "arn:aws:ses:eu-west-2:123456789012:identity/bikes.example.com";
        assertThat(smtp.allows("ses:SendRawEmail", identity, Map.of("ses:FromAddress", "gateway@bikes.example.com")))
                .isTrue();
        assertThat(smtp.allows("ses:SendRawEmail", identity, Map.of("ses:FromAddress", "director@bikes.example.com")))
                .isFalse();
    }

    private static PolicyDocument policy(String kind, String part) {
        return PolicyDocument.all(List.of(Stacks.step("prod", kind, part))).getFirst();
    }
}
