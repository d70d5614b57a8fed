package com.deloton.gateway.api.request;

import com.deloton.gateway.auth.Caller;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request that is as the contract wants it. A parameter that was not given has the contract's default, or is null; one
 * that the operation does not have is null too. The methods without {@code OrNull} throw NullPointerException then.
 */
public final class ApiRequest {
    private final Map<String, Object> parameters;
    private final @Nullable JsonObject body;
    private final Caller caller;
    private final String requestId;
    private final String accept;

    /**
     * @param parameters by name: String, Integer, Long, Double, Boolean, or a JsonArray of them
     * @param accept the media type to answer with, one of those of the contract; empty if there is nothing to choose
     */
    public ApiRequest(
            Map<String, Object> parameters, @Nullable JsonObject body, Caller caller, String requestId, String accept) {
        this.parameters = Map.copyOf(parameters);
        this.body = body;
        this.caller = caller;
        this.requestId = requestId;
        this.accept = accept;
    }

    public String text(String name) {
        return given(name, textOrNull(name));
    }

    public @Nullable String textOrNull(String name) {
        Object value = parameters.get(name);
        return value == null ? null : value.toString();
    }

    public long number(String name) {
        return given(name, numberOrNull(name));
    }

    public @Nullable Long numberOrNull(String name) {
        return parameters.get(name) instanceof Number number ? number.longValue() : null;
    }

    /** False if it was not given and has no default. */
    public boolean flag(String name) {
        return Boolean.TRUE.equals(parameters.get(name));
    }

    /** The elements as text; empty if it was not given and has no default. */
    public List<String> list(String name) {
        return parameters.get(name) instanceof JsonArray array
                ? array.stream().map(String::valueOf).toList()
                : List.of();
    }

    public @Nullable Instant instantOrNull(String name) {
        String text = textOrNull(name);
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }

    public @Nullable LocalDate dateOrNull(String name) {
        String text = textOrNull(name);
        return text == null ? null : LocalDate.parse(text);
    }

    public @Nullable JsonObject body() {
        return body;
    }

    public Caller caller() {
        return caller;
    }

    /** For the log and the audit; the answer names it too. */
    public String requestId() {
        return requestId;
    }

    /** The media type that the caller prefers among those of the contract. */
    public String accept() {
        return accept;
    }

    private static <T> T given(String name, @Nullable T value) {
        return Objects.requireNonNull(value, () -> "parameter " + name);
    }
}
