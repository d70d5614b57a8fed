package com.deloton.gateway.config.archive;

import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The archive of closed days, which {@code deloton-gateway-archive.jar} fills.
 *
 * @param warehouse directory or {@code s3://bucket/prefix}, without a slash at its end; null if there is no archive
 * @param closedAfter a UTC day is closed this long after its end, once none of its rides is open
 * @param s3Endpoint URL of an S3-compatible store; null for AWS
 * @param s3Region null for that of the environment
 */
public record ArchiveConfig(
        @Nullable String warehouse,
        Duration closedAfter,
        @Nullable String s3Endpoint,
        @Nullable String s3Region) {

    public static ArchiveConfig read(Settings settings) {
        String warehouse = settings.key(
                        "archive.warehouse",
                        "Directory or s3://bucket/prefix of the archive. If set, readings are deleted only of archived days.")
                .textOrNull();
        return new ArchiveConfig(
                warehouse == null ? null : warehouse.replaceFirst("/+$", ""),
                settings.key(
                                "archive.closed-after",
                                "A UTC day is archived this long after its end, once none of its rides is open.")
                        .duration("6h", "0s", "30d"),
                settings.key("archive.s3-endpoint", "URL of an S3-compatible store; default AWS.")
                        .urlOrNull(),
                settings.key("archive.s3-region", "Region of the bucket; default that of the environment.")
                        .textOrNull());
    }

    /** No archive. */
    public static ArchiveConfig none() {
        return read(Settings.empty());
    }
}
