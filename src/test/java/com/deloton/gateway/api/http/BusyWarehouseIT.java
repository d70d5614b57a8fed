package com.deloton.gateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.ApiConfig;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BusyWarehouseIT {
    private static final ApiConfig IMPATIENT = new ApiConfig(List.of(), 1_000, Duration.ofMillis(200));

    @Test
    void aQueryThatTakesTooLongIsGivenUpAndTheNextOneIsAnswered() throws Exception {
        Warehouse warehouse = WholeApi.someRides();
        try (WholeApi api = new WholeApi(warehouse, IMPATIENT)) {
            try (Connection other = warehouse.database().connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("LOCK TABLE ride IN ACCESS EXCLUSIVE MODE");

                HttpResponse<String> response = api.fixture.get("/v1/rides");

                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(response.headers().firstValue("retry-after")).contains("5");
                assertThat(response.body()).contains("The query exceeded its time limit", "\"requestId\"");
            }
            assertThat(api.fixture.get("/v1/rides").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void tablesThatChangeWhileTheApiRunsFailNoRequest() throws Exception {
        Warehouse warehouse = WholeApi.someRides();
        List<String> paths = List.of("/v1/quarantine", "/v1/bikes", "/v1/riders", "/v1/alerts", "/v1/rides");
        try (WholeApi api = new WholeApi(warehouse)) {
            String token = "Bearer " + api.fixture.issuer.token(api.allScopes());
            for (int i = 0; i < 8; i++) {
                for (String path : paths) {
                    assertThat(status(api, path, token)).isEqualTo(200);
                }
            }
            warehouse.execute("ALTER TABLE quarantine ALTER COLUMN detail TYPE varchar(100000)");
            warehouse.execute("ALTER TABLE bike ADD COLUMN note text");
            for (int i = 0; i < 8; i++) {
                for (String path : paths) {
                    assertThat(status(api, path, token)).as(path).isEqualTo(200);
                }
            }
        }
    }

    private static int status(WholeApi api, String path, String token) throws Exception {
        return api.fixture
                .send(api.fixture.request(path).header("Authorization", token))
                .statusCode();
    }

    @Test
    void aRideOfHoursArrivesWhole() throws Exception {
        Warehouse warehouse = WholeApi.someRides();
        warehouse.execute("""
                UPDATE ride_series SET (delay_ms, heart_rate_bpm, cadence_rpm, resistance, power_w) =
                    (SELECT array_agg(500), array_agg(120 + s % 40), array_agg(70), array_agg(40), array_agg(s * 0.01)
                     FROM generate_series(1, 12000) s)""");
        long ride = warehouse.count("SELECT ride_id FROM ride_series");
        try (WholeApi api = new WholeApi(warehouse)) {
            String path = "/v1/rides/" + ride + "/readings";
            HttpResponse<String> csv = api.fixture.get(path, "Accept", "text/csv");
            HttpResponse<String> json = api.fixture.get(path);
            HttpResponse<byte[]> packed = api.fixture.packed(path);

            assertThat(csv.body().lines())
                    .hasSize(1 + 12_000)
                    .last()
                    .asString()
                    .startsWith("12000,")
                    .endsWith(",120");
            assertThat(csv.headers().firstValueAsLong("content-length"))
                    .hasValue(csv.body().length());
            assertThat(new JsonObject(json.body()).getJsonArray("items")).hasSize(12_000);
            assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
                    .asString()
                    .isEqualTo(json.body());
        }
    }
}
