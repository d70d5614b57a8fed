package com.deloton.gateway.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.util.Map;
import java.util.TreeMap;

/**
 * What to send.
 *
 * @param contentType a media type of the contract; empty if there is no body
 * @param headers beside those that every answer has
 */
public record Reply(int status, String contentType, Buffer body, Map<String, String> headers) {
    public static final String JSON = "application/json";

    public Reply {
        headers = Map.copyOf(headers);
    }

    /** Status 200. The value is a JsonObject, a JsonArray or what Vert.x makes JSON of. */
    public static Reply json(Object value) {
        return json(200, value);
    }

    public static Reply json(int status, Object value) {
        return of(status, JSON, Json.encodeToBuffer(value));
    }

    public static Reply csv(Buffer body) {
        return of(200, "text/csv", body);
    }

    public static Reply of(int status, String contentType, Buffer body) {
        return new Reply(status, contentType, body, Map.of());
    }

    public static Reply noContent() {
        return of(204, "", Buffer.buffer());
    }

    /** Status 201; the location is an absolute path. */
    public static Reply created(String location, Object value) {
        return json(201, value).withHeader("Location", location);
    }

    public Reply withHeader(String name, String value) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(name, value);
        return new Reply(status, contentType, body, all);
    }
}
