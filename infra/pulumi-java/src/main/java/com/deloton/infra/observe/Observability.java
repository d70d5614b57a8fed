package com.deloton.infra.observe;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.broker.Broker;
import com.deloton.infra.database.Database;
import com.deloton.infra.edge.Edge;
import com.deloton.infra.iam.Policy;
import com.deloton.infra.iam.Statement;
import com.deloton.infra.mail.Mail;
import com.deloton.infra.observe.Alarms.Metric;
import com.deloton.infra.service.ArchiveSchedule;
import com.deloton.infra.service.Collector;
import com.deloton.infra.service.GatewayService;
import com.deloton.infra.settings.Settings;
import com.pulumi.aws.budgets.Budget;
import com.pulumi.aws.budgets.BudgetArgs;
import com.pulumi.aws.budgets.inputs.BudgetCostFilterArgs;
import com.pulumi.aws.budgets.inputs.BudgetNotificationArgs;
import com.pulumi.aws.cloudwatch.DashboardArgs;
import com.pulumi.aws.sns.Topic;
import com.pulumi.aws.sns.TopicArgs;
import com.pulumi.aws.sns.TopicPolicy;
import com.pulumi.aws.sns.TopicPolicyArgs;
import com.pulumi.aws.sns.TopicSubscription;
import com.pulumi.aws.sns.TopicSubscriptionArgs;
import com.pulumi.core.Output;
import java.util.List;
import java.util.Map;

/** Alarms of the gateway's rules and of the services it depends on, sent by mail; and a budget. */
public final class Observability extends Component {
    public final Output<String> topicArn;

    public Observability(
            StackContext context,
            Settings settings,
            Edge edge,
            Database database,
            Broker broker,
            Mail mail,
            GatewayService service,
            int zones) {
        super("Observability", "observability", context);
        this.topicArn = topic(settings.operations().alarmEmails());
        Alarms alarms = new Alarms(this, topicArn);
        if (!settings.service().paused()) {
            alarms.rules(AlertRule.load());
            edge(alarms, edge);
            running(
                    alarms,
                    service.clusterName,
                    service.webName,
                    "web",
                    settings.service().web());
            running(
                    alarms,
                    service.clusterName,
                    service.ingestName,
                    "ingest",
                    settings.service().ingest());
            settings.archive().ifPresent(archive -> archive(alarms, archive));
        }
        database.clusterId.ifPresent(id -> database(alarms, id));
        broker.managedCluster.ifPresent(name -> broker(alarms, name, zones));
        mail(alarms, mail);
        budget(settings.operations());
        new com.pulumi.aws.cloudwatch.Dashboard(
                context.name("gateway"),
                DashboardArgs.builder()
                        .dashboardName(context.name("gateway"))
                        .dashboardBody(Dashboard.body(context))
                        .build(),
                own());
        done();
    }

    private Output<String> topic(List<String> emails) {
        Topic topic = new Topic(
                context().name("alarms"),
                TopicArgs.builder().kmsMasterKeyId(context().keyArn()).build(),
                own());
        new TopicPolicy(
                context().name("alarms"),
                TopicPolicyArgs.builder()
                        .arn(topic.arn())
                        .policy(Policy.of(Statement.allow("sns:Publish")
                                .on(topic.arn())
                                .toService("cloudwatch")
                                .when(
                                        "StringEquals",
                                        "aws:SourceAccount",
                                        context().account())))
                        .build(),
                own());
        for (int i = 0; i < emails.size(); i++) {
            new TopicSubscription(
                    context().name("alarms-" + i),
                    TopicSubscriptionArgs.builder()
                            .topic(topic.arn())
                            .protocol("email")
                            .endpoint(emails.get(i))
                            .build(),
                    own());
        }
        return topic.arn();
    }

