package com.deloton.infra.service;

import com.deloton.infra.edge.Edge;
import com.deloton.infra.settings.Settings;
import com.pulumi.aws.appautoscaling.Policy;
import com.pulumi.aws.appautoscaling.PolicyArgs;
import com.pulumi.aws.appautoscaling.Target;
import com.pulumi.aws.appautoscaling.TargetArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyTargetTrackingScalingPolicyConfigurationArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatMetricArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatMetricDimensionArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs;
import com.pulumi.core.Output;
import java.util.Map;
import java.util.TreeMap;

/** Scales web by CPU and open connections, ingest by CPU and the records that the gateway has not read. */
final class Scaling {
    private static final double CPU_PERCENT = 60;

    private final GatewayService owner;
    private final Settings.Service settings;

    Scaling(GatewayService owner, Settings.Service settings) {
        this.owner = owner;
        this.settings = settings;
    }

    void web(Output<String> service, Edge edge) {
        Target target = target("web", service, settings.web());
        cpu("web", target);
        perTask(
                "web-connections",
                target,
                service,
                settings.connectionsPerTask(),
                metric(
                        "load",
                        "AWS/ApplicationELB",
                        "ActiveConnectionCount",
                        "Sum",
                        Map.of("LoadBalancer", edge.loadBalancerSuffix)));
    }

    void ingest(Output<String> service) {
        Target target = target("ingest", service, settings.ingest());
        cpu("ingest", target);
        perTask(
                "ingest-lag",
                target,
                service,
                settings.lagPerTask(),
                metric(
                        "load",
                        Collector.namespace(owner.context()),
                        "deloton_ingest_unread_records",
                        "Sum",
                        Map.of("service", Output.of("ingest"))));
    }

    private Target target(String name, Output<String> service, Settings.Tasks size) {
        return new Target(
                owner.context().name(name),
                TargetArgs.builder()
                        .serviceNamespace("ecs")
                        .scalableDimension("ecs:service:DesiredCount")
                        .resourceId(Output.format("service/%s/%s", owner.clusterName, service))
                        .minCapacity(settings.paused() ? 0 : size.min())
                        .maxCapacity(settings.paused() ? 0 : size.max())
                        .build(),
                owner.own());
    }

    private void cpu(String name, Target target) {
        policy(
                name + "-cpu",
                target,
                PolicyTargetTrackingScalingPolicyConfigurationArgs.builder()
                        .targetValue(CPU_PERCENT)
                        .predefinedMetricSpecification(
                                PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs
                                        .builder()
                                        .predefinedMetricType("ECSServiceAverageCPUUtilization")
                                        .build()));
    }

    private void perTask(
            String name,
            Target target,
            Output<String> service,
            double limit,
            PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgs load) {
        policy(
                name,
                target,
                PolicyTargetTrackingScalingPolicyConfigurationArgs.builder()
                        .targetValue(limit)
                        .customizedMetricSpecification(
                                PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs
                                        .builder()
                                        .metrics(
                                                load,
                                                metric(
                                                        "tasks",
                                                        "ECS/ContainerInsights",
                                                        "RunningTaskCount",
                                                        "Average",
                                                        Map.of(
                                                                "ClusterName",
                                                                owner.clusterName,
                                                                "ServiceName",
                                                                service)),
                                                PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgs
                                                        .builder()
                                                        .id("each")
                                                        .expression("load / tasks")
                                                        .returnData(true)
                                                        .build())
                                        .build()));
    }

    private void policy(
            String name, Target target, PolicyTargetTrackingScalingPolicyConfigurationArgs.Builder configuration) {
        new Policy(
                owner.context().name(name),
                PolicyArgs.builder()
                        .policyType("TargetTrackingScaling")
                        .serviceNamespace(target.serviceNamespace())
                        .scalableDimension(target.scalableDimension())
                        .resourceId(target.resourceId())
                        .targetTrackingScalingPolicyConfiguration(configuration
                                .scaleOutCooldown(60)
                                .scaleInCooldown(600)
                                .build())
                        .build(),
                owner.own());
    }

    private static PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgs metric(
            String id, String namespace, String name, String statistic, Map<String, Output<String>> dimensions) {
        return PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgs.builder()
                .id(id)
                .returnData(false)
                .metricStat(
                        PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatArgs
                                .builder()
                                .stat(statistic)
                                .metric(
                                        PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatMetricArgs
                                                .builder()
                                                .namespace(namespace)
                                                .metricName(name)
                                                .dimensions(new TreeMap<>(dimensions)
                                                        .entrySet().stream()
                                                                .map(entry ->
                                                                        PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatMetricDimensionArgs
                                                                                .builder()
                                                                                .name(entry.getKey())
                                                                                .value(entry.getValue())
                                                                                .build())
                                                                .toList())
                                                .build())
                                .build())
                .build();
    }
}
