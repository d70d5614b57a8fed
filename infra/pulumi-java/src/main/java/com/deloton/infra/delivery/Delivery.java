package com.deloton.infra.delivery;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.Roles;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.iam.Policy;
import com.deloton.infra.iam.Statement;
import com.deloton.infra.service.GatewayService;
import com.deloton.infra.settings.Settings;
import com.pulumi.aws.ecr.Repository;
import com.pulumi.aws.iam.OpenIdConnectProvider;
import com.pulumi.aws.iam.OpenIdConnectProviderArgs;
import com.pulumi.core.Output;
import java.util.List;

/**
 * The images, and a role that releases them from GitHub without a stored key: it may push an image, run the migration
 * and roll the services, and no more. It cannot change the infrastructure, its own rights or Pulumi's state.
 */
public final class Delivery extends Component {
    private static final String ISSUER = "token.actions.githubusercontent.com";

    public final Repository repository;

    private final Settings.Delivery settings;

    public Delivery(StackContext context, Settings.Delivery settings) {
        super("Delivery", "delivery", context);
        this.settings = settings;
        this.repository = ImageRepository.create(this);
    }

    public Output<String> releaseRole(GatewayService service) {
        Output<String> arn =
                Roles.role(this, "release", trust(), rights(service)).arn();
        done();
        return arn;
    }

    private Output<String> trust() {
        Output<String> provider = settings.oidcProviderArn()
                .map(Output::of)
                .orElseGet(() -> new OpenIdConnectProvider(
                                context().name("github"),
                                OpenIdConnectProviderArgs.builder()
                                        .url("https://" + ISSUER)
                                        .clientIdLists("sts.amazonaws.com")
                                        .build(),
                                own())
                        .arn());
        return Policy.of(Statement.allow("sts:AssumeRoleWithWebIdentity")
                .to("Federated", provider)
                .when("StringEquals", ISSUER + ":aud", "sts.amazonaws.com")
                .when(
                        "StringEquals",
                        ISSUER + ":sub",
                        "repo:" + settings.repository() + ":environment:" + context().stack()));
    }

    private List<Statement> rights(GatewayService service) {
        return List.of(
                Statement.allow("ecr:GetAuthorizationToken").onAny(),
                Statement.allow(
                                "ecr:BatchCheckLayerAvailability",
                                "ecr:BatchGetImage",
                                "ecr:CompleteLayerUpload",
                                "ecr:DescribeImages",
                                "ecr:GetDownloadUrlForLayer",
                                "ecr:InitiateLayerUpload",
                                "ecr:PutImage",
                                "ecr:UploadLayerPart")
                        .on(repository.arn()),
                Statement.allow("ecs:DescribeTaskDefinition").onAny(),
                Statement.allow("ecs:RegisterTaskDefinition")
                        .on(definition("web"), definition("ingest"), definition("migrate")),
                Statement.allow("ecs:RunTask")
                        .on(definition("migrate"))
                        .when("ArnEquals", "ecs:cluster", service.clusterArn),
                Statement.allow("ecs:DescribeTasks")
                        .on(service.clusterName.apply(cluster -> context().arn("ecs", "task/" + cluster + "/*"))),
                Statement.allow("ecs:DescribeServices", "ecs:UpdateService")
                        .on(
                                serviceArn(service.clusterName, service.webName),
                                serviceArn(service.clusterName, service.ingestName)),
                Statement.allow("iam:PassRole")
                        .on(service.roleArns)
                        .when("StringEquals", "iam:PassedToService", "ecs-tasks.amazonaws.com"),
                Statement.allow("logs:GetLogEvents")
                        .on(context().arn("logs", "log-group:" + context().path("migrate") + ":*")));
    }

    private Output<String> definition(String name) {
        return context().arn("ecs", "task-definition/" + context().name(name) + ":*");
    }

    private Output<String> serviceArn(Output<String> cluster, Output<String> service) {
        return Output.format("service/%s/%s", cluster, service).apply(path -> context().arn("ecs", path));
    }
}
