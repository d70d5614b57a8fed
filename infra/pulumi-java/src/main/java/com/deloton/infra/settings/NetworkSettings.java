package com.deloton.infra.settings;

import com.deloton.infra.settings.Settings.NatMode;
import com.deloton.infra.settings.SettingsLoader.Origin;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** Reads the settings of the network: one of the stack, or an existing one. */
final class NetworkSettings {
    private static final Pattern VPC = Pattern.compile("vpc-([0-9a-f]{8}|[0-9a-f]{17})");
    private static final Pattern SUBNET = Pattern.compile("subnet-([0-9a-f]{8}|[0-9a-f]{17})");
    private static final Pattern ZONE = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d[a-z]");

    private final SettingsReader reader;
    private final BooleanSupplier managesKafka;
    private final BooleanSupplier managesDatabase;

    NetworkSettings(SettingsReader reader, BooleanSupplier managesKafka, BooleanSupplier managesDatabase) {
        this.reader = reader;
        this.managesKafka = managesKafka;
        this.managesDatabase = managesDatabase;
    }

    Settings.Network read() {
        return switch (reader.choice("network", Origin.MANAGED)) {
            case MANAGED -> managed(managesKafka.getAsBoolean());
            case EXISTING -> existing();
        };
    }

    private Settings.ExistingNetwork existing() {
        int data = managesKafka.getAsBoolean() ? 3 : managesDatabase.getAsBoolean() ? 2 : 0;
        return new Settings.ExistingNetwork(
                reader.required("vpcId", VPC, "the id of a VPC, such as vpc-0a1b2c3d4e5f60718"),
                subnets("publicSubnetIds", 2, "the load balancer"),
                subnets("appSubnetIds", 2, "the tasks, with a route to the internet through NAT"),
                subnets("dataSubnetIds", data, "the managed database or Kafka"));
    }

    private List<String> subnets(String key, int least, String use) {
        return reader.check(
                key,
                reader.list(key, SUBNET, "subnets such as subnet-0a1b2c3d4e5f60718"),
                ids -> ids.size() >= least
                        && ids.size() <= 3
                        && ids.stream().distinct().count() == ids.size(),
                "%s different subnets in different zones for %s, such as [\"subnet-0a1b2c3d4e5f60718\", …]"
                        .formatted(least == 3 ? "three" : least == 2 ? "two or three" : "at most three", use));
    }

    /** A managed broker needs three zones, or losing one stops writes: at least two replicas must be in sync. */
    private Settings.Network managed(boolean withKafka) {
        return new Settings.ManagedNetwork(
                reader.text(
                        "cidr",
                        "10.20.0.0/16",
                        Pattern.compile("10\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.0\\.0/16"),
                        "10.N.0.0/16"),
                zoneNames(withKafka),
                reader.choice("nat", NatMode.PER_ZONE),
                reader.flag("interfaceEndpoints", true));
    }

    private List<String> zoneNames(boolean withKafka) {
        String right = withKafka
                ? "three different zones, because kafka is managed, such as [\"eu-west-2a\", \"eu-west-2b\", \"eu-west-2c\"]"
                : "two or three different zones, such as [\"eu-west-2a\", \"eu-west-2b\"]";
        return reader.check(
                "zoneNames",
                reader.list("zoneNames", ZONE, "availability zones such as eu-west-2a"),
                names -> names.size() >= (withKafka ? 3 : 2)
                        && names.size() <= 3
                        && names.stream().distinct().count() == names.size(),
                right);
    }
}
