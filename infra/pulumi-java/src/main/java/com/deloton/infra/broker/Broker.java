package com.deloton.infra.broker;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.network.Network;
import com.deloton.infra.settings.Settings.ExternalKafka;
import com.deloton.infra.settings.Settings.Kafka;
import com.deloton.infra.settings.Settings.ManagedKafka;
import com.pulumi.aws.msk.Cluster;
import com.pulumi.core.Output;
import java.util.Optional;

/** Kafka: a managed cluster of the stack, or the access to an existing one. */
public final class Broker extends Component {
    public final BrokerAccess access;

    /** How to create topics and ACLs on a managed cluster; empty for an existing cluster, whose login may do so or not. */
    public final Optional<OperatorAccess> operator;

    /** The managed cluster's name; empty for an existing cluster. */
    public final Optional<Output<String>> managedCluster;

    public Broker(StackContext context, Kafka settings, Network network) {
        super("Broker", "broker", context);
        switch (settings) {
            case ManagedKafka managed -> {
                Cluster cluster = ManagedCluster.cluster(this, managed, network);
                BrokerStorage.growing(this, managed, cluster.arn());
                this.access = ManagedCluster.access(this, managed, cluster, network);
                this.operator = Optional.of(ManagedCluster.operator(managed, cluster));
                this.managedCluster = Optional.of(cluster.clusterName());
            }
            case ExternalKafka external -> {
                this.access = new BrokerAccess(
                        Output.of(external.bootstrapServers()),
                        external.mechanism(),
                        BrokerAccess.stored(this, external.mechanism(), external.username(), external.password()),
                        external.topic(),
                        external.groupId(),
                        Optional.empty());
                this.operator = Optional.empty();
                this.managedCluster = Optional.empty();
            }
        }
        done();
    }
}
