package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;

/**
 * The ingest of the bike stream.
 *
 * @param instances consumers in this process; those beyond the number of partitions are idle
 * @param flushInterval minimum time between two flushes
 * @param maxFlushInterval the time between two flushes grows with the number of open rides, up to this
 * @param maxBufferedRecords polling pauses while this many records wait for a flush
 * @param abandonAfter a ride without records for this long has ended
 * @param maxStreamsPerPartition bikes with an open ride in one partition; an open ride needs about 10 kB of memory
 */
public record IngestConfig(
        int instances,
        Duration flushInterval,
        Duration maxFlushInterval,
        int maxBufferedRecords,
        Duration abandonAfter,
        int maxStreamsPerPartition) {
    public static final Duration DEFAULT_MAX_FLUSH_INTERVAL = Duration.ofSeconds(15);
    public static final int DEFAULT_MAX_STREAMS_PER_PARTITION = 20_000;

    public IngestConfig(int instances, Duration flushInterval, int maxBufferedRecords, Duration abandonAfter) {
        this(
                instances,
                flushInterval,
                DEFAULT_MAX_FLUSH_INTERVAL,
                maxBufferedRecords,
                abandonAfter,
                DEFAULT_MAX_STREAMS_PER_PARTITION);
    }

    static IngestConfig read(Settings settings) {
        return new IngestConfig(
                settings.key(
                                "ingest.instances",
                                "Consumers in this process; those beyond the number of partitions are idle.")
                        .integer(1, 1, 64),
                settings.key("ingest.flush-interval", "Minimum time between two transactions.")
                        .duration("1s", "10ms", "60s"),
                settings.key(
                                "ingest.max-flush-interval",
                                "The time between two transactions grows with the number of open rides, up to this.")
                        .duration("15s", "10ms", "60s"),
                settings.key(
                                "ingest.max-buffered-records",
                                "Polling pauses while this many records wait for a transaction.")
                        .integer(200_000, 100, 10_000_000),
                settings.key("ingest.abandon-after", "A ride without records for this long has ended.")
                        .duration("30m", "1m", "24h"),
                settings.key(
                                "ingest.max-streams-per-partition",
                                "Most bikes with an open ride in one partition; records of further keys are quarantined.")
                        .integer(DEFAULT_MAX_STREAMS_PER_PARTITION, 1, 1_000_000));
    }
}
