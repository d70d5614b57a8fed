package com.deloton.gateway.api.contract;

import com.deloton.gateway.api.request.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Describes in words what a schema accepts, for error messages: {@code a whole number from 1 to 200, for example 50}.
 * The extension {@code x-expected} of a schema replaces the generated words where a pattern would not be readable.
 */
final class SchemaDescription {
    private static final String EXPECTED = "x-expected";
    private static final int MAX_VALUE_LENGTH = 50;

    private SchemaDescription() {}

    static String of(JsonObject schema) {
        return switch (schema.getString("format", "")) {
            case "date-time" -> Times.EXPECTED_TIME;
            case "date" -> Times.EXPECTED_DATE;
            default -> type(schema) + example(schema);
        };
    }

    /** {@code 'soon' is not valid; expected a date YYYY-MM-DD, for example 2026-11-24}. */
    static String mismatch(Object value, JsonObject schema) {
        return quoted(value) + " is not valid; expected " + of(schema);
    }

    /** In single quotes, without control characters, and shortened to {@value #MAX_VALUE_LENGTH} characters. */
    static String quoted(Object value) {
        String text = value.toString().replaceAll("\\p{Cntrl}", "?");
        return "'" + (text.length() <= MAX_VALUE_LENGTH ? text : text.substring(0, MAX_VALUE_LENGTH) + "…") + "'";
    }

    private static String type(JsonObject schema) {
        if (schema.getValue(EXPECTED) instanceof String words) {
            return words;
        }
        if (schema.getValue("enum") instanceof JsonArray values) {
            return "one of " + values.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
        return switch (schema.getString("type", "")) {
            case "integer" -> "a whole number" + range(schema.getNumber("minimum"), schema.getNumber("maximum"));
            case "number" -> "a number" + range(schema.getNumber("minimum"), schema.getNumber("maximum"));
            case "boolean" -> "true or false";
            case "array" ->
                "a list" + count(schema.getInteger("minItems"), schema.getInteger("maxItems")) + ", each "
                        + type(schema.getJsonObject("items", new JsonObject()));
            case "object" -> "a JSON object";
            default -> text(schema);
        };
    }

    private static String text(JsonObject schema) {
        Integer max = schema.getInteger("maxLength");
        return "text" + (max == null ? "" : " of at most " + max + " characters")
                + (schema.containsKey("pattern") ? " that matches " + schema.getString("pattern") : "");
    }

    private static String range(@Nullable Number min, @Nullable Number max) {
        if (min != null && max != null) {
            return " from " + min + " to " + max;
        }
        return min != null ? " of at least " + min : max != null ? " of at most " + max : "";
    }

    private static String count(@Nullable Integer min, @Nullable Integer max) {
        return max == null ? "" : " of " + (min == null ? "at most " : min + " to ") + max + " values";
    }

    private static String example(JsonObject schema) {
        JsonObject typed = schema.getJsonObject("items", schema);
        if (typed.containsKey("enum") || "boolean".equals(typed.getString("type"))) {
            return "";
        }
        Object example = typed.getValue("examples") instanceof JsonArray examples && !examples.isEmpty()
                ? examples.getValue(0)
                : schema.getValue("default");
        return example == null ? "" : ", for example " + example;
    }
}
