package com.deloton.infra.service;

import com.deloton.infra.base.Logs;
import com.deloton.infra.base.Roles;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.iam.Statement;
import com.deloton.infra.settings.Settings;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.pulumi.aws.cloudwatch.LogGroup;
import com.pulumi.aws.ecs.TaskDefinition;
import com.pulumi.aws.ecs.TaskDefinitionArgs;
import com.pulumi.aws.ecs.inputs.TaskDefinitionRuntimePlatformArgs;
import com.pulumi.aws.ecs.inputs.TaskDefinitionVolumeArgs;
import com.pulumi.aws.iam.Role;
import com.pulumi.core.Output;
import java.util.ArrayList;
import java.util.List;

/** One task definition per purpose, each with roles that see only its own secrets and logs. */
final class TaskDefinitions {
    static final String SCRATCH = "scratch";

    private final GatewayService owner;
    private final Settings.Service settings;
    private final Output<String> repositoryArn;
    private final Output<String> image;
    private final LogGroup metrics;
    final List<Output<String>> roleArns = new ArrayList<>();

    TaskDefinitions(
            GatewayService owner,
            Settings.Service settings,
            Output<String> repositoryArn,
            Output<String> repositoryUrl) {
        this.owner = owner;
        this.settings = settings;
        this.repositoryArn = repositoryArn;
        this.image = repositoryUrl.applyValue(
                url -> settings.imageDigest().map(digest -> url + "@" + digest).orElse(url + ":none"));
        this.metrics = Logs.group(owner, "metrics");
    }

    /** A service's task: the gateway and the collector beside it. */
    TaskDefinition serving(String name, Settings.Tasks size, GatewayEnvironment environment) {
        LogGroup logs = Logs.group(owner, name);
        Containers containers = new Containers(owner.context().region());
        return define(
                name,
                size,
                environment,
                logs,
                List.of(metrics),
                List.of(
                        containers.gateway(
                                "serve",
                                image,
                                environment,
                                logs.name(),
                                size.memory() - Containers.COLLECTOR_MEBIBYTES,
                                true),
                        containers.collector(
                                settings.collectorImage(),
                                Collector.configuration(owner.context(), name),
                                logs.name())));
    }

    /** A task that runs once. */
    TaskDefinition once(String name, Settings.Tasks size, GatewayEnvironment environment) {
        LogGroup logs = Logs.group(owner, name);
        Containers containers = new Containers(owner.context().region());
        return define(
                name,
                size,
                environment,
                logs,
                List.of(),
                List.of(containers.gateway(name, image, environment, logs.name(), size.memory(), false)));
    }

    private TaskDefinition define(
            String name,
            Settings.Tasks size,
            GatewayEnvironment environment,
            LogGroup logs,
            List<LogGroup> written,
            List<Output<JsonObject>> containers) {
        StackContext context = owner.context();
        Role launch = Roles.forService(owner, name + "-launch", "ecs-tasks", launchRights(environment, logs));
        Role task = Roles.forService(
                owner,
                name + "-task",
                "ecs-tasks",
                written.stream().map(TaskDefinitions::write).toArray(Statement[]::new));
        roleArns.add(launch.arn());
        roleArns.add(task.arn());
        return new TaskDefinition(
                context.name(name),
                TaskDefinitionArgs.builder()
                        .family(context.name(name))
                        .requiresCompatibilities("FARGATE")
                        .networkMode("awsvpc")
                        .cpu(String.valueOf(size.cpu()))
                        .memory(String.valueOf(size.memory()))
                        .runtimePlatform(TaskDefinitionRuntimePlatformArgs.builder()
                                .cpuArchitecture(settings.architecture().name())
                                .operatingSystemFamily("LINUX")
                                .build())
                        .executionRoleArn(launch.arn())
                        .taskRoleArn(task.arn())
                        .volumes(
                                TaskDefinitionVolumeArgs.builder().name(SCRATCH).build())
                        .containerDefinitions(Output.all(containers).applyValue(TaskDefinitions::json))
                        .skipDestroy(true)
                        .build(),
                owner.own());
    }

    private Statement[] launchRights(GatewayEnvironment environment, LogGroup logs) {
        StackContext context = owner.context();
        return new Statement[] {
            Statement.allow("ecr:GetAuthorizationToken").onAny(),
            Statement.allow("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
                    .on(repositoryArn),
            write(logs),
            Statement.allow("secretsmanager:GetSecretValue").on(secretArns(environment)),
            Statement.allow("kms:Decrypt")
                    .on(context.keyArn())
                    .when("StringEquals", "kms:ViaService", "secretsmanager." + context.region() + ".amazonaws.com")
        };
    }

    private static List<Output<String>> secretArns(GatewayEnvironment environment) {
        return environment.secrets().values().stream()
                .map(GatewayEnvironment.SecretReference::arn)
                .distinct()
                .toList();
    }

    private static Statement write(LogGroup group) {
        return Statement.allow("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams")
                .on(group.arn(), group.arn().applyValue(arn -> arn + ":*"));
    }

    private static String json(List<JsonObject> containers) {
        JsonArray array = new JsonArray();
        containers.forEach(array::add);
        return array.toString();
    }
}
