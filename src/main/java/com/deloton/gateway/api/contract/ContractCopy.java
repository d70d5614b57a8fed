package com.deloton.gateway.api.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A copy of the contract that Vert.x can load. Media types that it does not support get an alias of the form of vendor
 * JSON. An alternative to the first security requirement, for which it would require a handler, moves to
 * {@value #ALTERNATIVES}. The formats {@code float} and {@code double}, with which it rejects whole numbers, are left out, and so are
 * servers, whose addresses it requires to be absolute.
 */
final class ContractCopy {
    private static final Set<String> EXAMPLES = Set.of("example", "examples", "default", "enum", "const");
    private static final Set<Object> REJECTS_WHOLE_NUMBERS = Set.of("float", "double");

    static final String ALTERNATIVES = "x-security-alternatives";

    private static final String JSON = "application/json";
    private static final String PREFIX = "application/vnd.";
    private static final String SUFFIX = "+json";

    private ContractCopy() {}

    static JsonObject of(JsonObject contract) {
        JsonObject copy = members(contract);
        copy.remove("servers");
        return copy;
    }

    private static JsonObject members(JsonObject contract) {
        JsonObject copy = new JsonObject();
        contract.forEach(member -> {
            String name = member.getKey();
            if (name.equals("content") && isMediaTypes(member.getValue())) {
                copy.put(name, aliased((JsonObject) member.getValue()));
            } else if (name.equals("security") && member.getValue() instanceof JsonArray requirements) {
                List<?> all = requirements.getList();
                copy.put(name, new JsonArray(all.subList(0, Math.min(1, all.size()))));
                copy.put(ALTERNATIVES, new JsonArray(all.subList(Math.min(1, all.size()), all.size())));
            } else if (!(name.equals("format") && REJECTS_WHOLE_NUMBERS.contains(member.getValue()))) {
                copy.put(name, EXAMPLES.contains(name) ? member.getValue() : value(member.getValue()));
            }
        });
        return copy;
    }

    /** Unique for each media type. */
    static String alias(String mediaType) {
        return mediaType.equals(JSON)
                ? mediaType
                : PREFIX + mediaType.replace("/", "__").replace("+", "_-_") + SUFFIX;
    }

    /** The media type with this alias. */
    static String original(String alias) {
        return alias.equals(JSON)
                ? alias
                : alias.substring(PREFIX.length(), alias.length() - SUFFIX.length())
                        .replace("__", "/")
                        .replace("_-_", "+");
    }

    private static Object value(Object value) {
        if (value instanceof JsonObject object) {
            return members(object);
        }
        if (value instanceof JsonArray array) {
            JsonArray copy = new JsonArray();
            array.forEach(element -> copy.add(element == null ? null : value(element)));
            return copy;
        }
        return value;
    }

    private static boolean isMediaTypes(Object value) {
        return value instanceof JsonObject object
                && object.fieldNames().stream().allMatch(name -> name.indexOf('/') > 0);
    }

    private static JsonObject aliased(JsonObject mediaTypes) {
        JsonObject copy = new JsonObject();
        for (Map.Entry<String, Object> mediaType : mediaTypes) {
            copy.put(alias(mediaType.getKey()), value(mediaType.getValue()));
        }
        return copy;
    }
}
