package com.deloton.gateway.webhook;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A claimed event for one endpoint.
 *
 * @param webhookId the same at each attempt
 * @param attempt 1 for the first
 * @param endpointFailures failed calls of the endpoint in a row, before this one
 * @param since Kafka's timestamp of the reading that raised an alert; of other events, when they were stored
 * @param data the content; null if what the event is about was deleted
 */
record WebhookDelivery(
        long deliveryId,
        String webhookId,
        String event,
        int attempt,
        int endpointFailures,
        Instant createdAt,
        Instant since,
        @Nullable JsonObject data) {}
