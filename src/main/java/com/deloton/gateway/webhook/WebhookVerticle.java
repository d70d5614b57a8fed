package com.deloton.gateway.webhook;

import com.deloton.gateway.config.webhook.WebhookConfig;
import com.deloton.gateway.delivery.Backlog;
import com.deloton.gateway.delivery.ResultRecorder;
import com.deloton.gateway.event.Addresses;
import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.ops.ProcessResources;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to the configured endpoints. Runs in processes with the role {@code alert}, which already hold the right to
 * reach the outside and the settings for it. Any number of them share the work.
 */
public final class WebhookVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookVerticle.class);
    private static final long REGISTRATION_MS = 5_000;
    private static final long RETRY_MS = 1_000;
    private static final long FINAL_STORE_MS = 1_000;

    private final WebhookConfig config;
    private final String publicUrl;
    private final WebhookStore store;
    private final WebhookMeters meters;
    private final Backlog backlog;
    private final HealthChecks ready;
    private final InstantSource clock;
    private final FaultLog database = new FaultLog(LOG, "Webhooks: using the database");
    private List<WebhookSender> senders = List.of();
    private Map<String, String> disabled = Map.of();
    private WebhookClient client;
    private ResultRecorder recorder;

    /**
     * Made once per process; more instances only share the work.
     *
     * @param publicUrl how people reach the gateway, without a slash at the end
     */
    @SuppressWarnings("NullAway") // start() sets the rest
    public WebhookVerticle(WebhookConfig config, String publicUrl, ProcessResources resources) {
        this.config = config;
        this.publicUrl = publicUrl;
        store = new WebhookStore(resources.pool());
        meters = new WebhookMeters(resources.registry());
        backlog = new Backlog(
                resources.registry(), "deloton.webhook.waiting", "deloton.webhook.waiting.oldest", "webhook events");
        ready = resources.readiness();
        clock = resources.clock();
    }

    @Override
    public Future<?> start() {
        recorder = new ResultRecorder(vertx, database);
        client = new WebhookClient(vertx, config);
        ready.register("webhook", health -> context.runOnContext(v -> health.tryComplete(status())));
        return register().timeout(REGISTRATION_MS, TimeUnit.MILLISECONDS).otherwiseEmpty();
    }

    /** Repeated until the database has the endpoints. */
    private Future<Void> register() {
        return store.register(config.endpoints())
                .onSuccess(v -> work())
                .onFailure(failure -> {
                    database.failed(failure);
                    vertx.setTimer(RETRY_MS, t -> register());
                })
                .mapEmpty();
    }

    private void work() {
        senders = config.endpoints().stream()
                .map(endpoint -> new WebhookSender(
                        config, endpoint, publicUrl, store, client, meters, recorder, database, clock))
                .toList();
        vertx.eventBus().consumer(Addresses.ALERT_RAISED, message -> claimDue());
        vertx.setPeriodic(config.sweepInterval().toMillis(), t -> sweep());
        sweep();
    }

    private void claimDue() {
        senders.forEach(sender -> sender.loop().claimDue());
    }

    private void sweep() {
        store.measure(backlog)
                .compose(v -> store.disabled())
                .onSuccess(found -> {
                    disabled = found;
                    meters.disabled(found.size());
                })
                .compose(v -> store.giveUp(config.giveUpAfter()))
                .onSuccess(givenUp -> {
                    if (givenUp > 0) {
                        LOG.error("Gave up {} events that were not accepted within {}", givenUp, config.giveUpAfter());
                        meters.lost(givenUp);
                    }
                })
                .onSuccess(v -> database.succeeded())
                .onFailure(database::failed)
                .onComplete(done -> claimDue());
    }

    /** A disabled endpoint does not make the process unready: another process could not reach it either. */
    private Status status() {
        JsonObject data = backlog.json()
                .put("endpoints", senders.size())
                .put(
                        "sending",
                        senders.stream()
                                .mapToInt(sender -> sender.loop().inFlight())
                                .sum())
                .put("disabled", new JsonObject(Map.copyOf(disabled)));
        String reason = database.reason();
        return reason == null ? Status.OK(data) : Status.KO(data.put("reason", reason));
    }

    /** Calls under way get their time to end and to store the result. */
    @Override
    public Future<?> stop() {
        Future<?> idle =
                Future.all(senders.stream().map(sender -> sender.loop().stop()).toList());
        return Future.any(idle, vertx.timer(config.timeout().toMillis() + FINAL_STORE_MS))
                .onComplete(v -> {
                    recorder.close();
                    client.close();
                });
    }
}
