package com.deloton.gateway.api.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A GET operation of the contract that answers with server-sent events.
 *
 * @param path with placeholders in braces, below the contract's server
 * @param scopes a token needs all of them
 */
public record EventStream(String path, Set<String> scopes) {
    private static final String MEDIA_TYPE = "text/event-stream";

    public EventStream {
        scopes = Set.copyOf(scopes);
    }

    /** Takes the streams out of the contract: Vert.x builds no routes for them. */
    static List<EventStream> takeFrom(JsonObject contract) {
        JsonObject paths = contract.getJsonObject("paths", new JsonObject());
        List<EventStream> streams = new ArrayList<>();
        for (String path : List.copyOf(paths.fieldNames())) {
            JsonObject operation = paths.getJsonObject(path).getJsonObject("get", new JsonObject());
            if (isStream(operation)) {
                streams.add(new EventStream(path, scopes(operation)));
                paths.remove(path);
            }
        }
        return streams;
    }

    private static boolean isStream(JsonObject operation) {
        return operation
                .getJsonObject("responses", new JsonObject())
                .getJsonObject("200", new JsonObject())
                .getJsonObject("content", new JsonObject())
                .containsKey(MEDIA_TYPE);
    }

    private static Set<String> scopes(JsonObject operation) {
        Set<String> scopes = new TreeSet<>();
        JsonObject requirement = operation.getJsonArray("security").getJsonObject(0);
        for (String scheme : requirement.fieldNames()) {
            JsonArray required = requirement.getJsonArray(scheme);
            required.forEach(scope -> scopes.add((String) scope));
        }
        return scopes;
    }
}
