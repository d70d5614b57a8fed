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
    private final LogGroup metrics;
    final List<Output<String>> roleArns = new ArrayList<>();

    TaskDefinitions(GatewayService owner, Settings.Service settings) {
        this.owner = owner;
        this.settings = settings;
        this.metrics = Logs.group(owner, "metrics");
    }

    /** A service's task: the gateway and the collector beside it. */
    TaskDefinition serving(String name, Program program, Settings.Tasks size, GatewayEnvironment environment) {
        LogGroup logs = Logs.group(owner, name);
        Containers containers = new Containers(owner.context().region());
        return define(
                        name,
                        program,
                        size,
                        environment,
                        logs,
                        List.of(write(metrics)),
                        List.of(
                                containers.program(
                                        program,
                                        environment,
                                        logs.name(),
                                        size.memory() - Containers.COLLECTOR_MEBIBYTES,
                                        true),
                                containers.collector(
                                        settings.collectorImage(),
                                        Collector.configuration(owner.context(), name),
                                        logs.name())))
                .definition();
    }

    /**
     * A task that runs at times and then ends.
     *
     * @param rights of the running task
     */
    Job job(String name, Program program, Settings.Tasks size, GatewayEnvironment environment, List<Statement> rights) {
        LogGroup logs = Logs.group(owner, name);
        Containers containers = new Containers(owner.context().region());
        return define(
                name,
                program,
                size,
                environment,
                logs,
                rights,
                List.of(containers.program(program, environment, logs.name(), size.memory(), false)));
    }

    /** A task definition and what belongs to it. */
    record Job(TaskDefinition definition, LogGroup logs, List<Output<String>> roleArns) {}

    private Job define(
            String name,
            Program program,
            Settings.Tasks size,
            GatewayEnvironment environment,
            LogGroup logs,
            List<Statement> rights,
            List<Output<JsonObject>> containers) {
        StackContext context = owner.context();
        Role launch = Roles.forService(owner, name + "-launch", "ecs-tasks", launchRights(program, environment, logs));
        Role task = Roles.forService(owner, name + "-task", "ecs-tasks", rights.toArray(Statement[]::new));
        roleArns.add(launch.arn());
        roleArns.add(task.arn());
        TaskDefinition definition = new TaskDefinition(
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
        return new Job(definition, logs, List.of(launch.arn(), task.arn()));
    }

    private Statement[] launchRights(Program program, GatewayEnvironment environment, LogGroup logs) {
        StackContext context = owner.context();
        List<Statement> rights = new ArrayList<>(List.of(
                Statement.allow("ecr:GetAuthorizationToken").onAny(),
                Statement.allow("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
                        .on(program.repositoryArn()),
                write(logs)));
        if (!environment.secrets().isEmpty()) {
            rights.add(Statement.allow("secretsmanager:GetSecretValue").on(secretArns(environment)));
            rights.add(Statement.allow("kms:Decrypt")
                    .on(context.keyArn())
                    .when("StringEquals", "kms:ViaService", "secretsmanager." + context.region() + ".amazonaws.com"));
        }
        return rights.toArray(Statement[]::new);
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
