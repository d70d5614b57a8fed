package com.deloton.infra.service;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.base.StoredSecret;
import com.deloton.infra.broker.Broker;
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

/**
 * The gateway's tasks: {@code web} (API, live), {@code ingest} (ingest, alerts, the daily report) and {@code migrate},
 * which is run once before each roll-out.
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
            Repository repository) {
        super("GatewayService", "service", context);
        this.settings = settings.service();
        this.network = network;
        this.edge = edge;
        StoredSecret links = StoredSecret.random(this, "alert-links");
        TaskDefinitions tasks = new TaskDefinitions(this, this.settings, repository.arn(), repository.repositoryUrl());
        TaskDefinition web = tasks.serving(
                "web", this.settings.web(), GatewayEnvironment.web(settings, database, broker.access, links, signIn));
        TaskDefinition ingest = tasks.serving(
                "ingest",
                this.settings.ingest(),
                GatewayEnvironment.ingest(settings, database, broker.access, mail, links));
        tasks.once("migrate", this.settings.ingest(), GatewayEnvironment.migrate(settings, database));
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
        done();
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
