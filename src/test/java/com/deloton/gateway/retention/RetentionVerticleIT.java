package com.deloton.gateway.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.IngestFixture;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetentionVerticleIT {
    @Test
    void severalGatewaysDeleteExpiredRecordsOnceAndInSlices() throws Exception {
        IngestFixture fixture = new IngestFixture();
        try {
            fixture.warehouse.execute("""
                    INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('deloton', 0, 1);
                    INSERT INTO quarantine (source_id, record_offset, record_at, reason, detail, received_at)
                    SELECT 1, n, now(), 'NOT_JSON', 'x', now() - n * interval '1 day' FROM generate_series(1, 60) n""");

            for (int gateway = 0; gateway < 2; gateway++) {
                IngestFixture.await(fixture.vertx()
                        .deployVerticle(new RetentionVerticle(
                                fixture.pool(), Duration.ofDays(30), fixture.meters, Duration.ofMillis(20), 7)));
            }

            IngestFixture.awaitTrue(() -> fixture.warehouse.count("SELECT count(*) FROM quarantine") == 29);
            assertThat(fixture.warehouse.count("SELECT max(record_offset) FROM quarantine"))
                    .isEqualTo(29);
            IngestFixture.awaitTrue(() ->
                    fixture.meters.get("deloton.quarantine.deleted").counter().count() == 31);
        } finally {
            fixture.close();
        }
    }
}
