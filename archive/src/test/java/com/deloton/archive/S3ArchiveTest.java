package com.deloton.archive;

import static com.deloton.archive.ArchiveFixture.DAY;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.archive.ArchiveConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;

class S3ArchiveTest {
    /** Credentials of the environment, as the SDK looks for them. */
    static {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
    }

    @Test
    void daysAreArchivedErasedAndCleanedUpInABucket() throws Exception {
        try (S3MockServer s3 = new S3MockServer();
                ArchiveFixture fixture = new ArchiveFixture(Path.of("unused"))) {
            ArchiveConfig config = new ArchiveConfig(
                    "s3://bucket/prefix", Duration.ZERO, s3.endpoint().toString(), S3MockServer.REGION);
            ArchiveRun run = new ArchiveRun(fixture.databaseConfig(), config, Duration.ZERO, fixture.console::add);
            fixture.rides(DAY, 1, 5, 300);
            fixture.rides(DAY.plusDays(1), 11, 2, 300);

            assertThat(run.closed()).isEqualTo(2);
            fixture.dropReadings();
            fixture.erase(ArchiveFixture.rider(3));
            s3.put("prefix/archive/ride/data/orphan.parquet", new byte[3]);
            assertThat(run.closed()).isEqualTo(1);

            try (IcebergCatalog catalog = new IcebergCatalog(fixture.postgres(), config);
                    CloseableIterable<Record> rows = IcebergGenerics.read(catalog.table(ArchivedTable.READINGS))
                            .build()) {
                assertThat(StreamSupport.stream(rows.spliterator(), false).map(row -> row.getField("ride_id")))
                        .containsExactlyInAnyOrder(1L, 2L, 4L, 5L, 11L, 12L);
            }
            assertThat(s3.keys().stream().filter(key -> key.endsWith(".parquet")))
                    .hasSize(4);
            assertThat(s3.keys()).isNotEmpty().allSatisfy(key -> assertThat(key).startsWith("prefix/archive/"));
        }
    }
}
