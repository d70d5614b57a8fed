package com.deloton.gateway.ingest;

import com.deloton.gateway.ops.FaultLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka about the topic: its id, its partitions and their offsets. Uses a client beside the consumer, whose only
 * thread a question would block. Confined to one event loop.
 */
final class TopicMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(TopicMonitor.class);
    private static final Duration UNANSWERED = Duration.ofSeconds(12);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

    private final Vertx vertx;
    private final Context context;
    private final Admin admin;
    private final String topic;
    private final IsolationLevel isolation;
    private final FaultLog faults = new FaultLog(LOG, "Asking Kafka about the topic");
    private long answeredAt = System.nanoTime();

    /** Offsets of a partition; {@code end} is the end of what this reader may see. */
    record Offsets(long beginning, long end) {}

    /**
     * The topic at a moment.
     *
     * @param topicId another one if the topic was deleted and created again
     * @param count of the topic's partitions
     * @param partitions without those whose offsets Kafka does not return, as while their leader is away
     * @param askedAt {@link System#nanoTime} of the question: no offset is older
     */
    record Snapshot(String topicId, int count, Map<Integer, Offsets> partitions, long askedAt) {
        Offsets offsets(int partition) {
            Offsets offsets = partitions.get(partition);
            if (offsets == null) {
                throw new IllegalStateException(
                        partition < count
                                ? "Kafka does not answer for this partition; does it have a leader?"
                                : "the topic has no partition " + partition);
            }
            return offsets;
        }

        /** Whether the topic has the partition, though its offsets may be unknown. */
        boolean has(int partition) {
            return partition < count;
        }

        /** The partitions whose offsets are unknown. */
        List<Integer> unanswered() {
            return IntStream.range(0, count)
                    .filter(partition -> !partitions.containsKey(partition))
                    .boxed()
                    .toList();
        }
    }

    /**
     * @param consumer properties of the consumer whose view of the topic counts
     */
    TopicMonitor(Vertx vertx, Map<String, String> consumer, String topic) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.topic = topic;
        isolation = "read_uncommitted".equalsIgnoreCase(consumer.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG))
                ? IsolationLevel.READ_UNCOMMITTED
                : IsolationLevel.READ_COMMITTED;
        admin = Admin.create(ConsumerSettings.admin(consumer));
    }

    Future<Snapshot> snapshot() {
        long askedAt = System.nanoTime();
        KafkaFuture<TopicDescription> description = Objects.requireNonNull(
                admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
        return future(description)
                .compose(described -> Future.all(
                                offsets(described, OffsetSpec.earliest()), offsets(described, OffsetSpec.latest()))
                        .map(both -> snapshot(described, both.resultAt(0), both.resultAt(1), askedAt)))
                .onSuccess(answer -> {
                    if (answer.unanswered().isEmpty()) {
                        answeredAt = System.nanoTime();
                        faults.succeeded();
                    } else {
                        faults.failed(
                                "no answer for partitions %s; do they have a leader?".formatted(answer.unanswered()));
                    }
                })
                .onFailure(failure -> faults.failed(String.valueOf(failure.getMessage()), failure));
    }

    /** Why the topic is not known at present; null unless Kafka has not answered for some seconds. */
    @Nullable
    String failureReason() {
        Duration silence = Duration.ofNanos(System.nanoTime() - answeredAt);
        if (silence.compareTo(UNANSWERED) < 0) {
            return null;
        }
        String reason = faults.reason();
        return "Kafka has not answered a question about the topic for %d s%s"
                .formatted(silence.toSeconds(), reason == null ? "" : ": " + reason);
    }

    private Future<Map<TopicPartition, ListOffsetsResultInfo>> offsets(TopicDescription description, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        description.partitions().forEach(info -> wanted.put(new TopicPartition(topic, info.partition()), spec));
        ListOffsetsResult listed = admin.listOffsets(wanted, new ListOffsetsOptions(isolation));
        Map<TopicPartition, Future<ListOffsetsResultInfo>> answers = new HashMap<>();
        wanted.keySet().forEach(partition -> answers.put(partition, future(listed.partitionResult(partition))));
        return answered(answers);
    }

    /** The answers that succeed; fails only if none does. */
    static <K, T> Future<Map<K, T>> answered(Map<K, Future<T>> answers) {
        return Future.join(List.copyOf(answers.values())).transform(all -> {
            Map<K, T> succeeded = new HashMap<>();
            answers.forEach((key, answer) -> {
                if (answer.succeeded()) {
                    succeeded.put(key, answer.result());
                }
            });
            return succeeded.isEmpty() && all.failed()
                    ? Future.failedFuture(all.cause())
                    : Future.succeededFuture(succeeded);
        });
    }

    private static Snapshot snapshot(
            TopicDescription description,
            Map<TopicPartition, ListOffsetsResultInfo> earliest,
            Map<TopicPartition, ListOffsetsResultInfo> latest,
            long askedAt) {
        Map<Integer, Offsets> partitions = new HashMap<>();
        latest.forEach((partition, end) -> {
            ListOffsetsResultInfo beginning = earliest.get(partition);
            if (beginning != null) {
                partitions.put(
                        partition.partition(), new Offsets(Math.max(0, beginning.offset()), Math.max(0, end.offset())));
            }
        });
        return new Snapshot(
                description.topicId().toString(), description.partitions().size(), partitions, askedAt);
    }

    private <T> Future<T> future(KafkaFuture<T> answer) {
        return Future.fromCompletionStage(answer.toCompletionStage(), context);
    }

    Future<@Nullable Void> close() {
        return vertx.executeBlocking(() -> {
            admin.close(CLOSE_TIMEOUT);
            return null;
        });
    }
}
