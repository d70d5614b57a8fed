package com.deloton.gateway.ingest;

import com.deloton.gateway.ingest.FaultTolerantConsumer.ReadFailure;
import com.deloton.gateway.ingest.TopicMonitor.Offsets;
import com.deloton.gateway.ingest.TopicMonitor.Snapshot;
import com.deloton.gateway.ingest.moved.MovedRides;
import com.deloton.gateway.ingest.partition.FlushBatch;
import com.deloton.gateway.ingest.partition.IngestedPartitions;
import com.deloton.gateway.ingest.partition.Partition;
import com.deloton.gateway.ingest.partition.PartitionTools;
import com.deloton.gateway.ingest.partition.PositionCheck;
import com.deloton.gateway.ingest.partition.Recovery;
import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.store.DatabaseFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that Kafka has assigned to this consumer: those being taken over, which are not read, those that are
 * owned, and among them those that cannot be read. Kafka reports changes late (its callbacks reach the event loop after
 * the poll that caused them), so nothing here depends on them: the epoch in the warehouse decides who may write. Confined
 * to one event loop.
 */
final class Assignment {
    private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
    private static final FaultLog NO_FAILURE = new FaultLog(LOG, "Taking over");
    private static final Duration UNREADABLE_RETRY_DELAY = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final TopicMonitor monitor;
    private final Recovery recovery;
    private final PositionCheck positionCheck;
    private final PartitionTools tools;
    private final PartitionSet owned;
    private final IngestedPartitions ingested;

    private final Map<Integer, Long> takingOver = new HashMap<>();
    private final Map<Integer, FaultLog> failures = new TreeMap<>();
    private final PartitionSet.Unreadable unreadable = new PartitionSet.Unreadable(LOG);
    private final Set<Integer> halted = new HashSet<>();
    private final PartitionLag lag;
    private @Nullable String topicId;
    private long attempts;
    private boolean joined;
    private boolean paused;

    Assignment(
            Vertx vertx,
            KafkaConsumer<byte[], byte[]> consumer,
            String topic,
            TopicMonitor monitor,
            Recovery recovery,
            PositionCheck positionCheck,
            PartitionTools tools,
            PartitionSet owned,
            IngestedPartitions ingested) {
        this.vertx = vertx;
        this.consumer = consumer;
        this.topic = topic;
        this.monitor = monitor;
        this.recovery = recovery;
        this.positionCheck = positionCheck;
        this.tools = tools;
        this.owned = owned;
        this.ingested = ingested;
        lag = new PartitionLag(owned);
        consumer.partitionsAssignedHandler(this::assigned);
        consumer.partitionsRevokedHandler(this::revoked);
    }

    /** Of the partitions that were taken over. */
    PartitionLag lag() {
        return lag;
    }

    /** True once Kafka has let this consumer into its group. */
    boolean joined() {
        return joined;
    }

    /** Why a partition is not read, or null. */
    @Nullable
    String failureReason() {
        String unreadableReason = unreadable.reason(owned);
        if (unreadableReason != null) {
            return unreadableReason;
        }
        if (takingOver.isEmpty()) {
            return null;
        }
        return failures.entrySet().stream()
                .filter(entry -> entry.getValue().reason() != null)
                .map(entry -> "cannot take over %s-%d: %s"
                        .formatted(topic, entry.getKey(), entry.getValue().reason()))
                .findFirst()
                .orElse("taking over partitions " + new TreeSet<>(takingOver.keySet()));
    }

    private void assigned(Set<TopicPartition> partitions) {
        joined = true;
        for (TopicPartition partition : partitions) {
            takeOver(partition.getPartition());
        }
    }

    private void revoked(Set<TopicPartition> partitions) {
        partitions.forEach(partition -> forget(partition.getPartition()));
    }

    private void forget(int partition) {
        drop(partition);
        ingested.remove(partition);
        takingOver.remove(partition);
        failures.remove(partition);
        unreadable.remove(partition);
        lag.remove(partition);
    }

    private void drop(int partition) {
        owned.remove(partition);
        halted.remove(partition);
    }

    /** Drops the partition's state and restores it from the warehouse, if the partition is still assigned. */
    void restore(int partition) {
        drop(partition);
        ingested.add(partition);
        takingOver.put(partition, ++attempts);
        consumer.pause(owned.name(partition))
                .onComplete(v -> vertx.setTimer(RETRY_DELAY.toMillis(), t -> {
                    if (takingOver.containsKey(partition)) {
                        takeOver(partition);
                    }
                }));
    }

