package com.deloton.gateway.api.query;

import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where a page ended: the sort key of its last item. Opaque to callers, and checked when it comes back. */
public final class Cursor {
    private final JsonArray key;

    private Cursor(JsonArray key) {
        this.key = key;
    }

    /** A cursor at {@code key} of the list and order that {@code order} names; in any other it is refused. */
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
     * The call's cursor, or null if it has none.
     *
     * @param kinds the classes of the key's parts: Long, Double or String
     */
    public static @Nullable Cursor read(ApiRequest call, String order, Class<?>... kinds) {
        String text = call.textOrNull("cursor");
        if (text == null) {
            return null;
        }
        try {
            JsonArray key = new JsonArray(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
            boolean right = key.size() == kinds.length + 1 && order.equals(key.getValue(0));
            for (int i = 0; right && i < kinds.length; i++) {
                Object part = key.getValue(i + 1);
                right = kinds[i] == String.class
                        ? part instanceof String s && s.indexOf('\0') < 0
                        : part instanceof Number;
            }
            if (right) {
                return new Cursor(key);
            }
        } catch (IllegalArgumentException | DecodeException e) {
            // said below
        }
        throw ApiException.invalid("/query/cursor", "must be the `next` of a page with this order");
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
