package com.deloton.gateway.ingest;

import com.deloton.gateway.config.KafkaConfig;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The Kafka consumer's properties: our defaults, over them the operator's, over them what correctness rests on. */
final class ConsumerSettings {
    private ConsumerSettings() {}

    /** For a member of the group that shares the partitions. */
    static Map<String, String> of(KafkaConfig kafka, int instance) {
        Map<String, String> settings = new HashMap<>();
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        settings.putAll(common(kafka, "deloton-ingest-" + instance));
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, kafka.groupId());
        return settings;
    }

    /** For a reader without a group: it takes what partitions it likes and commits nothing. */
    static Map<String, String> withoutGroup(KafkaConfig kafka) {
        Map<String, String> settings = common(kafka, "deloton-follow");
        settings.keySet().removeIf(name -> name.startsWith("group."));
        return settings;
    }

    private static Map<String, String> common(KafkaConfig kafka, String clientId) {
        Map<String, String> settings = new HashMap<>();
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        settings.putAll(kafka.properties());
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class.getName());
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        return settings;
    }
}