    private static void edge(Alarms alarms, Edge edge) {
        Map<String, Output<String>> balancer = Map.of("LoadBalancer", edge.loadBalancerSuffix);
        alarms.above(
                "GatewayErrors",
                "Requests fail inside the gateway",
                new Metric("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum", 60, balancer),
                10,
                5);
        alarms.above(
                "GatewayUnreachable",
                "The load balancer cannot reach a gateway",
                new Metric("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "Sum", 60, balancer),
                10,
                5);
        alarms.above(
                "GatewayUnhealthy",
                "A gateway is not ready",
                new Metric(
                        "AWS/ApplicationELB",
                        "UnHealthyHostCount",
                        "Maximum",
                        60,
                        Map.of("LoadBalancer", edge.loadBalancerSuffix, "TargetGroup", edge.targetGroupSuffix)),
                0,
                10);
    }

    private static void running(
            Alarms alarms, Output<String> cluster, Output<String> service, String name, Settings.Tasks size) {
        alarms.below(
                "TasksMissing-" + name,
                "Fewer " + name + " tasks run than should",
                new Metric(
                        "ECS/ContainerInsights",
                        "RunningTaskCount",
                        "Minimum",
                        60,
                        Map.of("ClusterName", cluster, "ServiceName", service)),
                size.min(),
                10);
    }

    private void archive(Alarms alarms, Settings.Archive archive) {
        String namespace = Collector.namespace(context());
        alarms.above(
                "ArchiveFailed",
                "A run of the archive job failed: see its log",
                new Metric(namespace, ArchiveSchedule.FAILED, "Sum", 300, Map.of()),
                0,
                1);
        alarms.below(
                "ArchiveMissing",
                "No run of the archive job has succeeded; erased riders must leave the archive within 24 hours",
                new Metric(namespace, ArchiveSchedule.SUCCEEDED, "Sum", 3600, Map.of()),
                1,
                2 * archive.everyHours() + 1);
    }

    private static void database(Alarms alarms, Output<String> clusterId) {
        Map<String, Output<String>> cluster = Map.of("DBClusterIdentifier", clusterId);
        alarms.above(
                "DatabaseFull",
                "The database is at the top of its capacity",
                new Metric("AWS/RDS", "ACUUtilization", "Average", 300, cluster),
                90,
                3);
        alarms.above(
                "DatabaseReaderLag",
                "Analysts see old data",
                new Metric("AWS/RDS", "AuroraReplicaLagMaximum", "Maximum", 300, cluster),
                30_000,
                3);
    }

    /** Metrics of a managed cluster; each broker reports its own disk and replicas. */
    private static void broker(Alarms alarms, Output<String> cluster, int brokers) {
        alarms.above(
                "BrokerPartitionsOffline",
                "Kafka partitions have no leader",
                new Metric("AWS/Kafka", "OfflinePartitionsCount", "Maximum", 60, Map.of("Cluster Name", cluster)),
                0,
                5);
        for (int i = 1; i <= brokers; i++) {
            Map<String, Output<String>> broker =
                    Map.of("Cluster Name", cluster, "Broker ID", Output.of(String.valueOf(i)));
            alarms.above(
                    "BrokerDiskFull-" + i,
                    "The disk of Kafka broker " + i + " is nearly full",
                    new Metric("AWS/Kafka", "KafkaDataLogsDiskUsed", "Maximum", 300, broker),
                    85,
                    1);
            alarms.above(
                    "BrokerReplicasMissing-" + i,
                    "Partitions of Kafka broker " + i + " lack replicas",
                    new Metric("AWS/Kafka", "UnderReplicatedPartitions", "Maximum", 60, broker),
                    0,
                    15);
        }
    }

    private static void mail(Alarms alarms, Mail mail) {
        alarms.above(
                "MailBounces",
                "The mail reputation is in danger",
                new Metric("AWS/SES", "Reputation.BounceRate", "Average", 3600, Map.of()),
                0.04,
                1);
        alarms.above(
                "MailComplaints",
                "Recipients complain about mail",
                new Metric("AWS/SES", "Reputation.ComplaintRate", "Average", 3600, Map.of()),
                0.0008,
                1);
        alarms.above(
                "MailReturned",
                "A mail bounced: see the queue of bounces",
                new Metric("AWS/SQS", "NumberOfMessagesSent", "Sum", 300, Map.of("QueueName", mail.bounces.queueName)),
                0,
                1);
    }

    private void budget(Settings.Operations settings) {
        BudgetArgs.Builder args = BudgetArgs.builder()
                .name(context().name("monthly"))
                .budgetType("COST")
                .timeUnit("MONTHLY")
                .limitUnit("USD")
                .costFilters(BudgetCostFilterArgs.builder()
                        .name("TagKeyValue")
                        .values("user:Stack$" + context().stack())
                        .build())
                .limitAmount(String.valueOf(settings.monthlyBudgetUsd()));
        if (!settings.alarmEmails().isEmpty()) {
            args.notifications(BudgetNotificationArgs.builder()
                    .comparisonOperator("GREATER_THAN")
                    .threshold(90.0)
                    .thresholdType("PERCENTAGE")
                    .notificationType("FORECASTED")
                    .subscriberEmailAddresses(settings.alarmEmails())
                    .build());
        }
        new Budget(context().name("monthly"), args.build(), own());
    }
}
