package com.deloton.infra.service;

import com.deloton.infra.archive.Archive;
import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.base.StoredSecret;
import com.deloton.infra.broker.Broker;
import com.deloton.infra.broker.OperatorAccess;
import com.deloton.infra.database.Database;
import com.deloton.infra.edge.Edge;
import com.deloton.infra.identity.SignInAccess;
import com.deloton.infra.mail.Mail;
import com.deloton.infra.network.Firewall;
import com.deloton.infra.network.Network;
import com.deloton.infra.settings.Settings;
import com.pulumi.aws.ecr.Repository;
import com.pulumi.aws.ecs.Cluster;
import com.pulumi.aws.ecs.ClusterArgs;
import com.pulumi.aws.ecs.ClusterCapacityProviders;
import com.pulumi.aws.ecs.ClusterCapacityProvidersArgs;
import com.pulumi.aws.ecs.Service;
import com.pulumi.aws.ecs.ServiceArgs;
import com.pulumi.aws.ecs.TaskDefinition;
import com.pulumi.aws.ecs.inputs.ClusterSettingArgs;
import com.pulumi.aws.ecs.inputs.ServiceCapacityProviderStrategyArgs;
import com.pulumi.aws.ecs.inputs.ServiceDeploymentCircuitBreakerArgs;
import com.pulumi.aws.ecs.inputs.ServiceLoadBalancerArgs;
import com.pulumi.aws.ecs.inputs.ServiceNetworkConfigurationArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import java.util.List;
import java.util.Optional;

/**
 * The gateway's tasks: {@code web} (API, live), {@code ingest} (ingest, alerts, the daily report), {@code topics} and
 * {@code migrate}, which are run once before each roll-out, and the scheduled {@code archive}.
 */
public final class GatewayService extends Component {
    public final Output<String> clusterArn;
    public final Output<String> clusterName;
    public final List<Output<String>> roleArns;
    public final Output<String> webName;
    public final Output<String> ingestName;

    private final Settings.Service settings;
    private final Network network;
    private final Edge edge;

    public GatewayService(
            StackContext context,
            Settings settings,
            Network network,
            Edge edge,
            Database database,
            Broker broker,
            Mail mail,
            SignInAccess signIn,
            Repository repository,
            Optional<Archive> archive) {
        super("GatewayService", "service", context);
        this.settings = settings.service();
        this.network = network;
        this.edge = edge;
        StoredSecret links = StoredSecret.random(this, "alert-links");
        TaskDefinitions tasks = new TaskDefinitions(this, this.settings);
        Program gateway = new Program(
                "gateway",
                Program.image(repository.repositoryUrl(), this.settings.imageDigest()),
                repository.arn(),
                List.of(),
                List.of("serve"));
        TaskDefinition web = tasks.serving(
                "web",
                gateway,
                this.settings.web(),
                GatewayEnvironment.web(settings, database, broker.access, links, signIn, archive));
        TaskDefinition ingest = tasks.serving(
                "ingest",
                gateway,
                this.settings.ingest(),
                GatewayEnvironment.ingest(settings, database, broker.access, mail, links, archive));
        tasks.job(
                "topics",
                broker.operator
                        .map(operator -> gateway.withIamClient().running(operator.arguments()))
                        .orElse(gateway.running("topics")),
                this.settings.ingest(),
                GatewayEnvironment.topics(broker),
                broker.operator.map(OperatorAccess::rights).orElse(List.of()));
        tasks.job(
                "migrate",
                gateway.running("migrate"),
                this.settings.ingest(),
                GatewayEnvironment.migrate(settings, database),
                List.of());
        Optional<TaskDefinitions.Job> job = archive.map(known -> archiveJob(tasks, database, known));
        this.roleArns = List.copyOf(tasks.roleArns);

        Cluster cluster = new Cluster(
                context.name("gateway"),
                ClusterArgs.builder()
                        .name(context.name("gateway"))
                        .settings(ClusterSettingArgs.builder()
                                .name("containerInsights")
                                .value("enabled")
                                .build())
                        .build(),
                own());
        ClusterCapacityProviders capacity = new ClusterCapacityProviders(
                context.name("gateway"),
                ClusterCapacityProvidersArgs.builder()
                        .clusterName(cluster.name())
                        .capacityProviders("FARGATE", "FARGATE_SPOT")
                        .build(),
                own());
        this.clusterArn = cluster.arn();
        this.clusterName = cluster.name();
        this.webName = service(
                        "web",
                        web,
                        this.settings.web(),
                        Output.tuple(network.firewall.gateway, network.firewall.web)
                                .applyValue(groups -> List.of(groups.t1, groups.t2)),
                        true,
                        options(capacity))
                .name();
        this.ingestName = service(
                        "ingest",
                        ingest,
                        this.settings.ingest(),
                        network.firewall.gateway.applyValue(List::of),
                        false,
                        options(capacity))
                .name();
        Scaling scaling = new Scaling(this, this.settings);
        scaling.web(webName, edge);
        scaling.ingest(ingestName);
        settings.archive()
                .ifPresent(known -> ArchiveSchedule.create(
                        this, known, this.settings.paused(), job.orElseThrow(), clusterArn, clusterName, network));
        done();
    }

    private TaskDefinitions.Job archiveJob(TaskDefinitions tasks, Database database, Archive archive) {
        Program program = new Program(
                "archive",
                Program.image(archive.repository.repositoryUrl(), archive.settings.imageDigest()),
                archive.repository.arn(),
                List.of(),
                List.of("archive", "--closed"));
        return tasks.job(
                "archive",
                program,
                archive.settings.task(),
                GatewayEnvironment.archive(database, archive, context().region()),
                archive.rights());
    }

    /** Scaling sets the number of tasks and a release their revision, so an update of the stack changes neither. */
    private CustomResourceOptions options(ClusterCapacityProviders capacity) {
        return with().dependsOn(capacity, edge.listener)
                .ignoreChanges("desiredCount", "taskDefinition")
                .build();
    }

    private Service service(
            String name,
            TaskDefinition task,
            Settings.Tasks size,
            Output<List<String>> groups,
            boolean balanced,
            CustomResourceOptions options) {
        ServiceArgs.Builder args = ServiceArgs.builder()
                .name(context().name(name))
                .cluster(clusterArn)
                .taskDefinition(task.arn())
                .desiredCount(settings.paused() ? 0 : size.min())
                .capacityProviderStrategies(ServiceCapacityProviderStrategyArgs.builder()
                        .capacityProvider(settings.spot() ? "FARGATE_SPOT" : "FARGATE")
                        .weight(1)
                        .build())
                .networkConfiguration(ServiceNetworkConfigurationArgs.builder()
                        .assignPublicIp(false)
                        .subnets(Output.all(network.appSubnets))
                        .securityGroups(groups)
                        .build())
                .deploymentMinimumHealthyPercent(100)
                .deploymentMaximumPercent(200)
                .deploymentCircuitBreaker(ServiceDeploymentCircuitBreakerArgs.builder()
                        .enable(true)
                        .rollback(true)
                        .build())
                .enableExecuteCommand(false)
                .propagateTags("SERVICE")
                .enableEcsManagedTags(true);
        if (balanced) {
            args.healthCheckGracePeriodSeconds(120)
                    .loadBalancers(ServiceLoadBalancerArgs.builder()
                            .targetGroupArn(edge.targetGroupArn)
                            .containerName("gateway")
                            .containerPort(Firewall.GATEWAY_PORT)
                            .build());
        }
        return new Service(context().name(name), args.build(), options);
    }
}