    /** Another consumer has taken the partition over; usually Kafka is about to report it. */
    void fenced(FlushBatch batch) {
        outdated(batch.partition(), batch.epoch());
    }

    /** As {@link #fenced}; also after rides of the partition moved to another, which leaves it to its present owner. */
    void outdated(int partition, long epoch) {
        Partition refused = owned.get(partition);
        if (refused == null || refused.epoch() != epoch) {
            return;
        }
        LOG.warn("The state of {}-{} is outdated: the partition has another owner, or rides moved", topic, partition);
        forget(partition);
        consumer.assignment().onSuccess(assigned -> {
            if (assigned.contains(owned.name(partition)) && !takingOver.containsKey(partition)) {
                restore(partition);
            }
        });
    }

    void written(FlushBatch batch) {
        Partition partition = owned.get(batch.partition());
        if (partition != null && partition.epoch() == batch.epoch()) {
            lag.stored(batch.partition(), batch.toOffset());
        }
    }

    private void takeOver(int partition) {
        long attempt = ++attempts;
        drop(partition);
        ingested.add(partition);
        takingOver.put(partition, attempt);
        consumer.pause(Set.of(owned.name(partition)))
                .compose(v -> monitor.snapshot())
                .compose(snapshot -> recovery.takeOver(
                                topic,
                                snapshot.topicId(),
                                partition,
                                snapshot.offsets(partition).beginning(),
                                snapshot.count())
                        .compose(state -> noticeGrowth(snapshot).map(state))
                        .compose(state -> open(partition, attempt, state, snapshot)))
                .onFailure(failure -> retry(partition, attempt, failure));
    }

    private Future<Void> noticeGrowth(Snapshot snapshot) {
        grow(snapshot.count());
        return recovery.isGrowing(topic, snapshot.count()).map(growing -> {
            if (growing) {
                tools.growth().noticed();
            }
            return null;
        });
    }

    private Future<Void> open(int partition, long attempt, Recovery.State state, Snapshot snapshot) {
        long end = snapshot.offsets(partition).end();
        return positionCheck
                .check(partition, state, snapshot.topicId(), end)
                .compose(reason ->
                        reason == null ? read(partition, attempt, state, snapshot) : Future.failedFuture(reason));
    }

    private Future<Void> read(int partition, long attempt, Recovery.State state, Snapshot snapshot) {
        long stored = state.position().nextOffset();
        Offsets offsets = snapshot.offsets(partition);
        if (stored < offsets.beginning()) {
            reportDeleted(partition, stored, offsets.beginning());
        }
        if (!isCurrent(partition, attempt)) {
            return Future.succeededFuture();
        }
        long readFrom = Math.max(stored, offsets.beginning());
        return consumer.seek(owned.name(partition), readFrom)
                .compose(v -> paused ? Future.succeededFuture() : consumer.resume(Set.of(owned.name(partition))))
                .map(v -> {
                    if (isCurrent(partition, attempt)) {
                        owned.put(partition, new Partition(partition, readFrom, state, tools));
                        takingOver.remove(partition);
                        topicId = Objects.requireNonNullElse(topicId, snapshot.topicId());
                        failures.getOrDefault(partition, NO_FAILURE).succeeded();
                        lag.stored(partition, stored);
                        LOG.info(
                                "Reading {}-{} from offset {}, {} open rides",
                                topic,
                                partition,
                                readFrom,
                                state.open().size());
                    }
                    return null;
                });
    }

    private void reportDeleted(int partition, long from, long to) {
        LOG.error(
                "Kafka deleted records {} to {} of {}-{} before they were read: {} are lost",
                from,
                to - 1,
                topic,
                partition,
                to - from);
        tools.meters().lost(to - from);
    }

    private void retry(int partition, long attempt, Throwable failure) {
        if (!isCurrent(partition, attempt)) {
            return;
        }
        failures.computeIfAbsent(partition, number -> new FaultLog(LOG, "Taking over %s-%d".formatted(topic, number)))
                .failed(DatabaseFailure.text(failure));
        vertx.setTimer(RETRY_DELAY.toMillis(), t -> {
            if (isCurrent(partition, attempt)) {
                takeOver(partition);
            }
        });
    }

    private boolean isCurrent(int partition, long attempt) {
        return Objects.equals(attempt, takingOver.get(partition));
    }

