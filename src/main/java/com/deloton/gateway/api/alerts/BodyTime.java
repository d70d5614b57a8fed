package com.deloton.gateway.api.alerts;

import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.Times;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Times in request bodies. */
final class BodyTime {
    private BodyTime() {}

    /** The member {@code name} of a body; null if it is absent. */
    static @Nullable Instant instantOrNull(JsonObject body, String name) {
        String text = body.getString(name);
        try {
            return text == null ? null : Times.instant(text, ZoneOffset.UTC, () -> Instant.EPOCH);
        } catch (DateTimeException e) {
            throw ApiException.invalid(
                    "/" + name,
                    "'%s' is not a time; expected an RFC 3339 time, for example 2026-11-24T10:15:30Z".formatted(text));
        }
    }
}
