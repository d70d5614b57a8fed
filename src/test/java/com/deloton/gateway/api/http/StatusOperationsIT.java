package com.deloton.gateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class StatusOperationsIT {
    @Test
    void showsHealthAndFiguresOfTheProcessToOperators() {
        try (WholeApi api = new WholeApi(Warehouse.fresh())) {
            HttpResponse<String> response = api.fixture.send(api.fixture
                    .request("/v1/status")
                    .header("Authorization", "Bearer " + api.fixture.issuer.token("ops")));

            assertThat(response.statusCode()).isEqualTo(200);
            JsonObject status = new JsonObject(response.body());
            assertThat(status.getString("status")).isEqualTo("UP");
            assertThat(status.getString("version")).isEqualTo("1.2.3");
            assertThat(status.getJsonArray("checks"))
                    .isEqualTo(new JsonArray()
                            .add(new JsonObject()
                                    .put("name", "gateway")
                                    .put("status", "UP")
                                    .put("reason", "running")));
            assertThat(status.getJsonObject("process").getLong("heapMb")).isPositive();
            assertThat(status.getJsonObject("ingest"))
                    .isEqualTo(new JsonObject()
                            .put("lagRecords", 0)
                            .put("readings", 520)
                            .put("lostRecords", 0)
                            .put(
                                    "quarantined",
                                    new JsonArray()
                                            .add(new JsonObject()
                                                    .put("name", "NOT_JSON")
                                                    .put("count", 3)))
                            .put("cleaned", new JsonArray()));
        }
    }
}
