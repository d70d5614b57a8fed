package com.deloton.gateway.ingest.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.ingest.partition.FlushBatch.HeldRecord;
import com.deloton.gateway.simulate.model.WireFormat;
import com.deloton.gateway.testing.BikeProducer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that wait for the open ride of their key, and what the flushes do about them. */
class HeldRecordsTest {
    private static final Instant START = Instant.parse("2026-11-30T08:00:00Z");

    private final TopicGrowth growth = new TopicGrowth(true);
    private final DetachedPartitions partitions = new DetachedPartitions(10, growth);
    private Partition partition = partitions.partition(0);
    private long offset;

    @AfterEach
    void close() {
        partitions.close();
    }

    @Test
    void aKeyInMidRideWaitsAndThePositionMovesOverItsRecords() {
        accept("bike", BikeProducer.readings(START, 5, 6));

        FlushBatch batch = flush();
        assertThat(batch.toOffset()).isEqualTo(4);
        assertThat(batch.held()).extracting(HeldRecord::offset).containsExactly(0L, 1L, 2L, 3L);
        assertThat(batch.started()).isEmpty();
        assertThat(partition.takeBatch()).isNull();
    }

    @Test
    void recordsThatAreUsedBeforeTheFlushAreNeverStored() {
        accept("bike", BikeProducer.readings(START, 5, 6));
        partition.release("bike");

        FlushBatch batch = flush();
        assertThat(batch.held()).isEmpty();
        assertThat(batch.released()).isEmpty();
        assertThat(batch.chunks())
                .singleElement()
                .satisfies(chunk -> assertThat(chunk.seconds().length()).isEqualTo(2));
    }

    @Test
    void storedRecordsAreDroppedByTheFlushThatHasTheirReadings() {
        accept("bike", BikeProducer.readings(START, 5, 6));
        flush();
        partition.release("bike");

        FlushBatch batch = flush();
        assertThat(batch.released()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(batch.started()).hasSize(1);
        assertThat(partition.heldRecords()).isZero();
    }

    @Test
    void restoredRecordsWaitOn() {
        accept("bike", BikeProducer.readings(START, 5, 6));
        List<HeldRecord> held = flush().held();
        partition = partitions.partition(0, 4, held);
        accept("bike", BikeProducer.readings(START, 7, 7));
        partition.release("bike");

        FlushBatch batch = flush();
        assertThat(batch.held()).isEmpty();
        assertThat(batch.released()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(batch.chunks())
                .singleElement()
                .satisfies(chunk -> assertThat(chunk.seconds().length()).isEqualTo(3));
    }

    @Test
    void aLogOnWaitsOnlyWhilePartitionsWereAddedOfLate() {
        accept("first", BikeProducer.ride(1, START, 1));
        assertThat(partition.heldRecords()).isZero();
        growth.observe(3);
        assertThat(growth.observe(4)).isEqualTo(1);

        accept("second", BikeProducer.ride(2, START, 1));
        assertThat(partition.heldRecords()).isPositive();
        accept("first", BikeProducer.readings(START, 2, 2));
        assertThat(flush().started()).hasSize(1);
    }

    @Test
    void recordsWithoutKeyNeverWait() {
        accept(null, BikeProducer.readings(START, 5, 6));

        assertThat(partition.heldRecords()).isZero();
    }

    @Test
    void aKeyWithMoreRecordsThanMayWaitIsUsedInOrder() {
        accept("bike", BikeProducer.readings(START, 1, HeldRecords.MAX_RECORDS_OF_KEY / 2));
        assertThat(partition.heldRecords()).isEqualTo(HeldRecords.MAX_RECORDS_OF_KEY);
        accept(
                "bike",
                BikeProducer.readings(
                        START, HeldRecords.MAX_RECORDS_OF_KEY / 2 + 1, HeldRecords.MAX_RECORDS_OF_KEY / 2 + 2));

        assertThat(partition.heldRecords()).isZero();
        assertThat(flush().chunks())
                .singleElement()
                .satisfies(chunk ->
                        assertThat(chunk.seconds().length()).isEqualTo(HeldRecords.MAX_RECORDS_OF_KEY / 2 + 2));
    }

    private FlushBatch flush() {
        return Objects.requireNonNull(partition.takeBatch());
    }

    private void accept(@Nullable String key, List<String> lines) {
        byte @Nullable [] bytes = key == null ? null : key.getBytes(UTF_8);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String line : lines) {
            records.add(new ConsumerRecord<>("deloton", 0, offset++, bytes, WireFormat.record(line)));
        }
        partition.accept(records, START.getEpochSecond() * 1_000_000 + 60_000_000, 0);
    }
}
