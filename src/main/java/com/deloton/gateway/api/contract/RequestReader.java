package com.deloton.gateway.api.contract;

import com.deloton.gateway.api.contract.InvalidRequestException.Fault;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.Location;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request as its operation has it: each value decoded once, parameters that are unknown or given twice refused,
 * defaults applied, all faults told at once.
 */
public final class RequestReader {
    private static final int MAX_PARAMETERS = 64;

    private final ContractOperation operation;
    private final Set<String> query;

    /**
     * What a request says.
     *
     * @param parameters by name: String, Integer, Long, Double, Boolean, or a JsonArray of them
     */
    public record Content(
            Map<String, Object> parameters, @Nullable JsonObject body) {}

    public RequestReader(ContractOperation operation) {
        this.operation = operation;
        query = operation.parameters().stream()
                .filter(rule -> rule.in() == Location.QUERY)
                .map(ParameterRule::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Throws {@link InvalidRequestException} if the request is not as the contract wants it. The body must have been read. */
    public Content read(RoutingContext context) {
        List<Fault> faults = new ArrayList<>();
        Map<String, List<String>> given = query(context, faults);
        Map<String, Object> parameters = new HashMap<>();
        for (ParameterRule rule : operation.parameters()) {
            List<String> texts = switch (rule.in()) {
                case QUERY -> given.getOrDefault(rule.name(), List.of());
                case HEADER -> context.request().headers().getAll(rule.name());
                default -> path(context, rule.name());
            };
            rule.read(texts, faults).ifPresent(value -> parameters.put(rule.name(), value));
        }
        JsonObject body = body(context, faults);
        if (!faults.isEmpty()) {
            throw new InvalidRequestException(faults);
        }
        return new Content(parameters, body);
    }

    private Map<String, List<String>> query(RoutingContext context, List<Fault> faults) {
        try {
            Map<String, List<String>> given = new TreeMap<>(
                    new QueryStringDecoder(context.request().uri(), StandardCharsets.UTF_8, true, MAX_PARAMETERS, true)
                            .parameters());
            given.keySet().stream()
                    .filter(name -> !query.contains(name))
                    .forEach(name ->
                            faults.add(new Fault("/query/" + shown(name), "is no parameter of this operation")));
            return given;
        } catch (IllegalArgumentException e) {
            faults.add(new Fault("/query", "is not percent-encoded as it should be"));
            return Map.of();
        }
    }

    private static List<String> path(RoutingContext context, String name) {
        String text = context.pathParam(name);
        return text == null ? List.of() : List.of(text);
    }

    private @Nullable JsonObject body(RoutingContext context, List<Fault> faults) {
        Buffer bytes = context.body().buffer();
        if (operation.body() == null || bytes == null || bytes.length() == 0) {
            if (operation.needsBody()) {
                faults.add(new Fault("", "the body is missing"));
            }
            return null;
        }
        JsonObject json;
        try {
            json = new JsonObject(bytes);
        } catch (DecodeException e) {
            faults.add(new Fault("", "the body is no JSON object"));
            return null;
        }
        if (json.encode().contains("\\u0000")) {
            faults.add(new Fault("", "the body holds the character NUL"));
            return null;
        }
        faults.addAll(Schemas.faults(operation.body(), json, ""));
        return json;
    }

    private static String shown(String name) {
        return name.length() <= 50 ? name : name.substring(0, 50) + "…";
    }
}
