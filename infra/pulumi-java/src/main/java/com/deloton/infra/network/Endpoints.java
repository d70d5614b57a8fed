package com.deloton.infra.network;

import com.deloton.infra.settings.Settings.AnalystMode;
import com.pulumi.aws.ec2.VpcEndpoint;
import com.pulumi.aws.ec2.VpcEndpointArgs;
import com.pulumi.core.Output;
import java.util.ArrayList;
import java.util.List;

/** VPC endpoints of AWS services. */
final class Endpoints {
    /** What tasks call. Secrets Manager itself decrypts with the stack's key, so tasks do not call KMS. */
    private static final List<String> TASKS = List.of("ecr.api", "ecr.dkr", "logs", "secretsmanager");

    private static final List<String> SESSION_HOST = List.of("ssm", "ssmmessages");

    private Endpoints() {}

    static void create(Network network, boolean interfaces, AnalystMode analyst) {
        new VpcEndpoint(
                network.context().name("s3"),
                VpcEndpointArgs.builder()
                        .vpcId(network.vpcId)
                        .serviceName(service(network, "s3"))
                        .vpcEndpointType("Gateway")
                        .routeTableIds(Output.all(network.routeTables))
                        .build(),
                network.own());
        if (!interfaces) {
            return;
        }
        List<String> services = new ArrayList<>(TASKS);
        if (analyst == AnalystMode.SESSION_MANAGER) {
            services.addAll(SESSION_HOST);
        }
        for (String name : services) {
            new VpcEndpoint(
                    network.context().name(name.replace('.', '-')),
                    VpcEndpointArgs.builder()
                            .vpcId(network.vpcId)
                            .serviceName(service(network, name))
                            .vpcEndpointType("Interface")
                            .privateDnsEnabled(true)
                            .subnetIds(Output.all(network.appSubnets))
                            .securityGroupIds(network.firewall.endpoints.applyValue(List::of))
                            .build(),
                    network.own());
        }
    }

    private static String service(Network network, String name) {
        return "com.amazonaws." + network.context().region() + "." + name;
    }
}
