package com.deloton.gateway.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;

/**
 * A consumer in which a partition that cannot be read stops only itself: it is paused and reported by
 * {@link #takeReadFailures}, while {@link #poll} returns the records of the others. A partition that is newly assigned is
 * paused until somebody has sought its position and resumed it. Like any Kafka consumer it is used by one thread at a
 * time, but for {@link #takeReadFailures}.
 */
final class FaultTolerantConsumer extends KafkaConsumer<byte[], byte[]> {
    private static final long UNKNOWN = -1;
    private static final int PROBE_RECORDS = 5_000;
    private static final Duration PROBE_TIME = Duration.ofSeconds(2);
    private static final Duration PROBE_POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_TIME = Duration.ofMillis(500);
    private static final Duration COMMIT_TIME = Duration.ofSeconds(1);

    private final Map<String, String> settings;
    private final Map<Integer, ReadFailure> failures = new HashMap<>();
    /** The offset after the last record that {@link #poll} has returned, or that was sought since. */
    private final Map<TopicPartition, Long> returnedTo = new HashMap<>();

    /**
     * A partition that has been paused since it cannot be read.
     *
     * @param offset at which reading failed; −1 if unknown
     */
    record ReadFailure(long offset, Throwable cause) {
        /** Whether the broker does not have the offset: records were deleted, or the topic was created again. */
        boolean isOutOfRange() {
            return cause instanceof OffsetOutOfRangeException;
        }

        /** Up to where the log is still the one that was read, if Kafka says that it is another; otherwise null. */
        @Nullable
        Long divergedAt(TopicPartition partition) {
            OffsetAndMetadata valid = cause instanceof LogTruncationException truncated
                    ? truncated.divergentOffsets().get(partition)
                    : null;
            return valid == null ? null : (Long) valid.offset();
        }

        /** Whether a restart is needed, as when a native codec cannot be loaded. */
        boolean isProcessFault() {
            return cause instanceof LinkageError;
        }

        String text() {
            Throwable root = cause;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return cause.getCause() == null ? cause.toString() : cause.getMessage() + ": " + root;
        }
    }

    FaultTolerantConsumer(Map<String, String> settings) {
        super(new HashMap<>(settings));
        this.settings = Map.copyOf(settings);
    }

    /** The failures since the last call, by partition. May be called by any thread. */
    Map<Integer, ReadFailure> takeReadFailures() {
        synchronized (failures) {
            if (failures.isEmpty()) {
                return Map.of();
            }
            Map<Integer, ReadFailure> taken = Map.copyOf(failures);
            failures.clear();
            return taken;
        }
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                listener.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                holdBack(partitions);
                listener.onPartitionsAssigned(partitions);
            }
        });
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
        Set<TopicPartition> added = new HashSet<>(partitions);
        added.removeAll(assignment());
        super.assign(partitions);
        holdBack(added);
    }

    /** Waits a second at most: while the group's coordinator does not answer, the partitions are still read. */
    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        commitSync(offsets, COMMIT_TIME);
    }

    private void holdBack(Collection<TopicPartition> partitions) {
        pause(partitions);
        partitions.forEach(partition -> seek(partition, 0));
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        super.seek(partition, offset);
        returnedTo.put(partition, offset);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        ConsumerRecords<byte[], byte[]> records = pollReadable(timeout);
        records.nextOffsets().forEach((partition, next) -> returnedTo.put(partition, next.offset()));
        return records;
    }

    private ConsumerRecords<byte[], byte[]> pollReadable(Duration timeout) {
        try {
            return super.poll(timeout);
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach((partition, offset) -> fail(partition, offset, e));
            return ConsumerRecords.empty();
        } catch (LinkageError e) {
            rewind();
            return findUnreadable(e);
        } catch (KafkaException e) {
            if (!isOfPartition(e)) {
                throw e;
            }
            TopicPartition named = namedIn(e);
            if (named == null) {
                return findUnreadable(e);
            }
            fail(named, returnedTo.getOrDefault(named, UNKNOWN), e);
            return ConsumerRecords.empty();
        }
    }

    /** An Error leaves the client after it has moved its positions over records that it did not return. */
    private void rewind() {
        for (TopicPartition partition : assignment()) {
            Long offset = returnedTo.get(partition);
            if (offset != null) {
                super.seek(partition, offset);
            }
        }
    }

    /** Failures of the group, of authorization and the like have classes of their own. */
    private static boolean isOfPartition(Throwable failure) {
        return failure.getClass() == KafkaException.class || failure instanceof CorruptRecordException;
    }

    /** Returns the records before the first that cannot be read; the other partitions are read by the next poll. */
    private ConsumerRecords<byte[], byte[]> findUnreadable(Throwable failure) {
        Set<TopicPartition> suspects = new HashSet<>(assignment());
        suspects.removeAll(paused());
        for (TopicPartition suspect : suspects) {
            Long from = returnedTo.get(suspect);
            if (from != null && currentLag(suspect).orElse(1) > 0) {
                ConsumerRecords<byte[], byte[]> readable = probe(suspect, from);
                if (readable != null) {
                    return readable;
                }
            }
        }
        throw new KafkaException("no partition was found that cannot be read: " + failure, failure);
    }

    /** Reads the partition alone, record by record. Null if it can be read. */
    private @Nullable ConsumerRecords<byte[], byte[]> probe(TopicPartition suspect, long from) {
        List<ConsumerRecord<byte[], byte[]>> readable = new ArrayList<>();
        long next = from;
        KafkaConsumer<byte[], byte[]> probe = new KafkaConsumer<>(probeSettings());
        try {
            probe.assign(Set.of(suspect));
            probe.seek(suspect, from);
            long end = System.nanoTime() + PROBE_TIME.toNanos();
            while (readable.size() < PROBE_RECORDS && System.nanoTime() < end) {
                ConsumerRecords<byte[], byte[]> polled = probe.poll(PROBE_POLL);
                readable.addAll(polled.records(suspect));
                OffsetAndMetadata after = polled.nextOffsets().get(suspect);
                next = after == null ? next : after.offset();
            }
            return null;
        } catch (KafkaException | LinkageError e) {
            if (e instanceof KafkaException && !isOfPartition(e)) {
                throw e;
            }
            fail(suspect, next, e);
            super.seek(suspect, next);
            return new ConsumerRecords<>(
                    readable.isEmpty() ? Map.of() : Map.of(suspect, readable),
                    Map.of(suspect, new OffsetAndMetadata(next)));
        } finally {
            probe.close(CloseOptions.timeout(CLOSE_TIME));
        }
    }

    private Map<String, Object> probeSettings() {
        Map<String, Object> probe = new HashMap<>(settings);
        probe.keySet().removeIf(name -> name.startsWith("group."));
        probe.put(ConsumerConfig.CLIENT_ID_CONFIG, settings.get(ConsumerConfig.CLIENT_ID_CONFIG) + "-probe");
        probe.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        return probe;
    }

    private @Nullable TopicPartition namedIn(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        for (TopicPartition partition : assignment()) {
            if (Pattern.compile("(?<![\\w.-])" + Pattern.quote(partition.toString()) + "(?![\\w-])")
                    .matcher(message)
                    .find()) {
                return partition;
            }
        }
        return null;
    }

    private void fail(TopicPartition partition, long offset, Throwable failure) {
        pause(Set.of(partition));
        synchronized (failures) {
            failures.put(partition.partition(), new ReadFailure(offset, failure));
        }
    }
}
