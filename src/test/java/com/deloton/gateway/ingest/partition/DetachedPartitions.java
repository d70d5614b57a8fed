package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.ingest.heartrate.AlertWriter;
import com.deloton.gateway.ingest.heartrate.HeartRateMonitor;
import com.deloton.gateway.ingest.tracing.IngestTraces;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.telemetry.LineParser;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import java.util.ArrayList;
import java.util.List;

/** Partitions with all the work of ingest but no server: they store nothing. */
public final class DetachedPartitions implements AutoCloseable {
    /** What the partitions report for the event bus; to be cleared by the caller. */
    public final List<IngestBatch.Event> events = new ArrayList<>();

    private final Vertx vertx = Vertx.vertx();
    private final PartitionTools tools;

    /** @param maxStreams the most bikes of a partition */
    public DetachedPartitions(int maxStreams) {
        this(maxStreams, new TopicGrowth(false));
    }

    DetachedPartitions(int maxStreams, TopicGrowth growth) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        HeartRatePolicy policy = HeartRatePolicy.DEFAULT;
        HeartRateMonitor heartRate = new HeartRateMonitor(
                vertx,
                PgBuilder.pool().using(vertx).build(),
                policy,
                null,
                new AlertWriter(registry, policy),
                IngestTraces.off(),
                registry);
        tools = new PartitionTools(new LineParser(), new IngestMeters(registry), events, heartRate, growth, maxStreams);
    }

    public Partition partition(int number) {
        return partition(number, 0, List.of());
    }

    /** A partition without open rides, of which the warehouse has these held records. */
    Partition partition(int number, long nextOffset, List<FlushBatch.HeldRecord> held) {
        Partition.Position position = new Partition.Position(number + 1, 1, 0, nextOffset, 0);
        return new Partition(number, nextOffset, new Recovery.State(position, null, List.of(), held), tools);
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
