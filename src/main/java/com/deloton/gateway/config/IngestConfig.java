package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;

/**
 * How the stream is taken in.
 *
 * @param instances consumers in this process; more than the topic has partitions idle
 * @param flushInterval least time between two flushes
 * @param maxBufferedRecords polling pauses when so many wait for a flush
 * @param abandonAfter a ride that has been silent for so long is over
 */
public record IngestConfig(int instances, Duration flushInterval, int maxBufferedRecords, Duration abandonAfter) {

    static IngestConfig read(Settings settings) {
        return new IngestConfig(
                settings.key("ingest.instances", "Consumers in this process; more than the topic has partitions idle.")
                        .integer(1, 1, 64),
                settings.key("ingest.flush-interval", "Least time between two transactions.")
                        .duration("1s", "10ms", "60s"),
                settings.key(
                                "ingest.max-buffered-records",
                                "Polling pauses when so many records wait for a transaction.")
                        .integer(200_000, 100, 10_000_000),
                settings.key("ingest.abandon-after", "A ride that has been silent for so long is over.")
                        .duration("30m", "1m", "24h"));
    }
}
