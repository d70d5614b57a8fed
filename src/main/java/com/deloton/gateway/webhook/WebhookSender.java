package com.deloton.gateway.webhook;

import com.deloton.gateway.config.webhook.WebhookConfig;
import com.deloton.gateway.config.webhook.WebhookEndpoint;
import com.deloton.gateway.config.webhook.WebhookEndpoint.Form;
import com.deloton.gateway.delivery.Backoff;
import com.deloton.gateway.delivery.ClaimLoop;
import com.deloton.gateway.delivery.ResultRecorder;
import com.deloton.gateway.ops.FaultLog;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the events of one endpoint and stores the results. Confined to one event loop. */
final class WebhookSender {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
    private static final int CALLS_AT_ONCE = 4;
    /** A failing endpoint is called at least this often, so that it is not late for long once it works. */
    private static final Duration MAX_HOLD = Duration.ofMinutes(1);

    private final WebhookConfig config;
    private final WebhookEndpoint endpoint;
    private final WebhookStore store;
    private final WebhookClient client;
    private final WebhookMeters meters;
    private final ResultRecorder recorder;
    private final InstantSource clock;
    private final WebhookContent content;
    private final @Nullable WebhookSignature signature;
    private final Backoff backoff;
    private final Backoff hold;
    private final FaultLog faults;
    private final ClaimLoop<WebhookDelivery> loop;

    WebhookSender(
            WebhookConfig config,
            WebhookEndpoint endpoint,
            String publicUrl,
            WebhookStore store,
            WebhookClient client,
            WebhookMeters meters,
            ResultRecorder recorder,
            FaultLog database,
            InstantSource clock) {
        this.config = config;
        this.endpoint = endpoint;
        this.store = store;
        this.client = client;
        this.meters = meters;
        this.recorder = recorder;
        this.clock = clock;
        content = new WebhookContent(endpoint, publicUrl);
        signature = endpoint.form() == Form.STANDARD ? new WebhookSignature(endpoint.secrets()) : null;
        backoff = new Backoff(config.firstBackoff(), config.maxBackoff());
        hold = new Backoff(
                config.firstBackoff(), config.maxBackoff().compareTo(MAX_HOLD) < 0 ? config.maxBackoff() : MAX_HOLD);
        faults = new FaultLog(LOG, "Webhooks: calling the endpoint " + endpoint.name());
        loop = new ClaimLoop<>(
                CALLS_AT_ONCE,
                max -> store.claim(endpoint.name(), max, lease()),
                WebhookDelivery::deliveryId,
                this::send,
                database);
    }

    ClaimLoop<WebhookDelivery> loop() {
        return loop;
    }

    private Duration lease() {
        return config.timeout().multipliedBy(2);
    }

    private Future<Void> send(WebhookDelivery delivery) {
        if (delivery.data() == null) {
            return recorder.record(() -> store.discard(delivery, "what the event is about was deleted"));
        }
        return store.renew(delivery, lease())
                .compose(renewed -> renewed ? call(delivery) : Future.succeededFuture())
                .onFailure(loop::databaseFailed);
    }

    private Future<Void> call(WebhookDelivery delivery) {
        String body = content.body(delivery);
        Instant now = clock.instant();
        Map<String, String> headers = signature == null
                ? Map.of()
                : Map.of(
                        "webhook-id", delivery.webhookId(),
                        "webhook-timestamp", String.valueOf(now.getEpochSecond()),
                        "webhook-signature", signature.of(delivery.webhookId(), now.getEpochSecond(), body));
        return client.post(endpoint.url(), headers, body).compose(result -> recordResult(delivery, result));
    }

    private Future<Void> recordResult(WebhookDelivery delivery, CallResult result) {
        return switch (result) {
            case CallResult.Accepted accepted -> {
                faults.succeeded();
                meters.accepted(endpoint.name(), delivery, Duration.between(delivery.since(), clock.instant()));
                yield recorder.record(() -> store.accepted(delivery, endpoint.name(), accepted.status()));
            }
            case CallResult.Failed failed -> {
                faults.failed(failed.answer());
                meters.failed(endpoint.name());
                Duration wait = longer(backoff.after(delivery.attempt()), failed.retryAfter());
                Duration pause = failed.concernsEndpoint()
                        ? longer(hold.after(delivery.endpointFailures() + 1), failed.retryAfter())
                        : Duration.ZERO;
                yield recorder.record(() ->
                                store.failed(delivery, endpoint.name(), failed, wait, pause, config.disableAfter()))
                        .onSuccess(disabled -> {
                            if (disabled) {
                                LOG.error(
                                        "Webhooks: the endpoint {} is disabled: {}", endpoint.name(), failed.answer());
                            }
                        })
                        .mapEmpty();
            }
        };
    }

    /** The longer wait, but not more than {@code webhook.longest-backoff}. */
    private Duration longer(Duration wait, @Nullable Duration wanted) {
        if (wanted == null || wanted.compareTo(wait) <= 0) {
            return wait;
        }
        return wanted.compareTo(config.maxBackoff()) < 0 ? wanted : config.maxBackoff();
    }
}
