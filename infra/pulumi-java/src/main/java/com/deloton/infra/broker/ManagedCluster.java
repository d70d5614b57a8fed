package com.deloton.infra.broker;

import com.deloton.infra.base.Logs;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.base.StoredSecret;
import com.deloton.infra.iam.Policy;
import com.deloton.infra.iam.Statement;
import com.deloton.infra.network.Network;
import com.deloton.infra.settings.Settings.ManagedKafka;
import com.deloton.infra.settings.Settings.SaslMechanism;
import com.pulumi.aws.cloudwatch.LogGroup;
import com.pulumi.aws.msk.Cluster;
import com.pulumi.aws.msk.ClusterArgs;
import com.pulumi.aws.msk.Configuration;
import com.pulumi.aws.msk.ConfigurationArgs;
import com.pulumi.aws.msk.SingleScramSecretAssociation;
import com.pulumi.aws.msk.SingleScramSecretAssociationArgs;
import com.pulumi.aws.msk.inputs.ClusterBrokerNodeGroupInfoArgs;
import com.pulumi.aws.msk.inputs.ClusterBrokerNodeGroupInfoStorageInfoArgs;
import com.pulumi.aws.msk.inputs.ClusterBrokerNodeGroupInfoStorageInfoEbsStorageInfoArgs;
import com.pulumi.aws.msk.inputs.ClusterClientAuthenticationArgs;
import com.pulumi.aws.msk.inputs.ClusterClientAuthenticationSaslArgs;
import com.pulumi.aws.msk.inputs.ClusterConfigurationInfoArgs;
import com.pulumi.aws.msk.inputs.ClusterEncryptionInfoArgs;
import com.pulumi.aws.msk.inputs.ClusterEncryptionInfoEncryptionInTransitArgs;
import com.pulumi.aws.msk.inputs.ClusterLoggingInfoArgs;
import com.pulumi.aws.msk.inputs.ClusterLoggingInfoBrokerLogsArgs;
import com.pulumi.aws.msk.inputs.ClusterLoggingInfoBrokerLogsCloudwatchLogsArgs;
import com.pulumi.aws.secretsmanager.SecretPolicy;
import com.pulumi.aws.secretsmanager.SecretPolicyArgs;
import com.pulumi.core.Output;
import java.util.List;
import java.util.Optional;

/** Amazon MSK: TLS only, SCRAM for the gateway and the bikes, IAM for the task and the operators who create topics and ACLs. */
final class ManagedCluster {
    private static final String USERNAME = "deloton-gateway";

    /** Of the topic, as the gateway's command {@code topics} creates it; each broker has a replica of each. */
    static final int PARTITIONS = 12;

    private static final long GIGABYTE = 1L << 30;

    private ManagedCluster() {}

    /** The gateway's login; other secrets that are associated with the cluster, such as the bikes', stay. */
    static BrokerAccess access(Broker owner, ManagedKafka settings, Cluster cluster, Network network) {
        StackContext context = owner.context();
        StoredSecret login = StoredSecret.login(owner, "kafka-login", "AmazonMSK_" + context.name("gateway"), USERNAME);
        new SecretPolicy(
                context.name("kafka-login"),
                SecretPolicyArgs.builder()
                        .secretArn(login.arn())
                        .policy(Policy.of(Statement.allow("secretsmanager:GetSecretValue")
                                .on(login.arn())
                                .toService("kafka")
                                .when("StringEquals", "aws:SourceAccount", context.account())))
                        .build(),
                owner.own());
        new SingleScramSecretAssociation(
                context.name("kafka-login"),
                SingleScramSecretAssociationArgs.builder()
                        .clusterArn(cluster.arn())
                        .secretArn(login.arn())
                        .build(),
                owner.own());
        return new BrokerAccess(
                cluster.bootstrapBrokersSaslScram(),
                SaslMechanism.SCRAM_SHA_512,
                new BrokerAccess.RotatedLogin(login.arn(), USERNAME),
                settings.topic(),
                settings.groupId(),
                racks(network));
    }

