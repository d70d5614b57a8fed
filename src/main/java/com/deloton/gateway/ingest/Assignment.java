package com.deloton.gateway.ingest;

import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.ingest.heartrate.HeartRateMonitor;
import com.deloton.gateway.ingest.partition.FlushBatch;
import com.deloton.gateway.ingest.partition.IngestMeters;
import com.deloton.gateway.ingest.partition.Partition;
import com.deloton.gateway.ingest.partition.Recovery;
import com.deloton.gateway.store.Timestamps;
import com.deloton.gateway.telemetry.LineParser;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that Kafka has given to this consumer: those being taken over, which are not read, and those that are
 * owned. Kafka tells of changes late (its callbacks reach the event loop after the poll that caused them), so nothing
 * here rests on them: the epoch in the warehouse decides who may write. Confined to one event loop.
 */
final class Assignment {
    private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);
    private static final long RETRY_MILLIS = 1_000;

    private final Vertx vertx;
    private final KafkaConsumer<String, byte[]> consumer;
    private final String topic;
    private final Recovery recovery;
    private final IngestMeters meters;
    private final List<IngestBatch.Event> events;
    private final HeartRateMonitor hearts;
    private final LineParser parser = new LineParser();

    private final Map<Integer, Partition> owned = new TreeMap<>();
    private final Map<Integer, Long> takingOver = new HashMap<>();
    private final Map<Integer, String> troubles = new TreeMap<>();
    private long attempts;
    private boolean joined;
    private boolean paused;

    Assignment(
            Vertx vertx,
            KafkaConsumer<String, byte[]> consumer,
            String topic,
            Recovery recovery,
            IngestMeters meters,
            List<IngestBatch.Event> events,
            HeartRateMonitor hearts) {
        this.vertx = vertx;
        this.consumer = consumer;
        this.topic = topic;
        this.recovery = recovery;
        this.meters = meters;
        this.events = events;
        this.hearts = hearts;
        consumer.partitionsAssignedHandler(this::assigned);
        consumer.partitionsRevokedHandler(this::revoked);
    }

    /** True once Kafka has let this consumer into its group. */
    boolean joined() {
        return joined;
    }

    @Nullable
    Partition owned(int partition) {
        return owned.get(partition);
    }

    List<Integer> numbers() {
        return List.copyOf(owned.keySet());
    }

    int buffered() {
        return owned.values().stream().mapToInt(Partition::buffered).sum();
    }

    int openRides() {
        return owned.values().stream().mapToInt(Partition::openRides).sum();
    }

    /** Why a partition cannot be read, or null. */
    @Nullable
    String trouble() {
        return takingOver.isEmpty()
                ? null
                : troubles.values().stream()
                        .findFirst()
                        .orElse("taking over partitions " + new TreeSet<>(takingOver.keySet()));
    }

    List<FlushBatch> take() {
        List<FlushBatch> work = new ArrayList<>(owned.size());
        for (Partition partition : owned.values()) {
            FlushBatch gathered = partition.take();
            if (gathered != null) {
                work.add(gathered);
            }
        }
        return work;
    }

    private void assigned(Set<TopicPartition> partitions) {
        joined = true;
        for (TopicPartition partition : partitions) {
            takeOver(partition.getPartition());
        }
    }

    private void revoked(Set<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            int number = partition.getPartition();
            owned.remove(number);
            takingOver.remove(number);
            troubles.remove(number);
        }
    }

    /** Forgets the partition's state and reads it again from where the warehouse stands, if it is still assigned. */
    void retake(int partition) {
        owned.remove(partition);
        takingOver.put(partition, ++attempts);
        consumer.pause(name(partition))
                .onComplete(v -> vertx.setTimer(RETRY_MILLIS, t -> {
                    if (takingOver.containsKey(partition)) {
                        takeOver(partition);
                    }
                }));
    }

    /** Another consumer has taken the partition over: usually Kafka's word of it is under way. */
    void fenced(FlushBatch work) {
        int partition = work.partition();
        Partition refused = owned.get(partition);
        if (refused == null || refused.epoch() != work.epoch()) {
            return;
        }
        LOG.warn("Partition {}-{} has another owner; its records are left to it", topic, partition);
        owned.remove(partition);
        consumer.assignment().onSuccess(assigned -> {
            if (assigned.contains(new TopicPartition(topic, partition)) && !takingOver.containsKey(partition)) {
                retake(partition);
            }
        });
    }

    private void takeOver(int partition) {
        long attempt = ++attempts;
        owned.remove(partition);
        takingOver.put(partition, attempt);
        TopicPartition name = new TopicPartition(topic, partition);
        consumer.pause(Set.of(name))
                .compose(v -> Future.all(consumer.beginningOffsets(name), consumer.endOffsets(name)))
                .compose(offsets -> {
                    long beginning = offsets.resultAt(0);
                    long end = offsets.resultAt(1);
                    return recovery.takeOver(topic, partition, beginning)
                            .compose(state -> open(partition, attempt, state, beginning, end));
                })
                .onFailure(failure -> retry(partition, attempt, failure));
    }

    private Future<Void> open(int partition, long attempt, Recovery.State state, long beginning, long end) {
        long stored = state.position().nextOffset();
        if (stored > end) {
            return Future.failedFuture(
                    "the warehouse is at offset %d of %s-%d, but the topic ends at %d: was the topic made anew?"
                            .formatted(stored, topic, partition, end));
        }
        if (stored < beginning) {
            LOG.error(
                    "Records {}–{} of {}-{} were deleted by Kafka before they were read",
                    stored,
                    beginning - 1,
                    topic,
                    partition);
            meters.lost(beginning - stored);
        }
        long readFrom = Math.max(stored, beginning);
        TopicPartition name = new TopicPartition(topic, partition);
        return consumer.seek(name, readFrom)
                .compose(v -> paused ? Future.succeededFuture() : consumer.resume(Set.of(name)))
                .map(v -> {
                    if (takingOver.remove(partition, attempt)) {
                        troubles.remove(partition);
                        owned.put(
                                partition,
                                new Partition(
                                        partition,
                                        state.position(),
                                        readFrom,
                                        state.open(),
                                        parser,
                                        meters,
                                        events,
                                        hearts));
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

    private void retry(int partition, long attempt, Throwable failure) {
        if (!isUnderWay(partition, attempt)) {
            return;
        }
        String text = "cannot take over %s-%d: %s".formatted(topic, partition, failure.getMessage());
        if (!text.equals(troubles.put(partition, text))) {
            LOG.error("Ingest: {}", text);
        }
        vertx.setTimer(RETRY_MILLIS, t -> {
            if (isUnderWay(partition, attempt)) {
                takeOver(partition);
            }
        });
    }

    private boolean isUnderWay(int partition, long attempt) {
        return Long.valueOf(attempt).equals(takingOver.get(partition));
    }

    void pause() {
        paused = true;
        consumer.pause(names());
    }

    void resume() {
        paused = false;
        consumer.resume(names());
    }

    Future<Map<Integer, Long>> endOffsets() {
        return owned.isEmpty()
                ? Future.succeededFuture(Map.of())
                : consumer.endOffsets(names())
                        .map(ends -> ends.entrySet().stream()
                                .collect(Collectors.toMap(e -> e.getKey().getPartition(), Map.Entry::getValue)));
    }

    /** Records behind the ends of the partitions, by partition. */
    Map<Integer, Long> lag(Map<Integer, Long> ends) {
        Map<Integer, Long> lag = new TreeMap<>();
        owned.forEach((number, partition) -> {
            Long end = ends.get(number);
            if (end != null) {
                lag.put(number, Math.max(0, end - partition.nextOffset()));
            }
        });
        return lag;
    }

    /** Ends the rides of bikes that have been silent for {@code silence}. */
    void abandonSilent(Instant now, Duration silence, Map<Integer, Long> ends) {
        long nowMicros = Timestamps.micros(now);
        owned.forEach((number, partition) -> partition.abandonSilent(nowMicros, silence, ends.get(number)));
    }

    private Set<TopicPartition> names() {
        return owned.keySet().stream().map(n -> new TopicPartition(topic, n)).collect(Collectors.toSet());
    }

    private TopicPartition name(int partition) {
        return new TopicPartition(topic, partition);
    }
}
