package com.deloton.infra.service;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.Roles;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.iam.Statement;
import com.deloton.infra.network.Network;
import com.deloton.infra.settings.Settings;
import com.pulumi.aws.cloudwatch.LogMetricFilter;
import com.pulumi.aws.cloudwatch.LogMetricFilterArgs;
import com.pulumi.aws.cloudwatch.inputs.LogMetricFilterMetricTransformationArgs;
import com.pulumi.aws.iam.Role;
import com.pulumi.aws.scheduler.Schedule;
import com.pulumi.aws.scheduler.ScheduleArgs;
import com.pulumi.aws.scheduler.inputs.ScheduleFlexibleTimeWindowArgs;
import com.pulumi.aws.scheduler.inputs.ScheduleTargetArgs;
import com.pulumi.aws.scheduler.inputs.ScheduleTargetEcsParametersArgs;
import com.pulumi.aws.scheduler.inputs.ScheduleTargetEcsParametersNetworkConfigurationArgs;
import com.pulumi.aws.scheduler.inputs.ScheduleTargetRetryPolicyArgs;
import com.pulumi.core.Output;
import java.util.List;

/** Runs the archive job every few hours, and counts its runs by their last line in the log. */
public final class ArchiveSchedule {
    /** The metrics of the runs, in the namespace of the gateway's own. */
    public static final String SUCCEEDED = "archive_runs_succeeded";

    public static final String FAILED = "archive_runs_failed";

    private static final String PART = "archive";
    private static final int HOUR = 3600;

    private ArchiveSchedule() {}

    static void create(
            Component owner,
            Settings.Archive settings,
            boolean paused,
            TaskDefinitions.Job job,
            Output<String> clusterArn,
            Output<String> clusterName,
            Network network) {
        StackContext context = owner.context();
        // Without a revision, so that a run takes the newest, which a release registers.
        String family = context.name(PART);
        Output<String> definition = context.arn("ecs", "task-definition/" + family);
        Role role = Roles.forService(
                owner,
                PART + "-schedule",
                "scheduler",
                Statement.allow("ecs:RunTask")
                        .on(definition, definition.applyValue(arn -> arn + ":*"))
                        .when("ArnEquals", "ecs:cluster", clusterArn),
                Statement.allow("ecs:TagResource")
                        .on(clusterName.apply(cluster -> context.arn("ecs", "task/" + cluster + "/*")))
                        .when("StringEquals", "ecs:CreateAction", "RunTask"),
                Statement.allow("iam:PassRole")
                        .on(job.roleArns())
                        .when("StringEquals", "iam:PassedToService", "ecs-tasks.amazonaws.com"));
        new Schedule(
                context.name(PART),
                ScheduleArgs.builder()
                        .name(context.name(PART))
                        .description("Archives closed days and removes erased riders from the archive")
                        .scheduleExpression(
                                settings.everyHours() == 1
                                        ? "rate(1 hour)"
                                        : "rate(" + settings.everyHours() + " hours)")
                        .state(paused ? "DISABLED" : "ENABLED")
                        .flexibleTimeWindow(ScheduleFlexibleTimeWindowArgs.builder()
                                .mode("OFF")
                                .build())
                        .target(ScheduleTargetArgs.builder()
                                .arn(clusterArn)
                                .roleArn(role.arn())
                                .retryPolicy(ScheduleTargetRetryPolicyArgs.builder()
                                        .maximumRetryAttempts(3)
                                        .maximumEventAgeInSeconds(HOUR)
                                        .build())
                                .ecsParameters(ScheduleTargetEcsParametersArgs.builder()
                                        .taskDefinitionArn(definition)
                                        .taskCount(1)
                                        .launchType("FARGATE")
                                        .propagateTags("TASK_DEFINITION")
                                        .enableEcsManagedTags(true)
                                        .networkConfiguration(
                                                ScheduleTargetEcsParametersNetworkConfigurationArgs.builder()
                                                        .assignPublicIp(false)
                                                        .subnets(Output.all(network.appSubnets))
                                                        .securityGroups(network.firewall.gateway.applyValue(List::of))
                                                        .build())
                                        .build())
                                .build())
                        .build(),
                owner.with().dependsOn(job.definition()).build());
        counter(owner, "archive-succeeded", SUCCEEDED, "?\"days exported\" ?\"day exported\"", job);
        counter(owner, "archive-failed", FAILED, "\"archive failed\"", job);
    }

    private static void counter(Component owner, String part, String metric, String pattern, TaskDefinitions.Job job) {
        new LogMetricFilter(
                owner.context().name(part),
                LogMetricFilterArgs.builder()
                        .name(owner.context().name(part))
                        .logGroupName(job.logs().name())
                        .pattern(pattern)
                        .metricTransformation(LogMetricFilterMetricTransformationArgs.builder()
                                .namespace(Collector.namespace(owner.context()))
                                .name(metric)
                                .value("1")
                                .build())
                        .build(),
                owner.own());
    }
}
