package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.ingest.heartrate.HeartRateMonitor;
import com.deloton.gateway.telemetry.LineParser;
import java.util.List;

/**
 * What the partitions of one reader share.
 *
 * @param events where they report rides and readings for the event bus
 * @param growth which keys may have a ride in another partition
 * @param maxStreams the most streams that a partition keeps in memory
 */
public record PartitionTools(
        LineParser parser,
        IngestMeters meters,
        List<IngestBatch.Event> events,
        HeartRateMonitor heartRate,
        TopicGrowth growth,
        int maxStreams) {}
