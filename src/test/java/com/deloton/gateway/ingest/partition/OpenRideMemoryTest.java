package com.deloton.gateway.ingest.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.simulate.model.WireFormat;
import com.deloton.gateway.testing.BikeProducer;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The heap that open rides take, after garbage collection. */
class OpenRideMemoryTest {
    private static final int RIDES = 100_000;
    private static final int SECONDS = 1;
    private static final int MAX_BYTES_PER_RIDE = 3_000;
    private static final int MAX_BYTES_PER_SECOND = 20;

    private final DetachedPartitions partitions = new DetachedPartitions(RIDES);

    @AfterEach
    void close() {
        partitions.close();
    }

    @Test
    void aHundredThousandOpenRidesTakeThreeKilobytesEachAtMost() {
        Partition partition = partitions.partition(0);
        long before = usedHeap();
        Instant start = Instant.parse("2026-11-30T08:00:00Z");
        long offset = 0;
        for (int ride = 0; ride < RIDES; ride++) {
            byte[] key = "bike-%06d".formatted(ride).getBytes(UTF_8);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (String line : BikeProducer.ride(1_000_000L + ride, start, SECONDS)) {
                records.add(new ConsumerRecord<>("deloton", 0, offset++, key, WireFormat.record(line)));
            }
            partition.accept(records, start.getEpochSecond() * 1_000_000 + 60_000_000, 0);
            partition.discardBatch();
            partitions.events.clear();
        }
        assertThat(partition.streams()).isEqualTo(RIDES);

        long perRide = (usedHeap() - before) / RIDES;
        System.out.printf("%d open rides of %d s: %,d bytes each%n", RIDES, SECONDS, perRide);
        assertThat(perRide).isBetween(500L, (long) MAX_BYTES_PER_RIDE);
        assertThat(partition.nextOffset()).isEqualTo(offset);
    }

    @Test
    void aSecondOfARideTakesTwentyBytesAtMost() {
        int rides = 500;
        int seconds = 3_600;
        long before = usedHeap();
        List<RideSeries> series = new ArrayList<>(rides);
        for (int ride = 0; ride < rides; ride++) {
            RideSeries added = new RideSeries();
            for (int s = 1; s <= seconds; s++) {
                added.add(new Reading(s, s * 1_000_000L, 120, 70, 30, 150f));
            }
            series.add(added);
        }

        long perSecond = (usedHeap() - before) / ((long) rides * seconds);
        System.out.printf("rides of %d s: %d bytes a second%n", seconds, perSecond);
        assertThat(perSecond).isBetween(10L, (long) MAX_BYTES_PER_SECOND);
        assertThat(series).allSatisfy(one -> assertThat(one.readings()).isEqualTo(seconds));
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
