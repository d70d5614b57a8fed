package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The Kafka topic of the bike stream.
 *
 * @param bootstrapServers {@code host:port}, separated by commas
 * @param properties further properties of the Kafka client; may contain secrets
 */
public record KafkaConfig(String bootstrapServers, String topic, String groupId, Map<String, String> properties) {
    private static final Pattern HOST_AND_PORT = Pattern.compile("[^\\s,/@]+:\\d{1,5}");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Map<String, String> RESERVED = new TreeMap<>(Map.of(
            "bootstrap.servers", "use kafka.bootstrap-servers",
            "group.id", "use kafka.group-id",
            "enable.auto.commit", "offsets are stored in the database",
            "key.deserializer", "the gateway sets it",
            "value.deserializer", "the gateway sets it"));

    public KafkaConfig {
        properties = Map.copyOf(properties);
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
        RESERVED.forEach((name, reason) -> {
            if (properties.containsKey(name)) {
                settings.invalid("kafka.properties." + name, "cannot be set; " + reason);
            }
        });
        return new KafkaConfig(servers, topic, group, properties);
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
