package com.deloton.infra.network;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.settings.Settings;
import com.deloton.infra.settings.Settings.ExistingNetwork;
import com.deloton.infra.settings.Settings.ManagedNetwork;
import com.deloton.infra.settings.Settings.NatMode;
import com.pulumi.aws.AwsFunctions;
import com.pulumi.aws.ec2.DefaultSecurityGroup;
import com.pulumi.aws.ec2.DefaultSecurityGroupArgs;
import com.pulumi.aws.ec2.Eip;
import com.pulumi.aws.ec2.EipArgs;
import com.pulumi.aws.ec2.InternetGateway;
import com.pulumi.aws.ec2.InternetGatewayArgs;
import com.pulumi.aws.ec2.NatGateway;
import com.pulumi.aws.ec2.NatGatewayArgs;
import com.pulumi.aws.ec2.Route;
import com.pulumi.aws.ec2.RouteArgs;
import com.pulumi.aws.ec2.RouteTable;
import com.pulumi.aws.ec2.RouteTableArgs;
import com.pulumi.aws.ec2.RouteTableAssociation;
import com.pulumi.aws.ec2.RouteTableAssociationArgs;
import com.pulumi.aws.ec2.Subnet;
import com.pulumi.aws.ec2.SubnetArgs;
import com.pulumi.aws.ec2.Vpc;
import com.pulumi.aws.ec2.VpcArgs;
import com.pulumi.aws.inputs.GetAvailabilityZoneArgs;
import com.pulumi.core.Output;
import com.pulumi.deployment.InvokeOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Three tiers in each zone: public (the load balancer and NAT), app (tasks, out through NAT), data (no way out). Of an
 * existing network only the security groups are made; endpoints and flow logs are its owner's.
 */
public final class Network extends Component {
    private static final String EVERYWHERE = "0.0.0.0/0";

    public final Output<String> vpcId;
    public final List<Output<String>> publicSubnets = new ArrayList<>();
    public final List<Output<String>> appSubnets = new ArrayList<>();
    public final List<Output<String>> dataSubnets = new ArrayList<>();
    public final Firewall firewall;

    /** The ids of the zones by name, which are the racks of managed brokers; empty for an existing network. */
    public final Map<String, Output<String>> zoneIds = new LinkedHashMap<>();

    final List<Output<String>> routeTables = new ArrayList<>();

    public Network(StackContext context, Settings settings) {
        super("Network", "network", context);
        switch (settings.network()) {
            case ManagedNetwork managed -> {
                managed.zoneNames().forEach(name -> zoneIds.put(name, zoneId(name)));
                this.vpcId = vpc(managed);
                subnets(managed, internet());
                this.firewall = new Firewall(this, settings);
                Endpoints.create(
                        this, managed.interfaceEndpoints(), settings.analyst().mode());
                FlowLogs.create(this);
            }
            case ExistingNetwork existing -> {
                this.vpcId = Output.of(existing.vpcId());
                existing.publicSubnetIds().forEach(id -> publicSubnets.add(Output.of(id)));
                existing.appSubnetIds().forEach(id -> appSubnets.add(Output.of(id)));
                existing.dataSubnetIds().forEach(id -> dataSubnets.add(Output.of(id)));
                this.firewall = new Firewall(this, settings);
            }
        }
        done();
    }

    private Output<String> zoneId(String name) {
        return AwsFunctions.getAvailabilityZone(
                        GetAvailabilityZoneArgs.builder().name(name).build(),
                        InvokeOptions.builder().provider(context().provider()).build())
                .applyValue(zone -> zone.zoneId());
    }

    private Output<String> vpc(ManagedNetwork settings) {
        Vpc vpc = new Vpc(
                context().name("vpc"),
                VpcArgs.builder()
                        .cidrBlock(settings.cidr())
                        .enableDnsSupport(true)
                        .enableDnsHostnames(true)
                        .build(),
                own());
        new DefaultSecurityGroup(
                context().name("closed"),
                DefaultSecurityGroupArgs.builder()
                        .vpcId(vpc.id())
                        .ingress(List.of())
                        .egress(List.of())
                        .build(),
                own());
        return vpc.id();
    }

    private Output<String> internet() {
        return new InternetGateway(
                        context().name("internet"),
                        InternetGatewayArgs.builder().vpcId(vpcId).build(),
                        own())
                .id();
    }

    private void subnets(ManagedNetwork settings, Output<String> internetId) {
        RouteTable outward = table("public");
        route("public", outward, RouteArgs.builder().gatewayId(internetId));
        List<Output<String>> nats = new ArrayList<>();
        for (int zone = 0; zone < settings.zoneNames().size(); zone++) {
            String name = settings.zoneNames().get(zone);
            publicSubnets.add(subnet("public", zone, block(settings, zone, 24), name, outward));
            if (zone == 0 || settings.nat() == NatMode.PER_ZONE) {
                nats.add(nat(zone));
            }
            RouteTable app = table("app-" + zone);
            route("app-" + zone, app, RouteArgs.builder().natGatewayId(nats.getLast()));
            appSubnets.add(subnet("app", zone, block(settings, 16 + 16 * zone, 20), name, app));
            dataSubnets.add(subnet("data", zone, block(settings, 100 + zone, 24), name, table("data-" + zone)));
        }
    }

    private static String block(ManagedNetwork settings, int third, int length) {
        return settings.cidr().replace(".0.0/16", "." + third + ".0/" + length);
    }

    private RouteTable table(String part) {
        RouteTable table = new RouteTable(
                context().name(part), RouteTableArgs.builder().vpcId(vpcId).build(), own());
        routeTables.add(table.id());
        return table;
    }

    private void route(String part, RouteTable table, RouteArgs.Builder target) {
        new Route(
                context().name(part),
                target.routeTableId(table.id()).destinationCidrBlock(EVERYWHERE).build(),
                own());
    }

    private Output<String> nat(int zone) {
        String name = context().name("nat-" + zone);
        Eip address = new Eip(name, EipArgs.builder().domain("vpc").build(), own());
        return new NatGateway(
                        name,
                        NatGatewayArgs.builder()
                                .allocationId(address.id())
                                .subnetId(publicSubnets.get(zone))
                                .build(),
                        own())
                .id();
    }

    private Output<String> subnet(String tier, int zone, String cidr, String zoneName, RouteTable table) {
        String name = context().name(tier + "-" + zone);
        Subnet subnet = new Subnet(
                name,
                SubnetArgs.builder()
                        .vpcId(vpcId)
                        .cidrBlock(cidr)
                        .availabilityZone(zoneName)
                        .mapPublicIpOnLaunch(false)
                        .build(),
                own());
        new RouteTableAssociation(
                name,
                RouteTableAssociationArgs.builder()
                        .subnetId(subnet.id())
                        .routeTableId(table.id())
                        .build(),
                own());
        return subnet.id();
    }
}
