package com.deloton.gateway.doctor;

import com.deloton.gateway.config.KafkaConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates a topic of a configuration.
 *
 * @param partitions number of partitions, at least 1
 * @param settings of the topic, by their names in Kafka
 */
public record TopicSetup(KafkaConfig kafka, String topic, int partitions, Map<String, String> settings) {
    private static final Duration FLEET_RETENTION = Duration.ofHours(1);
    private static final Duration FLEET_SEGMENT = Duration.ofMinutes(10);

    public TopicSetup {
        settings = Map.copyOf(settings);
    }

    /**
     * The topic of the bike stream.
     *
     * @param retention how long the brokers keep a record
     */
    public static TopicSetup stream(KafkaConfig kafka, int partitions, Duration retention) {
        return new TopicSetup(
                kafka,
                kafka.topic(),
                partitions,
                Map.of(
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(retention.toMillis()),
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE));
    }

    /** The topic of the fleet's state, {@code live.fleet-topic}: compacted, and kept for an hour. */
    public static TopicSetup fleet(KafkaConfig kafka, String topic, int partitions) {
        return new TopicSetup(
                kafka,
                topic,
                partitions,
                Map.of(
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(FLEET_RETENTION.toMillis()),
                        TopicConfig.SEGMENT_MS_CONFIG,
                        Long.toString(FLEET_SEGMENT.toMillis()),
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE));
    }

    /** The brokers did not answer, or refused; the message is for the user. */
    public static final class TopicException extends Exception {
        private static final long serialVersionUID = 1;

        TopicException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The number of partitions of the existing topic; empty if there is none. */
    public Optional<Integer> existing() throws TopicException, InterruptedException {
        try (Admin admin = Kafka.admin(kafka)) {
            return Optional.of(Kafka.partitions(admin, topic));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw failed("read", e);
        } catch (TimeoutException | RuntimeException e) {
            throw failed("read", e);
        }
    }

    /** Creates the topic with the brokers' default replication. */
    public void create() throws TopicException, InterruptedException {
        NewTopic created = new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(settings);
        try (Admin admin = Kafka.admin(kafka)) {
            Kafka.get(admin.createTopics(List.of(created)).all());
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            throw failed("created", e);
        }
    }

    private TopicException failed(String action, Exception e) {
        return new TopicException(
                "The topic %s cannot be %s on %s: %s"
                        .formatted(topic, action, kafka.bootstrapServers(), Doctor.reason(e)),
                e);
    }
}
