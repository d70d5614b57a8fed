package com.deloton.infra.network;

import com.deloton.infra.settings.Settings;
import com.deloton.infra.settings.Settings.AnalystMode;
import com.deloton.infra.settings.Settings.ExistingDatabase;
import com.deloton.infra.settings.Settings.ExternalKafka;
import com.deloton.infra.settings.Settings.ManagedDatabase;
import com.deloton.infra.settings.Settings.ManagedKafka;
import com.pulumi.aws.ec2.SecurityGroup;
import com.pulumi.aws.ec2.SecurityGroupArgs;
import com.pulumi.aws.vpc.SecurityGroupEgressRule;
import com.pulumi.aws.vpc.SecurityGroupEgressRuleArgs;
import com.pulumi.aws.vpc.SecurityGroupIngressRule;
import com.pulumi.aws.vpc.SecurityGroupIngressRuleArgs;
import com.pulumi.core.Output;

/** All security groups and rules of the stack. */
public final class Firewall {
    public static final int GATEWAY_PORT = 8080;

    /** Health and metrics, which only the balancer's health checks and the task's own collector reach. */
    public static final int MANAGEMENT_PORT = 8081;

    public static final int DATABASE_PORT = 5432;
    public static final int SMTP_PORT = 587;

    /** Of managed brokers, for clients that authenticate by IAM. */
    private static final int BROKER_IAM_PORT = 9098;

    private static final String EVERYWHERE = "0.0.0.0/0";

    public final Output<String> edge;
    public final Output<String> web;
    public final Output<String> gateway;
    public final Output<String> database;
    public final Output<String> broker;
    public final Output<String> analyst;
    final Output<String> endpoints;

    private final Network network;

    Firewall(Network network, Settings settings) {
        this.network = network;
        this.edge = group("edge", "The public load balancer");
        this.web = group("web", "Gateways that serve requests");
        this.gateway = group("gateway", "Every gateway");
        this.database = switch (settings.database()) {
            case ManagedDatabase managed -> group("database", "PostgreSQL");
            case ExistingDatabase existing -> Output.of(existing.securityGroupId());
        };
        this.broker = group("broker", "Kafka");
        this.analyst = group("analyst", "Access of analysts to the database");
        this.endpoints = group("endpoints", "Private endpoints of AWS services");

        ingress("edge-https", edge, 443, EVERYWHERE);
        ingress("edge-http", edge, 80, EVERYWHERE);
        connect("edge-web", edge, web, GATEWAY_PORT);
        connect("edge-health", edge, web, MANAGEMENT_PORT);
        connect("gateway-database", gateway, database, DATABASE_PORT);
        connect("gateway-endpoints", gateway, endpoints, 443);
        egress("gateway-https", gateway, 443);
        egress("gateway-smtp", gateway, SMTP_PORT);
        switch (settings.kafka()) {
            case ManagedKafka managed -> {
                connect("gateway-broker", gateway, broker, managed.port());
                connect("gateway-broker-iam", gateway, broker, BROKER_IAM_PORT);
                for (int i = 0; i < managed.producerCidrs().size(); i++) {
                    ingress(
                            "producers-" + i,
                            broker,
                            managed.port(),
                            managed.producerCidrs().get(i));
                }
            }
            case ExternalKafka external -> egress("gateway-broker", gateway, external.port());
        }
        if (settings.analyst().mode() != AnalystMode.NONE) {
            connect("analyst-database", analyst, database, DATABASE_PORT);
        }
        if (settings.analyst().mode() == AnalystMode.SESSION_MANAGER) {
            connect("analyst-endpoints", analyst, endpoints, 443);
            egress("analyst-https", analyst, 443);
        }
    }

    private Output<String> group(String part, String description) {
        return new SecurityGroup(
                        network.context().name(part),
                        SecurityGroupArgs.builder()
                                .vpcId(network.vpcId)
                                .description(description)
                                .revokeRulesOnDelete(true)
                                .build(),
                        network.own())
                .id();
    }

    private void connect(String part, Output<String> from, Output<String> to, int port) {
        new SecurityGroupEgressRule(
                network.context().name(part),
                SecurityGroupEgressRuleArgs.builder()
                        .securityGroupId(from)
                        .referencedSecurityGroupId(to)
                        .ipProtocol("tcp")
                        .fromPort(port)
                        .toPort(port)
                        .build(),
                network.own());
        new SecurityGroupIngressRule(
                network.context().name(part),
                SecurityGroupIngressRuleArgs.builder()
                        .securityGroupId(to)
                        .referencedSecurityGroupId(from)
                        .ipProtocol("tcp")
                        .fromPort(port)
                        .toPort(port)
                        .build(),
                network.own());
    }

    private void ingress(String part, Output<String> to, int port, String cidr) {
        new SecurityGroupIngressRule(
                network.context().name(part),
                SecurityGroupIngressRuleArgs.builder()
                        .securityGroupId(to)
                        .cidrIpv4(cidr)
                        .ipProtocol("tcp")
                        .fromPort(port)
                        .toPort(port)
                        .build(),
                network.own());
    }

    private void egress(String part, Output<String> from, int port) {
        new SecurityGroupEgressRule(
                network.context().name(part),
                SecurityGroupEgressRuleArgs.builder()
                        .securityGroupId(from)
                        .cidrIpv4(EVERYWHERE)
                        .ipProtocol("tcp")
                        .fromPort(port)
                        .toPort(port)
                        .build(),
                network.own());
    }
}
