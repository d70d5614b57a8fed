package com.deloton.infra.broker;

import com.deloton.infra.iam.Statement;
import com.pulumi.core.Output;
import java.util.ArrayList;
import java.util.List;

/**
 * How the task {@code topics} creates topic and ACLs on a managed cluster, where at first only IAM gives rights.
 *
 * @param gatewayUser the gateway's login, which gets the right to read
 * @param bikeUsers the bikes' logins, which get the right to write
 */
public record OperatorAccess(
        Output<String> bootstrapServers,
        Output<String> clusterArn,
        String topic,
        String gatewayUser,
        List<String> bikeUsers) {
    public static final String MECHANISM = "AWS_MSK_IAM";
    public static final String JAAS = "software.amazon.msk.auth.iam.IAMLoginModule required;";
    public static final String CALLBACK = "software.amazon.msk.auth.iam.IAMClientCallbackHandler";

    /** The arguments of the gateway's command {@code topics}. */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "topics",
                "--partitions",
                String.valueOf(ManagedCluster.PARTITIONS),
                "--gateway",
                "User:" + gatewayUser));
        bikeUsers.forEach(user -> arguments.addAll(List.of("--bike", "User:" + user)));
        return arguments;
    }

    /** What the task may do on the cluster: create the topic, and change ACLs. */
    public List<Statement> rights() {
        Output<String> topicArn = clusterArn.applyValue(arn -> arn.replaceFirst(":cluster/", ":topic/") + "/" + topic);
        return List.of(
                Statement.allow("kafka-cluster:AlterCluster", "kafka-cluster:Connect", "kafka-cluster:DescribeCluster")
                        .on(clusterArn),
                Statement.allow("kafka-cluster:CreateTopic", "kafka-cluster:DescribeTopic")
                        .on(topicArn));
    }
}
