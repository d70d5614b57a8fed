package com.deloton.gateway.doctor;

import com.deloton.gateway.config.KafkaConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;

/** Kafka's admin client with the settings of the gateway and time limits. */
final class Kafka {
    private static final int TIMEOUT_MS = 8_000;

    private Kafka() {}

    static Admin admin(KafkaConfig kafka) {
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        properties.keySet().retainAll(AdminClientConfig.configNames());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS / 2);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        return Admin.create(properties);
    }

    static <T> T get(KafkaFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    /** @throws ExecutionException caused by UnknownTopicOrPartitionException if there is no such topic */
    static int partitions(Admin admin, String topic) throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, TopicDescription> topics =
                get(admin.describeTopics(List.of(topic)).allTopicNames());
        return Objects.requireNonNull(topics.get(topic)).partitions().size();
    }
}