    /** A partition that the consumer has paused since it cannot be read; the others are read as before. */
    void readFailed(int number, ReadFailure failure) {
        Partition partition = owned.get(number);
        if (partition == null) {
            return;
        }
        Long divergedAt = failure.divergedAt(new org.apache.kafka.common.TopicPartition(topic, number));
        if (divergedAt != null) {
            positionCheck.diverged(number, divergedAt);
            restore(number);
            return;
        }
        if (failure.isOutOfRange()) {
            monitor.snapshot()
                    .onSuccess(snapshot -> {
                        if (owned.get(number) == partition) {
                            resumeInRange(number, partition, snapshot);
                        }
                    })
                    .onFailure(e -> restore(number));
            return;
        }
        halted.add(number);
        long offset = Math.max(failure.offset(), partition.nextOffset());
        String text = "%s-%d cannot be read at offset %d: %s".formatted(topic, number, offset, failure.text());
        unreadable.add(number, offset, text, failure.cause());
        vertx.setTimer(UNREADABLE_RETRY_DELAY.toMillis(), t -> {
            if (owned.get(number) == partition) {
                restore(number);
            }
        });
    }

    /** A record that our own code fails on; the partition's state is restored, and the record is tried again. */
    void handlingFailed(int number, RuntimeException bug) {
        Partition partition = owned.get(number);
        if (partition != null) {
            long offset = partition.nextOffset() - 1;
            String text = "record %d of %s-%d cannot be handled: %s".formatted(offset, topic, number, bug);
            unreadable.add(number, offset, text, bug);
        }
        restore(number);
    }

    private void resumeInRange(int number, Partition partition, Snapshot snapshot) {
        Offsets offsets = snapshot.offsets(number);
        if (isOtherTopic(snapshot) || partition.nextOffset() > offsets.end()) {
            restore(number);
            return;
        }
        skipDeleted(number, partition, offsets.beginning());
        consumer.seek(owned.name(number), partition.nextOffset())
                .compose(v -> paused ? Future.succeededFuture() : consumer.resume(Set.of(owned.name(number))));
    }

    private boolean isOtherTopic(Snapshot snapshot) {
        return topicId != null && !topicId.equals(snapshot.topicId());
    }

    /** Unflushed data is kept: what Kafka has deleted cannot be read again. */
    private boolean skipDeleted(int number, Partition partition, long beginning) {
        if (partition.nextOffset() >= beginning) {
            return false;
        }
        reportDeleted(number, partition.nextOffset(), beginning);
        partition.advanceTo(beginning);
        return true;
    }

    /** Compares the topic with what is read: created again, more partitions, records deleted ahead of the reader. */
    void observe(Snapshot snapshot) {
        boolean other = isOtherTopic(snapshot);
        if (other) {
            LOG.error(
                    "The topic {} was deleted and created again: its id was {}, now it is {}",
                    topic,
                    topicId,
                    snapshot.topicId());
        }
        topicId = snapshot.topicId();
        grow(snapshot.count());
        for (int number : owned.numbers()) {
            Partition partition = owned.get(number);
            Offsets offsets = snapshot.partitions().get(number);
            if (other || partition == null || !snapshot.has(number)) {
                restore(number);
            } else if (offsets != null && skipDeleted(number, partition, offsets.beginning())) {
                consumer.seek(owned.name(number), partition.nextOffset());
            }
        }
    }

    private void grow(int count) {
        int added = tools.growth().observe(count);
        if (added > 0) {
            tools.meters().partitionsAdded(added);
            LOG.warn(
                    "The topic {} has {} partitions now, it had {}: Kafka keys move, and the open rides with them",
                    topic,
                    count,
                    count - added);
        }
    }

    /** The end of each partition, {@link Long#MAX_VALUE} if unknown; takes notice of partitions that were added. */
    Future<MovedRides.Ends> ends() {
        return monitor.snapshot().map(snapshot -> {
            grow(snapshot.count());
            Map<Integer, Long> ends = new HashMap<>();
            snapshot.unanswered().forEach(number -> ends.put(number, Long.MAX_VALUE));
            snapshot.partitions().forEach((number, offsets) -> ends.put(number, offsets.end()));
            return new MovedRides.Ends(ends, snapshot.askedAt());
        });
    }

    void pause() {
        paused = true;
        consumer.pause(owned.names());
    }

    void resume() {
        paused = false;
        Set<TopicPartition> readable = new HashSet<>(owned.names());
        halted.forEach(number -> readable.remove(owned.name(number)));
        consumer.resume(readable);
    }
}
