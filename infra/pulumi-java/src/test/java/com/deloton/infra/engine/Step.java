package com.deloton.infra.engine;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;

/**
 * A resource that the program asked for.
 *
 * @param inputs with {@link Wire#SECRET} in place of every secret
 */
public record Step(
        String urn,
        String type,
        String name,
        String parent,
        String provider,
        boolean protect,
        List<String> ignoreChanges,
        JsonObject inputs) {

    public boolean isComponent() {
        return type.startsWith("deloton:") || type.startsWith("pulumi:pulumi:");
    }

    public boolean isProvider() {
        return type.startsWith("pulumi:providers:");
    }

    public String text(String property) {
        JsonElement value = inputs.get(property);
        return value == null ? "" : value.isJsonPrimitive() ? value.getAsString() : value.toString();
    }

    public boolean flag(String property) {
        return "true".equals(text(property));
    }
}
