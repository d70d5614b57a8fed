package com.deloton.gateway.api.request;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The response of an operation.
 *
 * @param contentType a media type of the contract; empty if there is no body
 * @param headers in addition to those of every response
 * @param nextCursor cursor of the next page; null for the last page, or without pages
 */
public record ApiResponse(
        int status,
        String contentType,
        Buffer body,
        Map<String, String> headers,
        @Nullable String nextCursor) {
    public static final String JSON = "application/json";

    public ApiResponse {
        headers = Map.copyOf(headers);
    }

    /** Status 200. The value is a JsonObject, a JsonArray or any other value that Vert.x encodes as JSON. */
    public static ApiResponse json(Object value) {
        return json(200, value);
    }

    /** Status 200, for a page with the member {@code next} unless it is the last one. */
    public static ApiResponse page(JsonObject page) {
        return new ApiResponse(200, JSON, Json.encodeToBuffer(page), Map.of(), page.getString("next"));
    }

    /** Status 200, for a page whose JSON is {@code body}. */
    public static ApiResponse page(Buffer body, @Nullable String nextCursor) {
        return new ApiResponse(200, JSON, body, Map.of(), nextCursor);
    }

    /** As {@link #csv}, for a page of a list. */
    public static ApiResponse csvPage(Buffer body, @Nullable String nextCursor) {
        return new ApiResponse(200, "text/csv", body, Map.of(), nextCursor);
    }

    public static ApiResponse json(int status, Object value) {
        return of(status, JSON, Json.encodeToBuffer(value));
    }

    public static ApiResponse csv(Buffer body) {
        return of(200, "text/csv", body);
    }

    public static ApiResponse of(int status, String contentType, Buffer body) {
        return new ApiResponse(status, contentType, body, Map.of(), null);
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
        return new ApiResponse(status, contentType, body, all, nextCursor);
    }
}
