package com.deloton.gateway.ingest;

import com.deloton.gateway.config.KafkaConfig;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The Kafka clients' properties: our defaults, then the operator's, then those that correctness depends on. */
public final class ConsumerSettings {
    /** New partitions of the topic are read after this time at the latest. */
    private static final String METADATA_MAX_AGE_MILLIS = "30000";

    /**
     * The broker answers a fetch when it has this much, or after {@link #FETCH_MAX_WAIT_MILLIS}: without them it answers with
     * each record, which takes most of the CPU of client and broker with many bikes.
     */
    private static final String FETCH_MIN_BYTES = "65536";

    /** The most that it adds to the age of an alert. */
    private static final String FETCH_MAX_WAIT_MILLIS = "50";

    /** The partitions of a process that was killed, and their alerts, wait for the sum of both; the client's default is 45 s. */
    private static final String SESSION_TIMEOUT_MILLIS = "10000";

    private static final String HEARTBEAT_INTERVAL_MILLIS = "2000";

    private static final String ADMIN_TIMEOUT_MILLIS = "5000";

    private ConsumerSettings() {}

    /** For a member of the group that shares the partitions. */
    static Map<String, String> of(KafkaConfig kafka, int instance) {
        Map<String, String> settings = common(kafka, "deloton-ingest-" + instance);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, kafka.groupId());
        if (!isAssignedByBroker(settings)) {
            settings.putIfAbsent(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
            settings.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
            settings.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_INTERVAL_MILLIS);
        }
        return settings;
    }

    /** The protocol of KIP-848, which refuses an assignor of the client. */
    private static boolean isAssignedByBroker(Map<String, String> settings) {
        return GroupProtocol.CONSUMER.name().equalsIgnoreCase(settings.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG));
    }

    /** For a reader without a group, which chooses its partitions and commits nothing. */
    public static Map<String, String> withoutGroup(KafkaConfig kafka) {
        Map<String, String> settings = common(kafka, "deloton-follow");
        settings.keySet().removeIf(name -> name.startsWith("group."));
        return settings;
    }

    private static Map<String, String> common(KafkaConfig kafka, String clientId) {
        Map<String, String> settings = new HashMap<>();
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FETCH_MIN_BYTES);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MAX_WAIT_MILLIS);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_MAX_AGE_MILLIS);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        settings.putAll(kafka.properties());
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        return settings;
    }

    /** For questions about the topic, with the connection properties of a consumer. */
    static Map<String, Object> admin(Map<String, String> consumer) {
        Map<String, Object> settings = new HashMap<>(consumer);
        settings.keySet().retainAll(AdminClientConfig.configNames());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
        return settings;
    }
}
