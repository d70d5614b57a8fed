package com.deloton.gateway.api.contract;

import com.deloton.gateway.api.contract.InvalidRequestException.Violation;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.Location;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and validates a request: decodes each value once, rejects unknown and repeated parameters, applies defaults, and
 * reports all violations at once.
 */
public final class RequestReader {
    private static final int MAX_PARAMETERS = 64;

    private final ContractOperation operation;
    private final Set<String> query;

    /**
     * The values of a valid request.
     *
     * @param parameters by name: String, Integer, Long, Double, Boolean, or a JsonArray of them
     */
    public record ParsedRequest(
            Map<String, Object> parameters, @Nullable JsonObject body) {}

    public RequestReader(ContractOperation operation) {
        this.operation = operation;
        query = operation.parameters().stream()
                .filter(rule -> rule.in() == Location.QUERY)
                .map(ParameterRule::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The body must have been read.
     *
     * @throws InvalidRequestException if the request does not match the contract
     */
    public ParsedRequest read(RoutingContext context) {
        List<Violation> violations = new ArrayList<>();
        Map<String, List<String>> values = query(context, violations);
        Map<String, Object> parameters = new HashMap<>();
        for (ParameterRule rule : operation.parameters()) {
            List<String> texts = switch (rule.in()) {
                case QUERY -> values.getOrDefault(rule.name(), List.of());
                case HEADER -> context.request().headers().getAll(rule.name());
                default -> path(context, rule.name());
            };
            rule.read(texts, violations).ifPresent(value -> parameters.put(rule.name(), value));
        }
        JsonObject body = body(context, violations);
        if (!violations.isEmpty()) {
            throw new InvalidRequestException(violations);
        }
        return new ParsedRequest(parameters, body);
    }

    private Map<String, List<String>> query(RoutingContext context, List<Violation> violations) {
        if (!PercentEncoding.isUtf8(context.request().query())) {
            violations.add(
                    new Violation("/query", "is not percent-encoded UTF-8; expected %C3%A9 for the character é"));
            return Map.of();
        }
        try {
            Map<String, List<String>> values = new TreeMap<>(
                    new QueryStringDecoder(context.request().uri(), StandardCharsets.UTF_8, true, MAX_PARAMETERS, true)
                            .parameters());
            values.keySet().stream()
                    .filter(name -> !query.contains(name))
                    .forEach(name -> violations.add(new Violation(
                            "/query/" + shown(name),
                            "is not a parameter of this operation" + Schemas.hint(name, query))));
            return values;
        } catch (IllegalArgumentException e) {
            violations.add(new Violation("/query", "is not valid percent-encoding; expected %25 for the character %"));
            return Map.of();
        }
    }

    private static List<String> path(RoutingContext context, String name) {
        String text = context.pathParam(name);
        return text == null ? List.of() : List.of(text);
    }

    private @Nullable JsonObject body(RoutingContext context, List<Violation> violations) {
        Buffer bytes = context.body().buffer();
        if (operation.body() == null || bytes == null || bytes.length() == 0) {
            if (operation.isRequestBodyRequired()) {
                violations.add(new Violation("", "the body is missing; expected a JSON object"));
            }
            return null;
        }
        Optional<String> fault = StrictJson.fault(bytes.getBytes());
        if (fault.isPresent()) {
            violations.add(new Violation("", fault.get()));
            return null;
        }
        JsonObject json;
        try {
            json = (JsonObject) Objects.requireNonNull(withIntegers(new JsonObject(bytes)));
        } catch (DecodeException e) {
            violations.add(new Violation("", "the body is not valid; expected a JSON object"));
            return null;
        }
        if (json.encode().contains("\\u0000")) {
            violations.add(new Violation("", "the body contains the character NUL; expected text without it"));
            return null;
        }
        violations.addAll(Schemas.violations(operation.body(), operation.bodySchema(), json));
        return json;
    }

    /** JSON Schema takes 181.0 for an integer, Vert.x's validator only 181. */
    private static @Nullable Object withIntegers(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            JsonObject copy = new JsonObject();
            object.forEach(member -> copy.put(member.getKey(), withIntegers(member.getValue())));
            return copy;
        }
        if (value instanceof JsonArray array) {
            JsonArray copy = new JsonArray();
            array.forEach(element -> copy.add(withIntegers(element)));
            return copy;
        }
        return value instanceof Double number && number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE
                ? (Object) number.intValue()
                : value;
    }

    private static String shown(String name) {
        return name.length() <= 50 ? name : name.substring(0, 50) + "…";
    }
}
