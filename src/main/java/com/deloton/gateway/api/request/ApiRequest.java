package com.deloton.gateway.api.request;

import com.deloton.gateway.auth.Caller;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request that matches the contract. A parameter that was not given has the contract's default, or is null; one
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
     * @param accept the media type of the response, one of the contract's; empty if the operation has no response body
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
        return require(name, textOrNull(name));
    }

    public @Nullable String textOrNull(String name) {
        Object value = parameters.get(name);
        return value == null ? null : value.toString();
    }

    public long number(String name) {
        return require(name, numberOrNull(name));
    }

    public @Nullable Long numberOrNull(String name) {
        return parameters.get(name) instanceof Number number ? number.longValue() : null;
    }

    /** False if it is missing and has no default. */
    public boolean flag(String name) {
        return Boolean.TRUE.equals(parameters.get(name));
    }

    /** The elements as text; empty if it is missing and has no default. */
    public List<String> list(String name) {
        return parameters.get(name) instanceof JsonArray array
                ? array.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** A parameter of the query; a date means its start in the zone. */
    public @Nullable Instant instantOrNull(String name, ZoneId zone, InstantSource clock) {
        String text = textOrNull(name);
        try {
            return text == null ? null : Times.instant(text, zone, clock);
        } catch (DateTimeException e) {
            throw ApiException.invalid(
                    "/query/" + name, "'" + text + "' is not a time; expected " + Times.EXPECTED_TIME);
        }
    }

    /** A parameter of the path. */
    public LocalDate date(String name, ZoneId zone, InstantSource clock) {
        String text = text(name);
        try {
            return Times.date(text, zone, clock);
        } catch (DateTimeException e) {
            throw ApiException.invalid(
                    "/path/" + name, "'" + text + "' is not a date; expected " + Times.EXPECTED_DATE);
        }
    }

    public @Nullable JsonObject body() {
        return body;
    }

    public Caller caller() {
        return caller;
    }

    /** For the log and the audit; also in the response. */
    public String requestId() {
        return requestId;
    }

    /** The media type of the contract that the client prefers. */
    public String accept() {
        return accept;
    }

    private static <T> T require(String name, @Nullable T value) {
        return Objects.requireNonNull(value, () -> "parameter " + name);
    }
}
