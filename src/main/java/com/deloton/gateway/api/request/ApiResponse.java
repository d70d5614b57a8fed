package com.deloton.gateway.api.request;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.util.Map;
import java.util.TreeMap;

/**
 * The response of an operation.
 *
 * @param contentType a media type of the contract; empty if there is no body
 * @param headers in addition to those of every response
 */
public record ApiResponse(int status, String contentType, Buffer body, Map<String, String> headers) {
    public static final String JSON = "application/json";

    public ApiResponse {
        headers = Map.copyOf(headers);
    }

    /** Status 200. The value is a JsonObject, a JsonArray or any other value that Vert.x encodes as JSON. */
    public static ApiResponse json(Object value) {
        return json(200, value);
    }

    public static ApiResponse json(int status, Object value) {
        return of(status, JSON, Json.encodeToBuffer(value));
    }

    public static ApiResponse csv(Buffer body) {
        return of(200, "text/csv", body);
    }

    public static ApiResponse of(int status, String contentType, Buffer body) {
        return new ApiResponse(status, contentType, body, Map.of());
    }

    public static ApiResponse noContent() {
        return of(204, "", Buffer.buffer());
    }

    /** Status 201; the location is an absolute path. */
    public static ApiResponse created(String location, Object value) {
        return json(201, value).withHeader("Location", location);
    }

    public ApiResponse withHeader(String name, String value) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(name, value);
        return new ApiResponse(status, contentType, body, all);
    }
}
