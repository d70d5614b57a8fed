package com.deloton.gateway.api.webhooks;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The operations below {@code /webhooks}. Addresses and secrets are only in the configuration. */
public final class WebhookOperations implements Operations {
    private static final String COLUMNS = """
            SELECT e.name, e.events, e.critical_only, e.failures, e.failing_since, e.disabled_at, e.disabled_reason,
                (SELECT count(*) FROM webhook_delivery d
                    WHERE d.endpoint = e.name AND d.status IN ('due', 'sending')) AS waiting
            FROM webhook_endpoint e WHERE e.configured""";

    private static final String LIST = COLUMNS + " ORDER BY e.name LIMIT 100";

    private static final String ONE = COLUMNS + " AND e.name = $1";

    private static final String ENABLE = """
            WITH changed AS (
                UPDATE webhook_endpoint
                SET disabled_at = NULL, disabled_reason = NULL, failures = 0, failing_since = NULL, retry_at = now(),
                    enabled_at = now(), enabled_by = $2
                WHERE name = $1 AND configured AND disabled_at IS NOT NULL
                RETURNING name
            )
            INSERT INTO audit (subject, action, target, request_id)
            SELECT $2, 'enable_webhook', 'webhook/' || name, $3 FROM changed""";

    private final Queries queries;

    public WebhookOperations(Queries queries) {
        this.queries = queries;
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("listWebhooks", this::list, "enableWebhook", this::enable);
    }

    private Future<ApiResponse> list(ApiRequest request) {
        return queries.rows(LIST, Tuple.tuple()).map(rows -> {
            List<JsonObject> items = new ArrayList<>(rows.size());
            rows.forEach(row -> items.add(json(row)));
            return ApiResponse.json(Json.page(items, null));
        });
    }

    private Future<ApiResponse> enable(ApiRequest request) {
        String name = request.text("webhook");
        return queries.rows(ENABLE, Tuple.of(name, request.caller().subject(), request.requestId()))
                .compose(done -> queries.row(ONE, Tuple.of(name)))
                .map(row -> {
                    if (row == null) {
                        throw ApiException.notFound("Webhook endpoint " + name);
                    }
                    return ApiResponse.json(json(row));
                });
    }

    private static JsonObject json(Row row) {
        return new Json()
                .putColumns(row, "name")
                .put("events", new JsonArray(List.of(row.getArrayOfStrings("events"))))
                .putColumns(row, "criticalOnly", "waiting", "failures", "failingSince", "disabledAt", "disabledReason")
                .object();
    }
}
