package com.deloton.gateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookOperationsIT {
    @Test
    void aDisabledEndpointIsShownAndEnabledAgain() {
        Warehouse warehouse = Warehouse.fresh();
        warehouse.execute("""
                INSERT INTO webhook_endpoint (name, events, failures, failing_since, disabled_at, disabled_reason)
                VALUES ('ops', '{alert.raised}', 9, now(), now(), '503 Service Unavailable');
                INSERT INTO webhook_endpoint (name, events, configured) VALUES ('former', '{alert.raised}', false)""");
        try (WholeApi api = new WholeApi(warehouse)) {
            assertThat(call(api, "GET", "/v1/webhooks").getJsonArray("items"))
                    .singleElement()
                    .satisfies(item -> assertThat(((JsonObject) item).getString("disabledReason"))
                            .isEqualTo("503 Service Unavailable"));

            JsonObject enabled = call(api, "POST", "/v1/webhooks/ops/enable");

            assertThat(enabled.fieldNames()).doesNotContain("disabledAt", "disabledReason", "failingSince");
            assertThat(enabled.getInteger("failures")).isZero();
            assertThat(warehouse.rows("SELECT action, target FROM audit"))
                    .containsExactly(List.of("enable_webhook", "webhook/ops"));
        }
    }

    private static JsonObject call(WholeApi api, String method, String path) {
        return new JsonObject(api.fixture
                .send(api.fixture
                        .request(path)
                        .header("Authorization", "Bearer " + api.fixture.issuer.token("ops"))
                        .method(method, BodyPublishers.noBody()))
                .body());
    }
}
