package com.deloton.gateway.ops;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The availability zone of a task on Amazon ECS. */
public final class TaskZone {
    private static final Logger LOG = LoggerFactory.getLogger(TaskZone.class);
    private static final String METADATA = "ECS_CONTAINER_METADATA_URI_V4";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private TaskZone() {}

    /** The name of the zone, such as {@code eu-west-2a}; empty outside of ECS. Blocks for two seconds at most. */
    public static Optional<String> find(Map<String, String> env) throws InterruptedException {
        String metadata = env.get(METADATA);
        if (metadata == null) {
            return Optional.empty();
        }
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(metadata + "/task"))
                    .timeout(TIMEOUT)
                    .build();
            String body = client.send(request, BodyHandlers.ofString()).body();
            return Optional.ofNullable(new JsonObject(body).getString("AvailabilityZone"));
        } catch (IOException | IllegalArgumentException | DecodeException | ClassCastException e) {
            LOG.warn("The zone of this task is unknown: {}", e.toString());
            return Optional.empty();
        }
    }
}
