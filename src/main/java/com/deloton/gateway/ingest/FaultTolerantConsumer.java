package com.deloton.gateway.ingest;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
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
        try {
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            records.nextOffsets().forEach((partition, next) -> returnedTo.put(partition, next.offset()));
            return records;
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach((partition, offset) -> fail(partition, offset, e));
            return ConsumerRecords.empty();
        } catch (KafkaException | LinkageError e) {
            if (e instanceof LinkageError || isOfPartition(e)) {
                return stopCulprit(e);
            }
            throw e;
        }
    }

    /** Failures of the group, of authorization and the like have classes of their own. */
    private static boolean isOfPartition(Throwable failure) {
        return failure.getClass() == KafkaException.class || failure instanceof CorruptRecordException;
    }

    /**
     * Finds the partition without which a poll succeeds. An {@link Error} leaves {@code poll} with the records of other
     * partitions taken and not returned, so those are read again.
     */
    private ConsumerRecords<byte[], byte[]> stopCulprit(Throwable failure) {
        TopicPartition named = namedIn(failure);
        if (named != null) {
            fail(named, positionOf(named), failure);
            return ConsumerRecords.empty();
        }
        Set<TopicPartition> candidates = new HashSet<>(assignment());
        candidates.removeAll(paused());
        for (TopicPartition candidate : candidates) {
            pause(Set.of(candidate));
            try {
                super.poll(Duration.ZERO);
                fail(candidate, positionOf(candidate), failure);
                rewind(candidates);
                return ConsumerRecords.empty();
            } catch (KafkaException | LinkageError another) {
                resume(Set.of(candidate));
            }
        }
        rewind(candidates);
        throw failure instanceof KafkaException kafka ? kafka : new KafkaException(failure.toString(), failure);
    }

    private void rewind(Set<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Long next = returnedTo.get(partition);
            if (next != null) {
                super.seek(partition, next);
            }
        }
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

    private long positionOf(TopicPartition partition) {
        try {
            return position(partition, Duration.ZERO);
        } catch (KafkaException | IllegalStateException e) {
            return UNKNOWN;
        }
    }

    private void fail(TopicPartition partition, long offset, Throwable failure) {
        pause(Set.of(partition));
        synchronized (failures) {
            failures.put(partition.partition(), new ReadFailure(offset, failure));
        }
    }
}
