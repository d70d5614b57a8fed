package com.deloton.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of the storage works; its times are not checked. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StorageRunIT {
    @Test
    void everyFormHasAllReadingsOfTheEndedRides() throws Exception {
        try (StorageRun run = StorageRun.filled(5, 12_000)) {
            List<JsonObject> sizes = run.sizes();
            List<JsonObject> forms = run.forms();
            long readings = run.warehouse().count("""
                    SELECT count(*) FROM reading JOIN ride USING (ride_id) WHERE status <> 'open'""");

            assertThat(readings).isGreaterThan(1_000);
            assertThat(sizes)
                    .extracting(row -> row.getString("name"))
                    .contains("ride_series", "ride_minutes", "ride", "together", "ride_pkey");
            assertThat(forms).extracting(row -> row.getString("name")).contains("pglz", "bytes", "differences");
            assertThat(forms).extracting(row -> row.getLong("readings")).containsOnly(readings);
            assertThat(run.columns()).hasSize(5 * forms.size());
            assertThat(forms)
                    .extracting(row -> row.getDouble("bytesPerReading"))
                    .allSatisfy(bytes -> assertThat(bytes).isPositive());
        }
    }
}
