package com.deloton.infra.network;

import com.pulumi.aws.ec2.VpcEndpoint;
import com.pulumi.aws.ec2.VpcEndpointArgs;
import com.pulumi.core.Output;
import java.util.List;

/** VPC endpoints of AWS services. */
final class Endpoints {
    private static final List<String> SERVICES =
            List.of("ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "ssm", "ssmmessages");

    private Endpoints() {}

    static void create(Network network, boolean interfaces) {
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
        for (String name : SERVICES) {
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
