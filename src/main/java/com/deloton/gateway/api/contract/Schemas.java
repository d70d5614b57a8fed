package com.deloton.gateway.api.contract;

import com.deloton.gateway.api.contract.InvalidRequestException.Fault;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import io.vertx.openapi.impl.OpenAPIFormatValidator;
import java.util.List;
import java.util.Objects;

/** Values held against JSON schemas. */
final class Schemas {
    private static final int MAX_REASON = 300;
    private static final int MAX_FAULTS = 20;
    private static final JsonSchemaOptions OPTIONS = new JsonSchemaOptions()
            .setBaseUri("app://parameter")
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Basic);

    private Schemas() {}

    /** For a schema without references. Cheaper than one of the contract's repository, which copies all its schemas. */
    static Validator alone(JsonSchema schema) {
        return Validator.create(
                JsonSchema.of((JsonObject) plain((JsonObject) schema)), OPTIONS, new OpenAPIFormatValidator());
    }

    /** What is wrong with a value, most specific places only; empty if nothing is. */
    static List<Fault> faults(Validator validator, Object value, String where) {
        OutputUnit result = validator.validate(value);
        if (Boolean.TRUE.equals(result.getValid())) {
            return List.of();
        }
        List<OutputUnit> errors = Objects.requireNonNullElse(result.getErrors(), List.of());
        List<OutputUnit> causes =
                errors.stream().filter(error -> !isSummary(error)).toList();
        List<Fault> faults = causes.stream()
                .filter(error ->
                        !isUnknownMember(error) || causes.stream().noneMatch(cause -> isMoreSpecific(cause, error)))
                .map(error -> new Fault(where + pointer(error), reason(error)))
                .distinct()
                .limit(MAX_FAULTS)
                .toList();
        return faults.isEmpty() ? List.of(new Fault(where, "is not as described")) : faults;
    }

    private static boolean isSummary(OutputUnit error) {
        return keyword(error).endsWith("/properties")
                || keyword(error).endsWith("/items")
                || keyword(error).endsWith("/$ref");
    }

    /** Also told of a known member that is wrong. */
    private static boolean isUnknownMember(OutputUnit error) {
        return keyword(error).endsWith("/additionalProperties");
    }

    private static boolean isMoreSpecific(OutputUnit cause, OutputUnit error) {
        String place = pointer(cause);
        return place.startsWith(pointer(error) + "/") || (place.equals(pointer(error)) && !isUnknownMember(cause));
    }

    private static String keyword(OutputUnit error) {
        return Objects.requireNonNullElse(error.getKeywordLocation(), "");
    }

    private static String pointer(OutputUnit error) {
        String location = Objects.requireNonNullElse(error.getInstanceLocation(), "#");
        return location.startsWith("#") ? location.substring(1) : location;
    }

    private static String reason(OutputUnit error) {
        String reason = Objects.requireNonNullElse(error.getError(), "is not as described");
        return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON) + "…";
    }

    /** Without the annotations that resolving has left. */
    private static Object plain(Object value) {
        if (value instanceof JsonObject object) {
            JsonObject copy = new JsonObject();
            object.forEach(member -> {
                if (!member.getKey().startsWith("__")) {
                    copy.put(member.getKey(), member.getValue() == null ? null : plain(member.getValue()));
                }
            });
            return copy;
        }
        if (value instanceof JsonArray array) {
            JsonArray copy = new JsonArray();
            array.forEach(element -> copy.add(element == null ? null : plain(element)));
            return copy;
        }
        return value;
    }
}
