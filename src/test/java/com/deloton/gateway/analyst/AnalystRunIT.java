package com.deloton.gateway.analyst;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of analysts' questions works; its times are not checked. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AnalystRunIT {
    @Test
    void aFewRidesAnswerEveryQuestionByRideAndByReadingAlike() throws Exception {
        AnalystRun run = AnalystRun.filled(Warehouse.fresh(), 2_000, 100);

        List<JsonObject> rows = run.questions();

        assertThat(rows).hasSize(8);
        assertThat(rows)
                .extracting(row -> row.getInteger("rows"))
                .allSatisfy(count -> assertThat(count).isPositive());
        assertThat(rows.getLast().getLong("readings")).isEqualTo(11 * 400);
        assertThat(run.twoDaysByReading()).isNotEmpty().isEqualTo(run.twoDaysByRide());
    }
}
