package com.deloton.gateway.ingest.partition;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.simulate.model.WireFormat;
import com.deloton.gateway.testing.BikeProducer;
import com.sun.management.ThreadMXBean;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records through one {@link Partition} without Kafka and PostgreSQL: parsing, look-up by key, tracking and the heart-rate
 * watch, and the rows of a flush every ten seconds. The bikes take turns, as in the topic of a fleet that rides now.
 */
final class PathRun {
    private static final Instant START = Instant.parse("2026-11-30T08:00:00Z");
    private static final long START_MICROS = START.getEpochSecond() * 1_000_000;
    private static final int POLL = 500;
    private static final int FLUSH_EVERY_S = 10;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Partition partition;
    private final List<IngestBatch.Event> events;
    private final int bikes;
    private long offset;
    private long messages;
    private long readings;
    private long acceptNanos;
    private long flushNanos;
    private long allocated;

    /**
     * What one thread has used.
     *
     * @param readings in the rows of the flushes
     * @param acceptNanos CPU time for each message, without the flushes
     * @param flushNanos CPU time of the flushes' rows, for each message
     * @param allocatedBytes for each message, without the flushes
     */
    record Result(
            int bikes, long messages, long readings, double acceptNanos, double flushNanos, double allocatedBytes) {
        JsonObject json() {
            return new JsonObject()
                    .put("bikes", bikes)
                    .put("messages", messages)
                    .put("acceptCpuNanosPerMessage", acceptNanos)
                    .put("flushCpuNanosPerMessage", flushNanos)
                    .put("allocatedBytesPerMessage", allocatedBytes);
        }
    }

    private PathRun(int bikes, DetachedPartitions partitions) {
        this.bikes = bikes;
        partition = partitions.partition(0);
        events = partitions.events;
    }

    /** Rides of all bikes, from the log-on to the given second; the first {@code warmUpS} seconds are not counted. */
    static Result of(int bikes, int warmUpS, int seconds) {
        try (DetachedPartitions partitions = new DetachedPartitions(bikes)) {
            PathRun run = new PathRun(bikes, partitions);
            run.send(
                    BikeProducer.logOn(1, START).size(),
                    (bike, i) -> BikeProducer.logOn(1_000_000L + bike, START).get(i));
            for (int s = 1; s <= seconds; s++) {
                if (s == warmUpS + 1) {
                    run.reset();
                }
                run.second(s);
                if (s % FLUSH_EVERY_S == 0 || s == seconds) {
                    run.flush();
                }
            }
            return run.result();
        }
    }

    private interface Line {
        String of(int bike, int i);
    }

    private void second(int s) {
        long at = START_MICROS + s * 1_000_000L;
        send(
                2,
                (bike, i) -> i == 0
                        ? WireFormat.ride(at + bike, s, 30 + bike % 20)
                        : WireFormat.telemetry(
                                at + 500_000 + bike, 90 + (bike + s) % 50, 60 + s % 30, 100 + bike % 97 + s / 1_000.0));
    }

    /** The first lines of all bikes, then the second lines of all bikes, and so on. */
    private void send(int lines, Line line) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(lines * bikes);
        for (int i = 0; i < lines; i++) {
            for (int bike = 0; bike < bikes; bike++) {
                byte[] key = "bike-%06d".formatted(bike).getBytes(US_ASCII);
                records.add(new ConsumerRecord<>("deloton", 0, offset++, key, WireFormat.record(line.of(bike, i))));
            }
        }
        long now = START_MICROS + 86_400_000_000L;
        long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
        long before = THREADS.getCurrentThreadCpuTime();
        for (int from = 0; from < records.size(); from += POLL) {
            partition.accept(records.subList(from, Math.min(records.size(), from + POLL)), now, before);
            events.clear();
        }
        acceptNanos += THREADS.getCurrentThreadCpuTime() - before;
        allocated += THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
        messages += records.size();
    }

    private void flush() {
        long before = THREADS.getCurrentThreadCpuTime();
        FlushBatch batch = partition.takeBatch();
        flushNanos += THREADS.getCurrentThreadCpuTime() - before;
        if (batch != null) {
            readings += batch.chunks().stream()
                    .mapToLong(chunk -> chunk.seconds().length())
                    .sum();
        }
    }

    private void reset() {
        flush();
        messages = 0;
        readings = 0;
        acceptNanos = 0;
        flushNanos = 0;
        allocated = 0;
    }

    private Result result() {
        return new Result(
                bikes,
                messages,
                readings,
                (double) acceptNanos / messages,
                (double) flushNanos / messages,
                (double) allocated / messages);
    }
}
