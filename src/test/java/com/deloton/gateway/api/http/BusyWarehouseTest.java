package com.deloton.gateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.ApiConfig;
import com.deloton.gateway.testing.Warehouse;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BusyWarehouseTest {
    private static final ApiConfig IMPATIENT = new ApiConfig(List.of(), 1_000, Duration.ofMillis(200));

    @Test
    void aQueryThatTakesTooLongIsGivenUpAndTheNextOneIsAnswered() throws Exception {
        Warehouse warehouse = WholeApi.someRides();
        try (WholeApi api = new WholeApi(warehouse, IMPATIENT)) {
            try (Connection other = warehouse.database().connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("LOCK TABLE ride IN ACCESS EXCLUSIVE MODE");

                HttpResponse<String> response = api.rig.get("/v1/rides");

                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(response.headers().firstValue("retry-after")).contains("5");
                assertThat(response.body()).contains("The answer would take too long", "\"requestId\"");
            }
            assertThat(api.rig.get("/v1/rides").statusCode()).isEqualTo(200);
        }
    }
}
