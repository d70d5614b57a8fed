package com.deloton.gateway.api.contract;

import com.deloton.gateway.api.contract.InvalidRequestException.Violation;
import com.deloton.gateway.config.settings.Suggestion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import io.vertx.openapi.impl.OpenAPIFormatValidator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Validates values against JSON schemas. */
final class Schemas {
    private static final int MAX_VIOLATIONS = 20;
    private static final JsonSchemaOptions OPTIONS = new JsonSchemaOptions()
            .setBaseUri("app://parameter")
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Basic);

    private Schemas() {}

    /** A validator for a schema without references. Cheaper than one of the contract's repository, which copies all schemas. */
    static Validator alone(JsonSchema schema) {
        return Validator.create(
                JsonSchema.of((JsonObject) plain((JsonObject) schema)), OPTIONS, new OpenAPIFormatValidator());
    }

    static boolean isValid(Validator validator, Object value) {
        return Boolean.TRUE.equals(validator.validate(value).getValid());
    }

    /** Errors in the validator's own words, for developers; the most specific places only; empty for a valid value. */
    static List<String> errors(Validator validator, Object value) {
        return causes(validator, value).stream()
                .map(error -> pointer(error) + " " + error.getError())
                .distinct()
                .limit(MAX_VIOLATIONS)
                .toList();
    }

    /** What clients read about the members of a body that do not match its schema; empty for a valid body. */
    static List<Violation> violations(Validator validator, JsonObject schema, JsonObject body) {
        return causes(validator, body).stream()
                .map(Schemas::pointer)
                .distinct()
                .flatMap(pointer -> violations(pointer, at(schema, pointer), value(body, pointer)))
                .distinct()
                .limit(MAX_VIOLATIONS)
                .toList();
    }

    private static Stream<Violation> violations(String pointer, JsonObject schema, @Nullable Object value) {
        if (!(value instanceof JsonObject object)
                || !schema.getString("type", "").equals("object")) {
            return Stream.of(new Violation(pointer, SchemaDescription.mismatch(String.valueOf(value), schema)));
        }
        JsonObject properties = schema.getJsonObject("properties", new JsonObject());
        Stream<Violation> missing = schema.getJsonArray("required", new JsonArray()).stream()
                .map(String.class::cast)
                .filter(name -> !object.containsKey(name))
                .map(name -> new Violation(
                        pointer,
                        "'%s' is missing; expected %s"
                                .formatted(name, SchemaDescription.of(resolve(properties.getJsonObject(name))))));
        Set<String> known = known(properties);
        Stream<Violation> unknown = object.fieldNames().stream()
                .filter(name -> !known.contains(name))
                .map(name -> new Violation(
                        pointer, SchemaDescription.quoted(name) + " is not a known member" + hint(name, known)));
        return Stream.concat(missing, unknown);
    }

    /** {@code ; did you mean 'sort'?}, or all candidates if none is similar. */
    static String hint(String given, Set<String> candidates) {
        return Suggestion.closest(given, candidates)
                .map(closest -> "; did you mean '" + closest + "'?")
                .orElse(candidates.isEmpty() ? "" : "; expected one of " + String.join(", ", candidates));
    }

    private static Set<String> known(JsonObject properties) {
        return properties.fieldNames().stream()
                .filter(name -> !name.startsWith("__"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static JsonObject at(JsonObject schema, String pointer) {
        JsonObject found = resolve(schema);
        for (String segment : segments(pointer)) {
            JsonObject member =
                    found.getJsonObject("properties", new JsonObject()).getJsonObject(segment);
            found = resolve(member == null ? found.getJsonObject("items", new JsonObject()) : member);
        }
        return found;
    }

    private static @Nullable Object value(JsonObject body, String pointer) {
        return pointer.isEmpty() ? body : JsonPointer.from(pointer).queryJson(body);
    }

    private static List<String> segments(String pointer) {
        return pointer.isEmpty() ? List.of() : List.of(pointer.substring(1).split("/", -1));
    }

    /** Vert.x keeps the target of a reference in its internal member. */
    private static JsonObject resolve(JsonObject schema) {
        return schema.getValue("$ref") instanceof JsonObject target ? target : schema;
    }

    private static List<OutputUnit> causes(Validator validator, Object value) {
        OutputUnit result = validator.validate(value);
        if (Boolean.TRUE.equals(result.getValid())) {
            return List.of();
        }
        List<OutputUnit> causes = Objects.requireNonNullElse(result.getErrors(), List.<OutputUnit>of()).stream()
                .filter(error -> !isSummary(error))
                .toList();
        List<OutputUnit> specific = causes.stream()
                .filter(error ->
                        !isUnknownMember(error) || causes.stream().noneMatch(cause -> isMoreSpecific(cause, error)))
                .toList();
        return specific.isEmpty() ? List.of(result) : specific;
    }

    private static boolean isSummary(OutputUnit error) {
        return keyword(error).endsWith("/properties")
                || keyword(error).endsWith("/items")
                || keyword(error).endsWith("/$ref");
    }

    /** The validator also reports this for a known member whose value is invalid. */
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