    static OperatorAccess operator(ManagedKafka settings, Cluster cluster) {
        return new OperatorAccess(
                cluster.bootstrapBrokersSaslIam(), cluster.arn(), settings.topic(), USERNAME, settings.bikeUsers());
    }

    /** Amazon MSK gives each broker the id of its zone as its rack. */
    private static Optional<Output<String>> racks(Network network) {
        if (network.zoneIds.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Output.all(network.zoneIds.entrySet().stream()
                        .map(zone -> zone.getValue().applyValue(id -> zone.getKey() + "=" + id))
                        .toList())
                .applyValue(racks -> String.join(",", racks)));
    }

    static Cluster cluster(Broker owner, ManagedKafka settings, Network network) {
        StackContext context = owner.context();
        LogGroup logs = Logs.group(owner, "broker");
        Configuration configuration = configuration(owner, settings, network.dataSubnets.size());
        return new Cluster(
                context.name("broker"),
                ClusterArgs.builder()
                        .kafkaVersion(settings.version())
                        .numberOfBrokerNodes(network.dataSubnets.size())
                        .brokerNodeGroupInfo(ClusterBrokerNodeGroupInfoArgs.builder()
                                .instanceType(settings.instanceType())
                                .clientSubnets(Output.all(network.dataSubnets))
                                .securityGroups(network.firewall.broker.applyValue(List::of))
                                .storageInfo(ClusterBrokerNodeGroupInfoStorageInfoArgs.builder()
                                        .ebsStorageInfo(
                                                ClusterBrokerNodeGroupInfoStorageInfoEbsStorageInfoArgs.builder()
                                                        .volumeSize(settings.storageGb())
                                                        .build())
                                        .build())
                                .build())
                        .clientAuthentication(ClusterClientAuthenticationArgs.builder()
                                .unauthenticated(false)
                                .sasl(ClusterClientAuthenticationSaslArgs.builder()
                                        .scram(true)
                                        .iam(true)
                                        .build())
                                .build())
                        .encryptionInfo(ClusterEncryptionInfoArgs.builder()
                                .encryptionAtRestKmsKeyArn(context.keyArn())
                                .encryptionInTransit(ClusterEncryptionInfoEncryptionInTransitArgs.builder()
                                        .clientBroker("TLS")
                                        .inCluster(true)
                                        .build())
                                .build())
                        .enhancedMonitoring("PER_BROKER")
                        .configurationInfo(ClusterConfigurationInfoArgs.builder()
                                .arn(configuration.arn())
                                .revision(configuration.latestRevision())
                                .build())
                        .loggingInfo(ClusterLoggingInfoArgs.builder()
                                .brokerLogs(ClusterLoggingInfoBrokerLogsArgs.builder()
                                        .cloudwatchLogs(ClusterLoggingInfoBrokerLogsCloudwatchLogsArgs.builder()
                                                .enabled(true)
                                                .logGroup(logs.name())
                                                .build())
                                        .build())
                                .build())
                        .build(),
                owner.guarded());
    }

    /** The most that a partition keeps: all partitions together fill a disk at its largest to three quarters. */
    private static long partitionBytes(ManagedKafka settings) {
        return settings.maxStorageGb() * GIGABYTE * 3 / 4 / PARTITIONS;
    }

    private static Configuration configuration(Broker owner, ManagedKafka settings, int brokers) {
        return new Configuration(
                owner.context().name("broker"),
                ConfigurationArgs.builder()
                        .kafkaVersions(settings.version())
                        .serverProperties("""
                                auto.create.topics.enable=false
                                allow.everyone.if.no.acl.found=false
                                default.replication.factor=%d
                                min.insync.replicas=%d
                                unclean.leader.election.enable=false
                                log.retention.hours=168
                                log.retention.bytes=%d
                                replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector
                                """.formatted(brokers, brokers - 1, partitionBytes(settings)))
                        .build(),
                owner.own());
    }
}
