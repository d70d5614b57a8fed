package com.deloton.infra.broker;

import com.deloton.infra.settings.Settings.ManagedKafka;
import com.pulumi.aws.appautoscaling.Policy;
import com.pulumi.aws.appautoscaling.PolicyArgs;
import com.pulumi.aws.appautoscaling.Target;
import com.pulumi.aws.appautoscaling.TargetArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyTargetTrackingScalingPolicyConfigurationArgs;
import com.pulumi.aws.appautoscaling.inputs.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs;
import com.pulumi.core.Output;

/** Disks of the brokers that grow with their use. Amazon MSK cannot make them smaller. */
final class BrokerStorage {
    private static final double USED_PERCENT = 60;

    private BrokerStorage() {}

    static void growing(Broker owner, ManagedKafka settings, Output<String> clusterArn) {
        Target target = new Target(
                owner.context().name("broker-storage"),
                TargetArgs.builder()
                        .serviceNamespace("kafka")
                        .scalableDimension("kafka:broker-storage:VolumeSize")
                        .resourceId(clusterArn)
                        .minCapacity(1)
                        .maxCapacity(settings.maxStorageGb())
                        .build(),
                owner.own());
        new Policy(
                owner.context().name("broker-storage"),
                PolicyArgs.builder()
                        .policyType("TargetTrackingScaling")
                        .serviceNamespace(target.serviceNamespace())
                        .scalableDimension(target.scalableDimension())
                        .resourceId(target.resourceId())
                        .targetTrackingScalingPolicyConfiguration(
                                PolicyTargetTrackingScalingPolicyConfigurationArgs.builder()
                                        .targetValue(USED_PERCENT)
                                        .disableScaleIn(true)
                                        .predefinedMetricSpecification(
                                                PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs
                                                        .builder()
                                                        .predefinedMetricType("KafkaBrokerStorageUtilization")
                                                        .build())
                                        .build())
                        .build(),
                owner.own());
    }
}
