package com.deloton.infra.analyst;

import com.deloton.infra.base.StackContext;
import com.deloton.infra.database.Database;
import com.deloton.infra.network.Firewall;
import com.deloton.infra.network.Network;
import com.deloton.infra.settings.Settings;
import com.pulumi.aws.ram.PrincipalAssociation;
import com.pulumi.aws.ram.PrincipalAssociationArgs;
import com.pulumi.aws.ram.ResourceAssociation;
import com.pulumi.aws.ram.ResourceAssociationArgs;
import com.pulumi.aws.ram.ResourceShare;
import com.pulumi.aws.ram.ResourceShareArgs;
import com.pulumi.aws.vpclattice.ResourceConfiguration;
import com.pulumi.aws.vpclattice.ResourceConfigurationArgs;
import com.pulumi.aws.vpclattice.ResourceGateway;
import com.pulumi.aws.vpclattice.ResourceGatewayArgs;
import com.pulumi.aws.vpclattice.inputs.ResourceConfigurationResourceConfigurationDefinitionArgs;
import com.pulumi.aws.vpclattice.inputs.ResourceConfigurationResourceConfigurationDefinitionDnsResourceArgs;
import com.pulumi.core.Output;
import java.util.List;

/** The reading database, shared with other accounts' networks by name, so that it survives a failover. */
final class PrivateLink {
    private PrivateLink() {}

    static void create(AnalystAccess owner, Settings.Analyst settings, Network network, Database database) {
        StackContext context = owner.context();
        ResourceGateway gateway = new ResourceGateway(
                context.name("analyst"),
                ResourceGatewayArgs.builder()
                        .name(context.name("analyst"))
                        .vpcId(network.vpcId)
                        .subnetIds(Output.all(network.appSubnets))
                        .securityGroupIds(network.firewall.analyst.applyValue(List::of))
                        .build(),
                owner.own());
        ResourceConfiguration configuration = new ResourceConfiguration(
                context.name("analyst"),
                ResourceConfigurationArgs.builder()
                        .name(context.name("analyst"))
                        .resourceGatewayIdentifier(gateway.id())
                        .portRanges(String.valueOf(Firewall.DATABASE_PORT))
                        .protocol("TCP")
                        .resourceConfigurationDefinition(
                                ResourceConfigurationResourceConfigurationDefinitionArgs.builder()
                                        .dnsResource(
                                                ResourceConfigurationResourceConfigurationDefinitionDnsResourceArgs
                                                        .builder()
                                                        .domainName(database.readerEndpoint)
                                                        .ipAddressType("IPV4")
                                                        .build())
                                        .build())
                        .build(),
                owner.own());
        ResourceShare share = new ResourceShare(
                context.name("analyst"),
                ResourceShareArgs.builder()
                        .name(context.name("analyst"))
                        .allowExternalPrincipals(true)
                        .build(),
                owner.own());
        new ResourceAssociation(
                context.name("analyst"),
                ResourceAssociationArgs.builder()
                        .resourceShareArn(share.arn())
                        .resourceArn(configuration.arn())
                        .build(),
                owner.own());
        for (int i = 0; i < settings.principals().size(); i++) {
            new PrincipalAssociation(
                    context.name("analyst-" + i),
                    PrincipalAssociationArgs.builder()
                            .resourceShareArn(share.arn())
                            .principal(settings.principals().get(i))
                            .build(),
                    owner.own());
        }
    }
}
