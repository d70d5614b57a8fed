package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Where the bikes' stream is.
 *
 * @param bootstrapServers {@code host:port} with commas between
 * @param properties of the Kafka client, beside those the gateway sets itself; may hold secrets
 */
public record KafkaConfig(String bootstrapServers, String topic, String groupId, Map<String, String> properties) {
    private static final Pattern HOST_AND_PORT = Pattern.compile("[^\\s,/@]+:\\d{1,5}");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Map<String, String> OWN = new TreeMap<>(Map.of(
            "bootstrap.servers", "use kafka.bootstrap-servers",
            "group.id", "use kafka.group-id",
            "enable.auto.commit", "the gateway commits what the database has",
            "key.deserializer", "the gateway has its own",
            "value.deserializer", "the gateway has its own"));

    public KafkaConfig {
        properties = Map.copyOf(properties);
    }

    static KafkaConfig read(Settings settings) {
        String servers = String.join(
                ",",
                settings.key("kafka.bootstrap-servers", "Brokers to begin with.")
                        .list("a list of host:port", HOST_AND_PORT.asMatchPredicate()));
        String topic = settings.key("kafka.topic", "Topic the bikes write to.")
                .as("a topic name of letters, digits, dot, underscore and hyphen", "deloton", KafkaConfig::topic);
        String group = settings.key("kafka.group-id", "Consumer group of all gateways that share the work.")
                .text("deloton-gateway");
        Map<String, String> properties = settings.properties(
                "kafka.properties", "Any property of the Kafka client, such as security.protocol or sasl.jaas.config.");
        OWN.forEach((name, reason) -> {
            if (properties.containsKey(name)) {
                settings.fault("kafka.properties." + name, "cannot be set here; " + reason);
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

    /** Names the properties without their values. */
    @Override
    public String toString() {
        return "KafkaConfig[bootstrapServers=%s, topic=%s, groupId=%s, properties=%s]"
                .formatted(bootstrapServers, topic, groupId, new TreeSet<>(properties.keySet()));
    }
}
