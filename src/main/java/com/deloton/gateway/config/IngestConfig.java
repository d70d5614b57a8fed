package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;

/**
 * The ingest of the bike stream.
 *
 * @param instances consumers in this process; those beyond the number of partitions are idle
 * @param flushInterval minimum time between two flushes
 * @param maxBufferedRecords polling pauses while this many records wait for a flush
 * @param abandonAfter a ride without records for this long has ended
 */
public record IngestConfig(int instances, Duration flushInterval, int maxBufferedRecords, Duration abandonAfter) {

    static IngestConfig read(Settings settings) {
        return new IngestConfig(
                settings.key(
                                "ingest.instances",
                                "Consumers in this process; those beyond the number of partitions are idle.")
                        .integer(1, 1, 64),
                settings.key("ingest.flush-interval", "Minimum time between two transactions.")
                        .duration("1s", "10ms", "60s"),
                settings.key(
                                "ingest.max-buffered-records",
                                "Polling pauses while this many records wait for a transaction.")
                        .integer(200_000, 100, 10_000_000),
                settings.key("ingest.abandon-after", "A ride without records for this long has ended.")
                        .duration("30m", "1m", "24h"));
    }
}
