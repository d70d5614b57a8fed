package com.deloton.infra.network;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.settings.Settings;
import com.deloton.infra.settings.Settings.NatMode;
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
import com.pulumi.core.Output;
import java.util.ArrayList;
import java.util.List;

/**
 * Three tiers in each zone: public (the load balancer and NAT), app (tasks, out through NAT), data (no way out).
 */
public final class Network extends Component {
    private static final String EVERYWHERE = "0.0.0.0/0";

    public final Output<String> vpcId;
    public final List<Output<String>> publicSubnets = new ArrayList<>();
    public final List<Output<String>> appSubnets = new ArrayList<>();
    public final List<Output<String>> dataSubnets = new ArrayList<>();
    public final Firewall firewall;
    final List<Output<String>> routeTables = new ArrayList<>();

    private final Settings.Network settings;

    public Network(StackContext context, Settings settings) {
        super("Network", "network", context);
        this.settings = settings.network();
        Vpc vpc = new Vpc(
                context.name("vpc"),
                VpcArgs.builder()
                        .cidrBlock(this.settings.cidr())
                        .enableDnsSupport(true)
                        .enableDnsHostnames(true)
                        .build(),
                own());
        this.vpcId = vpc.id();
        new DefaultSecurityGroup(
                context.name("closed"),
                DefaultSecurityGroupArgs.builder()
                        .vpcId(vpcId)
                        .ingress(List.of())
                        .egress(List.of())
                        .build(),
                own());
        subnets(internet());
        this.firewall = new Firewall(this, settings);
        Endpoints.create(
                this, this.settings.interfaceEndpoints(), settings.analyst().mode());
        FlowLogs.create(this);
        done();
    }

    private Output<String> internet() {
        return new InternetGateway(
                        context().name("internet"),
                        InternetGatewayArgs.builder().vpcId(vpcId).build(),
                        own())
                .id();
    }

    private void subnets(Output<String> internetId) {
        RouteTable outward = table("public");
        route("public", outward, RouteArgs.builder().gatewayId(internetId));
        List<Output<String>> nats = new ArrayList<>();
        for (int zone = 0; zone < settings.zoneNames().size(); zone++) {
            String name = settings.zoneNames().get(zone);
            publicSubnets.add(subnet("public", zone, block(zone, 24), name, outward));
            if (zone == 0 || settings.nat() == NatMode.PER_ZONE) {
                nats.add(nat(zone));
            }
            RouteTable app = table("app-" + zone);
            route("app-" + zone, app, RouteArgs.builder().natGatewayId(nats.getLast()));
            appSubnets.add(subnet("app", zone, block(16 + 16 * zone, 20), name, app));
            dataSubnets.add(subnet("data", zone, block(100 + zone, 24), name, table("data-" + zone)));
        }
    }

    private String block(int third, int length) {
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
