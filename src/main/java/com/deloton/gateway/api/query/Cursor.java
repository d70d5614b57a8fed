package com.deloton.gateway.api.query;

import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where a page ended: the sort key of its last item. Opaque to clients, and validated when a client sends it. */
public final class Cursor {
    private final JsonArray key;

    private Cursor(JsonArray key) {
        this.key = key;
    }

    /** A cursor at {@code key} in the order that {@code order} names; only valid for that order. */
    public static String of(String order, Object... key) {
        JsonArray parts = new JsonArray().add(order);
        for (Object part : key) {
            parts.add(part);
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(parts.encode().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The request's cursor, or null if it has none.
     *
     * @param kinds the classes of the key's parts: Long, Double or String
     */
    public static @Nullable Cursor read(ApiRequest request, String order, Class<?>... kinds) {
        String text = request.textOrNull("cursor");
        if (text == null) {
            return null;
        }
        try {
            JsonArray key = new JsonArray(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
            boolean valid = key.size() == kinds.length + 1 && order.equals(key.getValue(0));
            for (int i = 0; valid && i < kinds.length; i++) {
                Object part = key.getValue(i + 1);
                valid = kinds[i] == String.class
                        ? part instanceof String s && s.indexOf('\0') < 0
                        : part instanceof Number;
            }
            if (valid) {
                return new Cursor(key);
            }
        } catch (IllegalArgumentException | DecodeException e) {
            // reported below
        }
        throw ApiException.invalid(
                "/query/cursor",
                "is not a cursor of this list; expected the value of `next` in a page with the same `sort`");
    }

    public long number(int part) {
        return key.getLong(part + 1);
    }

    public double decimal(int part) {
        return key.getDouble(part + 1);
    }

    public String text(int part) {
        return key.getString(part + 1);
    }
}
