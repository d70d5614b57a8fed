package com.deloton.infra.delivery;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.Roles;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.iam.Policy;
import com.deloton.infra.iam.Statement;
import com.deloton.infra.service.GatewayService;
import com.deloton.infra.settings.Settings;
import com.pulumi.aws.ecr.Repository;
import com.pulumi.core.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The images, and a role that releases them from GitHub without a stored key: it may push an image, run the one-off tasks
 * and roll the services and the archive job, and no more. It cannot change the infrastructure, its own rights or Pulumi's state.
 */
public final class Delivery extends Component {
    public final Repository repository;

    /** Of the archive job; empty without an archive. */
    public final Optional<Repository> archiveRepository;

    private final Settings.Delivery settings;

    public Delivery(StackContext context, Settings settings) {
        super("Delivery", "delivery", context);
        this.settings = settings.delivery();
        this.repository = ImageRepository.create(this, "gateway");
        this.archiveRepository = settings.archive().map(archive -> ImageRepository.create(this, "archive"));
    }

    public Output<String> releaseRole(GatewayService service) {
        Output<String> arn =
                Roles.role(this, "release", trust(), rights(service)).arn();
        done();
        return arn;
    }

    private Output<String> trust() {
        Output<String> provider =
                context().account().applyValue(id -> "arn:aws:iam::" + id + ":oidc-provider/" + AccountStack.ISSUER);
        return Policy.of(Statement.allow("sts:AssumeRoleWithWebIdentity")
                .to("Federated", provider)
                .when("StringEquals", AccountStack.ISSUER + ":aud", "sts.amazonaws.com")
                .when(
                        "StringEquals",
                        AccountStack.ISSUER + ":sub",
                        subject(settings, context().stack())));
    }

    /** The subject of GitHub's tokens for a job in the environment with the stack's name. */
    static String subject(Settings.Delivery settings, String environment) {
        String[] names = settings.repository().split("/", 2);
        String repository = settings.ids()
                .map(ids -> names[0] + "@" + ids.owner() + "/" + names[1] + "@" + ids.repository())
                .orElse(settings.repository());
        return "repo:" + repository + ":environment:" + environment;
    }

    private List<Statement> rights(GatewayService service) {
        List<Output<String>> repositories = new ArrayList<>(List.of(repository.arn()));
        List<Output<String>> definitions = new ArrayList<>(
                List.of(definition("web"), definition("ingest"), definition("topics"), definition("migrate")));
        archiveRepository.ifPresent(archive -> {
            repositories.add(archive.arn());
            definitions.add(definition("archive"));
        });
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
                        .on(repositories),
                Statement.allow("ecs:DescribeTaskDefinition").onAny(),
                Statement.allow("ecs:RegisterTaskDefinition").on(definitions),
                Statement.allow("ecs:RunTask")
                        .on(definition("topics"), definition("migrate"))
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
                        .on(
                                context().arn("logs", "log-group:" + context().path("topics") + ":*"),
                                context().arn("logs", "log-group:" + context().path("migrate") + ":*")));
    }

    private Output<String> definition(String name) {
        return context().arn("ecs", "task-definition/" + context().name(name) + ":*");
    }

    private Output<String> serviceArn(Output<String> cluster, Output<String> service) {
        return Output.format("service/%s/%s", cluster, service)
                .apply(path -> context().arn("ecs", path));
    }
}
