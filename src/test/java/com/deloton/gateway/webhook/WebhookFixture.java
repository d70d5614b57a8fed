package com.deloton.gateway.webhook;

import static com.deloton.gateway.testing.IngestFixture.await;

import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.config.webhook.WebhookConfig;
import com.deloton.gateway.config.webhook.WebhookConfig.Targets;
import com.deloton.gateway.config.webhook.WebhookEndpoint;
import com.deloton.gateway.config.webhook.WebhookEndpoint.Form;
import com.deloton.gateway.testing.VerticleFixture;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A receiving server whose answers a test scripts, webhook verticles, and facts that the test makes up. */
final class WebhookFixture extends VerticleFixture {
    static final Secret KEY = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    /** All requests, in order of arrival. */
    final List<Received> received = new CopyOnWriteArrayList<>();

    private final Map<String, Consumer<HttpServerRequest>> scripts = new ConcurrentHashMap<>();
    private final int port;

    record Received(String path, Map<String, String> headers, String body) {
        JsonObject json() {
            return new JsonObject(body);
        }

        String header(String name) {
            return String.valueOf(headers.get(name));
        }
    }

    WebhookFixture() throws Exception {
        super(Warehouse.fresh());
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(this::receive).listen(0, "127.0.0.1"));
        port = server.actualPort();
    }

    private void receive(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            String path = String.valueOf(request.path());
            Map<String, String> headers = new ConcurrentHashMap<>();
            request.headers()
                    .forEach(header ->
                            headers.put(header.getKey().toLowerCase(java.util.Locale.ROOT), header.getValue()));
            received.add(new Received(path, headers, body.toString()));
            scripts.getOrDefault(path, r -> r.response().setStatusCode(204).end())
                    .accept(request);
        });
    }

    /** How the server answers at a path; 204 without a script. */
    void script(String path, Consumer<HttpServerRequest> answer) {
        scripts.put(path, answer);
    }

    void unscript(String path) {
        scripts.remove(path);
    }

    List<Received> at(String path) {
        return received.stream().filter(request -> request.path().equals(path)).toList();
    }

    WebhookEndpoint endpoint(String name, Form form, String... events) {
        List<Secret> secrets =
                form == Form.SLACK ? List.of() : List.of(form == Form.STANDARD ? KEY : new Secret("R123"));
        Set<String> subscribed = events.length == 0 ? Set.copyOf(WebhookEndpoint.EVENTS) : Set.of(events);
        return new WebhookEndpoint(
                name, URI.create("http://127.0.0.1:" + port + "/" + name), form, secrets, subscribed, false, false);
    }

    static WebhookConfig config(Targets targets, Duration disableAfter, WebhookEndpoint... endpoints) {
        return new WebhookConfig(
                List.of(endpoints),
                targets,
                Set.of(),
                null,
                Duration.ofSeconds(2),
                Duration.ofMillis(50),
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                Duration.ofMinutes(5),
                disableAfter);
    }

    String start(WebhookEndpoint... endpoints) throws Exception {
        return start(config(Targets.THIS_MACHINE, Duration.ofHours(1), endpoints));
    }

    /** The verticle's deployment id. */
    String start(WebhookConfig config) throws Exception {
        return await(vertx.deployVerticle(
                new WebhookVerticle(config, "https://gateway.example.com", resources(InstantSource.system()))));
    }

    /** An alert above the range, as ingest stores it. */
    void raise(long rideId, String severity) {
        warehouse.execute("""
                WITH a AS (
                    INSERT INTO alert (ride_id, first_s, rider_id, first_at, raised_s, raised_at, received_at, raised_bpm,
                        high, min_bpm, max_bpm, severity)
                    VALUES (%d, 10, 7, now(), 12, now(), now(), 190, true, 50, 180, '%s') RETURNING *
                ), d AS (
                    INSERT INTO alert_delivery (ride_id, first_s, kind, status)
                    SELECT ride_id, first_s, 'alert', 'due' FROM a
                )
                INSERT INTO alert_transition SELECT ride_id, first_s, 'firing', 12, now(), 190, 180, 190, '%s' FROM a
                """.formatted(rideId, severity, severity));
    }

    void recover(long rideId) {
        warehouse.execute("INSERT INTO alert_transition"
                + " SELECT ride_id, first_s, 'normal', 40, now(), 170, 180, 194, severity FROM alert WHERE ride_id = "
                + rideId);
    }

    void acknowledge(long rideId) {
        warehouse.execute("UPDATE alert SET acknowledged_at = now() WHERE ride_id = " + rideId);
    }

    long count(String condition) throws SQLException {
        return count("webhook_delivery", condition);
    }
}
