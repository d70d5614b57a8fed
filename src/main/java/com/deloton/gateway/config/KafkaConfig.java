package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The Kafka topic of the bike stream.
 *
 * @param bootstrapServers {@code host:port}, separated by commas
 * @param properties further properties of the Kafka client; may contain secrets
 * @param zoneRacks the brokers' rack in each availability zone, by the zone's name
 */
public record KafkaConfig(
        String bootstrapServers,
        String topic,
        String groupId,
        Map<String, String> properties,
        Map<String, String> zoneRacks) {
    private static final Pattern HOST_AND_PORT = Pattern.compile("[^\\s,/@]+:\\d{1,5}");
    private static final String CLIENT_RACK = "client.rack";
    private static final Pattern ZONE_AND_RACK = Pattern.compile("[^=\\s]+=[^=\\s]+");
    static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Map<String, String> RESERVED = new TreeMap<>(Map.of(
            "bootstrap.servers", "use kafka.bootstrap-servers",
            "group.id", "use kafka.group-id",
            "enable.auto.commit", "offsets are stored in the database",
            "key.deserializer", "the gateway sets it",
            "value.deserializer", "the gateway sets it"));

    public KafkaConfig {
        properties = Map.copyOf(properties);
        zoneRacks = Map.copyOf(zoneRacks);
    }

    /** Without racks. */
    public KafkaConfig(String bootstrapServers, String topic, String groupId, Map<String, String> properties) {
        this(bootstrapServers, topic, groupId, properties, Map.of());
    }

    /** Reads from the replicas in a rack, unless the properties name another. */
    public KafkaConfig withRack(String rack) {
        Map<String, String> all = new TreeMap<>(properties);
        all.putIfAbsent(CLIENT_RACK, rack);
        return new KafkaConfig(bootstrapServers, topic, groupId, all, zoneRacks);
    }

    static KafkaConfig read(Settings settings) {
        String servers = String.join(
                ",",
                settings.key("kafka.bootstrap-servers", "Bootstrap brokers.")
                        .list("a list of host:port", HOST_AND_PORT.asMatchPredicate()));
        String topic = settings.key("kafka.topic", "Topic of the bike stream.")
                .as("a topic name of letters, digits, dot, underscore and hyphen", "deloton", KafkaConfig::topic);
        String group = settings.key("kafka.group-id", "Consumer group, the same for all gateways.")
                .text("deloton-gateway");
        Map<String, String> properties = settings.properties(
                "kafka.properties", "Any property of the Kafka client, such as security.protocol or sasl.jaas.config.");
        List<String> racks = settings.key(
                        "kafka.zone-racks",
                        "Rack of the brokers in each availability zone; on ECS the process looks up its zone and reads from the replicas there.")
                .list("a list of zone=rack such as eu-west-2a=euw2-az2", List.of(), ZONE_AND_RACK.asMatchPredicate());
        RESERVED.forEach((name, reason) -> {
            if (properties.containsKey(name)) {
                settings.invalid("kafka.properties." + name, "cannot be set; " + reason);
            }
        });
        Map<String, String> byZone = new TreeMap<>();
        racks.forEach(text -> byZone.put(text.split("=", 2)[0], text.split("=", 2)[1]));
        return new KafkaConfig(servers, topic, group, properties, byZone);
    }

    private static String topic(String name) {
        if (!TOPIC.matcher(name).matches()) {
            throw new IllegalArgumentException("not a topic name");
        }
        return name;
    }

    /** Without the values of the properties. */
    @Override
    public String toString() {
        return "KafkaConfig[bootstrapServers=%s, topic=%s, groupId=%s, properties=%s]"
                .formatted(bootstrapServers, topic, groupId, new TreeSet<>(properties.keySet()));
    }
}
