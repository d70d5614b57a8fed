package com.deloton.infra.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.infra.engine.Capture;
import com.deloton.infra.engine.StackConfig;
import com.deloton.infra.engine.Stacks;
import com.deloton.infra.engine.Step;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LimitsTest {
    private static final String STACKS = "com.deloton.infra.engine.Stacks#all";
    private static final AwsLimits LIMITS = AwsLimits.load();
    private static final int RANDOM_PLANS = 6;

    @ParameterizedTest
    @MethodSource(STACKS)
    void awsAcceptsEveryResource(String stack) {
        assertThat(Stacks.steps(stack)).flatExtracting(LIMITS::violations).isEmpty();
    }

    @Test
    void everyTypeOfResourceHasALimitWithASource() {
        Set<String> types = new HashSet<>();
        Stacks.all()
                .forEach(stack -> Stacks.steps(stack).stream()
                        .map(Step::type)
                        .filter(type -> type.startsWith("aws:"))
                        .forEach(types::add));

        assertThat(LIMITS.types()).containsAll(types);
        assertThat(LIMITS.limits()).allSatisfy(limit -> {
            assertThat(limit.source()).startsWith("https://docs.aws.amazon.com/");
            assertThat(limit.verification()).isIn("model", "text", "page", "form", "none");
        });
    }

    /** A limit on the rules of a group, which are resources of their own. */
    @ParameterizedTest
    @MethodSource(STACKS)
    void aSecurityGroupHasAtMostSixtyRulesForEachDirection(String stack) {
        assertRules(Stacks.steps(stack));
    }

    private static void assertRules(List<Step> steps) {
        Map<String, Long> rules = steps.stream()
                .filter(step -> step.type().matches("aws:vpc/securityGroup(In|E)gressRule:.*"))
                .collect(Collectors.groupingBy(
                        step -> step.type() + " of " + step.text("securityGroupId"), Collectors.counting()));
        assertThat(rules)
                .hasSizeGreaterThan(5)
                .allSatisfy((group, count) -> assertThat(count).as(group).isLessThanOrEqualTo(60));
    }

    /** Each line is an input of a resource that AWS would reject. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    aws:lb/listenerRule:ListenerRule | {'conditions': [{'pathPattern': {'values': ['*%2e*']}}]} | pathPattern.values[] is "*%2e*"
                    aws:lb/listenerRule:ListenerRule | {'conditions': [{'pathPattern': {'values': ['/m*', '*..*', '*a*', '*b*']}}]} | 7 wildcards
                    aws:lb/listenerRule:ListenerRule | {'conditions': [{'pathPattern': {'values': ['/a', '/b', '/c', '/d', '/e', '/f']}}]} | expected count 1..5
                    aws:ecs/taskDefinition:TaskDefinition | {'containerDefinitions': [{'linuxParameters': {'tmpfs': [{'containerPath': '/tmp'}]}}]} | linuxParameters.tmpfs
                    aws:ecs/taskDefinition:TaskDefinition | {'containerDefinitions': [{'mountPoints': [{'containerPath': '/scratch'}]}]} | mountPoints[].containerPath
                    aws:ecs/taskDefinition:TaskDefinition | {'cpu': '1024', 'memory': '2500'} | cpu is "1024"; expected fargate-memory
                    aws:ecs/taskDefinition:TaskDefinition | {'cpu': '256', 'memory': '1536'} | cpu is "256"; expected fargate-memory
                    aws:msk/cluster:Cluster | {'numberOfBrokerNodes': 18} | expected range 1..15
                    aws:ram/principalAssociation:PrincipalAssociation | {'principal': 'arn:aws:iam::123456789012:root'} | principal is
                    aws:secretsmanager/secret:Secret | {'name': 'x', 'recoveryWindowInDays': 3} | recoveryWindowInDays is 3
                    aws:ec2/securityGroup:SecurityGroup | {'description': "The analysts' way"} | description is "The analysts' way"
                    aws:ec2/vpc:Vpc | {'cidrBlock': '10.300.0.0/16'} | cidrBlock is
                    aws:acm/certificate:Certificate | {'domainName': 'a-very-long-name-of-a-host-that-does-not-fit-into-a-certificate.example.com'} | expected length 1..64
                    aws:budgets/budget:Budget | {'notifications': [{'subscriberEmailAddresses': []}]} | expected count 1..10
                    aws:rds/cluster:Cluster | {'serverlessv2ScalingConfiguration': {'minCapacity': 0.7}} | expected step 0.5
                    aws:cloudwatch/metricAlarm:MetricAlarm | {'period': 1800, 'evaluationPeriods': 60} | expected alarm-window
                    aws:lb/targetGroup:TargetGroup | {'healthCheck': {'interval': 10, 'timeout': 10}} | expected below interval
                    aws:backup/plan:Plan | {'rules': [{'schedule': '30 4 * * *'}]} | rules[].schedule is "30 4 * * *"
                    aws:backup/plan:Plan | {'rules': [{'copyActions': [{'destinationVaultArn': 'deloton'}]}]} | destinationVaultArn is "deloton"
                    aws:lb/loadBalancer:LoadBalancer | {'name': 'deloton-a-stack-with-a-long-name-web'} | $name is
                    aws:scheduler/schedule:Schedule | {'scheduleExpression': 'rate(1 hours)'} | scheduleExpression is "rate(1 hours)"
                    aws:scheduler/schedule:Schedule | {'target': {'retryPolicy': {'maximumRetryAttempts': 186}}} | expected range 0..185
                    aws:cloudwatch/logMetricFilter:LogMetricFilter | {'name': 'archive:failed'} | name is "archive:failed"
                    aws:s3/bucketVersioningV2:BucketVersioningV2 | {'versioningConfiguration': {'status': 'off'}} | status is "off"
                    aws:wafv2/webAcl:WebAcl | {'rules': [{'statement': {'managedRuleGroupStatement': {'name': 'AWSManagedRulesCommonRuleSet'}}}, {'statement': {'managedRuleGroupStatement': {'name': 'AWSManagedRulesCommonRuleSet'}}}, {'statement': {'managedRuleGroupStatement': {'name': 'AWSManagedRulesKnownBadInputsRuleSet'}}}]} | 1600 units
                    pulumi:providers:aws | {'defaultTags': {'tags': {'aws:owner': 'x'}}} | defaultTags.tags is
                    """)
    void whatAwsRejectsIsAViolation(String type, String inputs, String violation) {
        Step step = new Step(
                "",
                type,
                "part",
                "",
                "",
                false,
                List.of(),
                JsonParser.parseString(inputs).getAsJsonObject());

        assertThat(LIMITS.violations(step)).anySatisfy(text -> assertThat(text).contains(violation));
    }

    /** Settings at random within what the loader accepts; a failure prints them. */
    @Test
    void awsAcceptsThePlanOfAnyAcceptedSettings() {
        long seed = Long.getLong("limits.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < RANDOM_PLANS; i++) {
            StackConfig config = random(random);
            Capture capture = Capture.of(config);

            assertThat(capture.result().exceptions())
                    .as("-Dlimits.seed=%d %s", seed, config.values())
                    .isEmpty();
            assertThat(capture.steps())
                    .as("-Dlimits.seed=%d %s", seed, config.values())
                    .hasSizeGreaterThan(60)
                    .flatExtracting(LIMITS::violations)
                    .isEmpty();
            assertRules(capture.steps());
        }
    }

    private static StackConfig random(Random random) {
        Map<String, List<String>> choices = new TreeMap<>(Map.of(
                "kafkaMaxStorageGb", List.of("100", "16384"),
                "nat", List.of("single", "per-zone"),
                "cidr", List.of("10.0.0.0/16", "10.255.0.0/16"),
                "databaseMinAcu", List.of("0.5", "1", "1.5"),
                "databaseMaxAcu", List.of("2", "2.5", "256"),
                "databaseInstances", List.of("1", "3", "5"),
                "databaseBackupDays", List.of("1", "35"),
                "logRetentionDays", List.of("1", "400", "3653"),
                "analyst", List.of("none", "session-manager", "private-link"),
                "protect", List.of("true", "false")));
        choices.putAll(Map.of(
                "webCpu", List.of("256", "512"),
                "webMemory", List.of("1024", "2048"),
                "ingestCpu", List.of("8192", "16384"),
                "ingestMemory", List.of("32768", "57344"),
                "requestsPerFiveMinutes", List.of("100", "2000000"),
                "alarmEmails", List.of("[]", "[\"a@example.com\"]", tenAddresses()),
                "analystPrincipals",
                        List.of(
                                "[\"210987654321\"]",
                                "[\"arn:aws:organizations::210987654321:organization/o-a1b2c3\"]"),
                "interfaceEndpoints", List.of("true", "false"),
                "paused", List.of("true", "false"),
                "domainName", List.of("a.example.com", "a".repeat(52) + ".example.com")));
        choices.put(
                "backupVaultArn", List.of("", "arn:aws:backup:eu-west-2:210987654321:backup-vault:" + "v".repeat(50)));
        choices.put("kafkaProducerCidrs", List.of("[]", ranges(50)));
        boolean network = random.nextBoolean();
        choices.put("network", List.of(network ? "existing" : "managed"));
        choices.put("vpcId", List.of("vpc-0a1b2c3d4e5f60718", "vpc-1a2b3c4d"));
        choices.put("publicSubnetIds", List.of(subnets(2), subnets(3)));
        choices.put("appSubnetIds", List.of(subnets(2), subnets(3)));
        choices.put("dataSubnetIds", List.of(subnets(3)));
        choices.put("database", List.of("managed", "existing"));
        choices.put("databaseHost", List.of("db.example.com"));
        choices.put("databaseSecurityGroupId", List.of("sg-0a1b2c3d4e5f60718", "sg-1a2b3c4d"));
        choices.put(
                "databaseOwnerSecretArn",
                List.of("arn:aws:secretsmanager:eu-west-2:123456789012:secret:rds!cluster-a1b2c3d4-e5f6-a1b2c3"));
        choices.put("archive", List.of("true", "false"));
        choices.put("archiveEveryHours", List.of("1", "12"));
        choices.put("kafkaBikeUsers", List.of("[]", "[\"bikes\", \"bikes-2\"]"));
        choices.put("firewall", List.of("count", "block"));
        choices.put("architecture", List.of("x86-64", "arm64"));
        choices.put("owner", List.of("deloton", "Équipe vélo / Paris"));
        StackConfig config = StackConfig.of("prod");
        for (Map.Entry<String, List<String>> choice : choices.entrySet()) {
            List<String> values = choice.getValue();
            config = config.with("deloton:" + choice.getKey(), values.get(random.nextInt(values.size())));
        }
        return config;
    }

    private static String subnets(int count) {
        return IntStream.range(0, count)
                .mapToObj("\"subnet-0a1b2c3d4e5f6071%d\""::formatted)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String ranges(int count) {
        return IntStream.range(0, count)
                .mapToObj("\"10.9.%d.0/24\""::formatted)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String tenAddresses() {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            addresses.add("\"on-call-" + i + "@example.com\"");
        }
        return addresses.toString();
    }
}
