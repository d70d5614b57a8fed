package com.deloton.infra.broker;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.network.Network;
import com.deloton.infra.settings.Settings.ExternalKafka;
import com.deloton.infra.settings.Settings.Kafka;
import com.deloton.infra.settings.Settings.ManagedKafka;
import com.pulumi.core.Output;

/** Kafka: a cluster of our own, or the way to one that exists. */
public final class Broker extends Component {
    public final BrokerAccess access;

    public Broker(StackContext context, Kafka settings, Network network) {
        super("Broker", "broker", context);
        this.access = switch (settings) {
            case ManagedKafka managed -> ManagedCluster.create(this, managed, network);
            case ExternalKafka external ->
                new BrokerAccess(
                        Output.of(external.bootstrapServers()),
                        external.mechanism(),
                        BrokerAccess.jaas(this, external.mechanism(), external.username(), external.password())
                                .arn(),
                        external.topic(),
                        external.groupId());
        };
        done();
    }
}
