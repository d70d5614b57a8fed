package com.deloton.gateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of the report works; its times are not checked. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReportRunIT {
    @Test
    void theReportOfASmallDayHasItsRidesAndAllForms() throws Exception {
        try (ReportRun run = ReportRun.filled(5, 12_000)) {
            JsonObject row = run.measure();

            assertThat(row.getLong("rides"))
                    .isPositive()
                    .isEqualTo(run.warehouse().count("SELECT count(*) FROM ride"));
            assertThat(row.getLong("readings"))
                    .isGreaterThan(1_000)
                    .isEqualTo(run.warehouse().count("SELECT count(*) FROM reading"));
            assertThat(row.getInteger("textCharacters")).isPositive();
            assertThat(row.getInteger("htmlCharacters")).isPositive();
            assertThat(row.getInteger("pdfBytes")).isPositive();
            assertThat(row.getDouble("figuresMs")).isPositive();
        }
    }
}
