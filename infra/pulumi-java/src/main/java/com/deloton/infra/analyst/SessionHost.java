package com.deloton.infra.analyst;

import com.deloton.infra.base.Roles;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.database.Database;
import com.deloton.infra.iam.Policy;
import com.deloton.infra.iam.Statement;
import com.deloton.infra.network.Firewall;
import com.deloton.infra.network.Network;
import com.google.gson.JsonObject;
import com.pulumi.aws.ec2.Instance;
import com.pulumi.aws.ec2.InstanceArgs;
import com.pulumi.aws.ec2.inputs.InstanceMetadataOptionsArgs;
import com.pulumi.aws.ec2.inputs.InstanceRootBlockDeviceArgs;
import com.pulumi.aws.iam.InstanceProfile;
import com.pulumi.aws.iam.InstanceProfileArgs;
import com.pulumi.aws.iam.PolicyArgs;
import com.pulumi.aws.iam.Role;
import com.pulumi.aws.ssm.Document;
import com.pulumi.aws.ssm.DocumentArgs;
import com.pulumi.aws.ssm.SsmFunctions;
import com.pulumi.aws.ssm.inputs.GetParameterArgs;
import com.pulumi.core.Output;
import com.pulumi.deployment.InvokeOptions;
import java.util.List;

/** A host without open ports, through which an authenticated analyst forwards the port of the reading database. */
final class SessionHost {
    private static final String IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

    private SessionHost() {}

    static void create(AnalystAccess owner, Network network, Database database) {
        StackContext context = owner.context();
        Instance host = host(owner, network);
        Document session = new Document(
                context.name("analyst"),
                DocumentArgs.builder()
                        .name(context.name("analyst"))
                        .documentType("Session")
                        .documentFormat("JSON")
                        .content(database.readerEndpoint.applyValue(SessionHost::session))
                        .build(),
                owner.own());
        new com.pulumi.aws.iam.Policy(
                context.name("analyst"),
                PolicyArgs.builder()
                        .description("Forward the reading database's port to one's own machine")
                        .policy(Policy.of(
                                Statement.allow("ssm:StartSession")
                                        .on(host.arn(), session.arn())
                                        .when("BoolIfExists", "ssm:SessionDocumentAccessCheck", "true"),
                                Statement.allow("ssm:TerminateSession", "ssm:ResumeSession")
                                        .on(context.arn("ssm", "session/${aws:userid}-*"))))
                        .build(),
                owner.own());
    }

    private static Instance host(AnalystAccess owner, Network network) {
        StackContext context = owner.context();
        Output<String> image = SsmFunctions.getParameter(
                        GetParameterArgs.builder().name(IMAGE).build(),
                        InvokeOptions.builder().provider(context.provider()).build())
                .applyValue(parameter -> parameter.insecureValue());
        Role role = Roles.forService(
                owner,
                "analyst",
                "ec2",
                Statement.allow(
                                "ssm:UpdateInstanceInformation",
                                "ssmmessages:CreateControlChannel",
                                "ssmmessages:CreateDataChannel",
                                "ssmmessages:OpenControlChannel",
                                "ssmmessages:OpenDataChannel")
                        .onAny());
        InstanceProfile profile = new InstanceProfile(
                context.name("analyst"),
                InstanceProfileArgs.builder().role(role.name()).build(),
                owner.own());
        return new Instance(
                context.name("analyst"),
                InstanceArgs.builder()
                        .ami(image)
                        .instanceType("t4g.nano")
                        .subnetId(network.appSubnets.getFirst())
                        .associatePublicIpAddress(false)
                        .vpcSecurityGroupIds(network.firewall.analyst.applyValue(List::of))
                        .iamInstanceProfile(profile.name())
                        .metadataOptions(InstanceMetadataOptionsArgs.builder()
                                .httpTokens("required")
                                .httpPutResponseHopLimit(1)
                                .build())
                        .rootBlockDevice(InstanceRootBlockDeviceArgs.builder()
                                .encrypted(true)
                                .kmsKeyId(context.keyArn())
                                .volumeType("gp3")
                                .build())
                        .build(),
                owner.with().ignoreChanges("ami").build());
    }

    private static String session(String endpoint) {
        JsonObject properties = new JsonObject();
        properties.addProperty("type", "LocalPortForwarding");
        properties.addProperty("host", endpoint);
        properties.addProperty("portNumber", String.valueOf(Firewall.DATABASE_PORT));
        properties.addProperty("localPortNumber", AnalystAccess.FORWARDED_PORT);
        JsonObject document = new JsonObject();
        document.addProperty("schemaVersion", "1.0");
        document.addProperty("description", "Forward the reading database to port " + AnalystAccess.FORWARDED_PORT);
        document.addProperty("sessionType", "Port");
        document.add("properties", properties);
        return document.toString();
    }
}
