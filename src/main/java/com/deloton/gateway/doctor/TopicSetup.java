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
 * Creates the topic of a configuration.
 *
 * @param partitions number of partitions, at least 1
 * @param retention how long the brokers keep a record
 */
public record TopicSetup(KafkaConfig kafka, int partitions, Duration retention) {

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
            return Optional.of(Kafka.partitions(admin, kafka.topic()));
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
        NewTopic topic = new NewTopic(kafka.topic(), Optional.of(partitions), Optional.empty())
                .configs(Map.of(
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(retention.toMillis()),
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE));
        try (Admin admin = Kafka.admin(kafka)) {
            Kafka.get(admin.createTopics(List.of(topic)).all());
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            throw failed("created", e);
        }
    }

    private TopicException failed(String action, Exception e) {
        return new TopicException(
                "The topic %s cannot be %s on %s: %s"
                        .formatted(kafka.topic(), action, kafka.bootstrapServers(), Doctor.reason(e)),
                e);
    }
}
