package com.deloton.infra.network;

import com.deloton.infra.base.Logs;
import com.deloton.infra.base.Roles;
import com.deloton.infra.iam.Statement;
import com.pulumi.aws.cloudwatch.LogGroup;
import com.pulumi.aws.ec2.FlowLog;
import com.pulumi.aws.ec2.FlowLogArgs;
import com.pulumi.aws.iam.Role;

/** A record of refused connections. */
final class FlowLogs {
    private FlowLogs() {}

    static void create(Network network) {
        LogGroup group = Logs.group(network, "flow");
        Role role = Roles.forService(
                network,
                "flow",
                "vpc-flow-logs",
                Statement.allow("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams")
                        .on(group.arn(), group.arn().applyValue(arn -> arn + ":*")));
        new FlowLog(
                network.context().name("flow"),
                FlowLogArgs.builder()
                        .vpcId(network.vpcId)
                        .trafficType("REJECT")
                        .logDestination(group.arn())
                        .iamRoleArn(role.arn())
                        .build(),
                network.own());
    }
}
