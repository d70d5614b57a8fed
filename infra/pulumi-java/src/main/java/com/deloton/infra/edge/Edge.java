package com.deloton.infra.edge;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.network.Firewall;
import com.deloton.infra.network.Network;
import com.deloton.infra.settings.Settings;
import com.pulumi.aws.lb.LoadBalancer;
import com.pulumi.aws.lb.LoadBalancerArgs;
import com.pulumi.aws.lb.TargetGroup;
import com.pulumi.aws.lb.TargetGroupArgs;
import com.pulumi.aws.lb.inputs.LoadBalancerAccessLogsArgs;
import com.pulumi.aws.lb.inputs.TargetGroupHealthCheckArgs;
import com.pulumi.aws.lb.inputs.TargetGroupStickinessArgs;
import com.pulumi.aws.route53.Record;
import com.pulumi.aws.route53.RecordArgs;
import com.pulumi.aws.route53.inputs.RecordAliasArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.Resource;
import java.util.List;

/** The only public component: a TLS load balancer with an idle timeout and sticky sessions that suit SockJS. */
public final class Edge extends Component {
    /** Above SockJS's heartbeat (25 s), below the gateway's idle timeout (75 s), or the balancer answers 502. */
    private static final int IDLE_SECONDS = 60;

    /** After this time the sockets of a deregistered gateway are closed; browsers reconnect to another. */
    private static final int DRAIN_SECONDS = 60;

    private static final int STICKY_SECONDS = 24 * 3600;

    public final Output<String> targetGroupArn;
    public final Output<String> targetGroupSuffix;
    public final Output<String> loadBalancerSuffix;

    /** What must exist before a service may register with the target group. */
    public final Resource listener;

    public Edge(StackContext context, Settings settings, Network network) {
        super("Edge", "edge", context);
        LoadBalancer balancer = balancer(network);
        TargetGroup targets = targets(network);
        this.listener = Listeners.create(this, settings, balancer, targets);
        WebFirewall.create(this, settings.service(), balancer);
        new Record(
                context.name("web"),
                RecordArgs.builder()
                        .zoneId(settings.deployment().hostedZoneId())
                        .name(settings.deployment().domainName())
                        .type("A")
                        .aliases(RecordAliasArgs.builder()
                                .name(balancer.dnsName())
                                .zoneId(balancer.zoneId())
                                .evaluateTargetHealth(true)
                                .build())
                        .build(),
                own());
        this.targetGroupArn = targets.arn();
        this.targetGroupSuffix = targets.arnSuffix();
        this.loadBalancerSuffix = balancer.arnSuffix();
        done();
    }

    private LoadBalancer balancer(Network network) {
        AccessLogs logs = new AccessLogs(this);
        return new LoadBalancer(
                context().name("web"),
                LoadBalancerArgs.builder()
                        .loadBalancerType("application")
                        .internal(false)
                        .subnets(Output.all(network.publicSubnets))
                        .securityGroups(network.firewall.edge.applyValue(List::of))
                        .idleTimeout(IDLE_SECONDS)
                        .dropInvalidHeaderFields(true)
                        .desyncMitigationMode("defensive")
                        .enableDeletionProtection(context().protect())
                        .accessLogs(LoadBalancerAccessLogsArgs.builder()
                                .bucket(logs.bucketName)
                                .enabled(true)
                                .build())
                        .build(),
                with().protect(context().protect()).dependsOn(logs.policy).build());
    }

    private TargetGroup targets(Network network) {
        return new TargetGroup(
                context().name("web"),
                TargetGroupArgs.builder()
                        .vpcId(network.vpcId)
                        .targetType("ip")
                        .protocol("HTTP")
                        .port(Firewall.GATEWAY_PORT)
                        .deregistrationDelay(DRAIN_SECONDS)
                        .loadBalancingAlgorithmType("least_outstanding_requests")
                        .stickiness(TargetGroupStickinessArgs.builder()
                                .enabled(true)
                                .type("lb_cookie")
                                .cookieDuration(STICKY_SECONDS)
                                .build())
                        .healthCheck(TargetGroupHealthCheckArgs.builder()
                                // Not readiness: an outage of the database or Kafka is no reason to replace tasks.
                                .path("/health/started")
                                .port(String.valueOf(Firewall.MANAGEMENT_PORT))
                                .matcher("200")
                                .interval(10)
                                .timeout(5)
                                .healthyThreshold(2)
                                .unhealthyThreshold(3)
                                .build())
                        .build(),
                own());
    }
}
