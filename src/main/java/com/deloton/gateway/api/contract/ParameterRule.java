package com.deloton.gateway.api.contract;

import com.deloton.gateway.api.contract.InvalidRequestException.Violation;
import com.deloton.gateway.api.request.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Validator;
import io.vertx.json.schema.common.dsl.SchemaType;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one parameter: converts its text to the schema's type and validates the value. */
final class ParameterRule {
    private static final Pattern WHOLE = Pattern.compile("(-?(?:0|[1-9][0-9]{0,17}))(?:\\.0{1,30})?");
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][-+]?[0-9]{1,3})?");
    private static final Set<SchemaType> PLAIN =
            Set.of(SchemaType.STRING, SchemaType.INTEGER, SchemaType.NUMBER, SchemaType.BOOLEAN);

    private final Parameter parameter;
    private final SchemaType type;
    private final SchemaType elementType;
    private final Validator schema;
    private final JsonObject described;
    private final @Nullable Object defaultValue;

    /** @throws IllegalArgumentException for a kind of parameter that is not supported, so that the start fails and not a request */
    ParameterRule(String operation, Parameter parameter) {
        this.parameter = parameter;
        type = parameter.getSchemaType();
        elementType = type == SchemaType.ARRAY ? elementType(operation, parameter) : type;
        if (!PLAIN.contains(elementType)
                || parameter.getIn() == Location.COOKIE
                || (type == SchemaType.ARRAY && parameter.getIn() != Location.QUERY)) {
            throw new IllegalArgumentException(
                    "%s: the parameter %s in %s is not supported: expected a plain value, or a list in the query"
                            .formatted(operation, parameter.getName(), parameter.getIn()));
        }
        described = (JsonObject) parameter.getSchema();
        schema = Schemas.alone(parameter.getSchema());
        defaultValue = parameter.getSchema().get("default");
    }

    String name() {
        return parameter.getName();
    }

    Location in() {
        return parameter.getIn();
    }

    String pointer() {
        return "/" + parameter.getIn().name().toLowerCase(Locale.ROOT) + "/" + name();
    }

    /** The value, or the contract's default, or nothing; adds what is invalid to {@code violations}. */
    Optional<Object> read(List<String> texts, List<Violation> violations) {
        if (texts.isEmpty()) {
            if (parameter.isRequired()) {
                violations.add(new Violation(pointer(), "is missing; expected " + SchemaDescription.of(described)));
            }
            return Optional.ofNullable(defaultValue);
        }
        if (texts.size() > 1 && type != SchemaType.ARRAY) {
            violations.add(new Violation(pointer(), "appears %d times; expected once".formatted(texts.size())));
            return Optional.empty();
        }
        if (texts.stream().anyMatch(text -> text.indexOf('\0') >= 0)) {
            violations.add(new Violation(pointer(), "contains the character NUL; expected text without it"));
            return Optional.empty();
        }
        Object value = type == SchemaType.ARRAY ? array(texts) : plain(type, texts.getFirst());
        if (value == null || !isValid(value)) {
            violations.add(new Violation(pointer(), SchemaDescription.mismatch(String.join(",", texts), described)));
            return Optional.empty();
        }
        return Optional.of(value);
    }

    /** Times and dates may have more forms than in the contract, which has one for generated clients. */
    private boolean isValid(Object value) {
        return switch (described.getString("format", "")) {
            case "date-time" -> Times.isTime((String) value);
            case "date" -> Times.isDate((String) value);
            default -> Schemas.isValid(schema, value);
        };
    }

    private @Nullable JsonArray array(List<String> texts) {
        List<String> elements = texts.stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .toList();
        JsonArray array = new JsonArray();
        for (String element : elements) {
            Object value = plain(elementType, element);
            if (value == null) {
                return null;
            }
            array.add(value);
        }
        return array;
    }

    private static @Nullable Object plain(SchemaType type, String text) {
        return switch (type) {
            case STRING -> text;
            case BOOLEAN -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
            case INTEGER -> {
                Matcher whole = WHOLE.matcher(text);
                yield whole.matches() ? fitting(Long.parseLong(whole.group(1))) : null;
            }
            case NUMBER -> NUMBER.matcher(text).matches() ? (Object) Double.valueOf(text) : null;
            default -> null;
        };
    }

    /** An Integer where it fits, as the format int32 requires. */
    private static Number fitting(long value) {
        return value == (int) value ? (Number) (int) value : (Number) value;
    }

    private static SchemaType elementType(String operation, Parameter parameter) {
        Object items = parameter.getSchema().get("items");
        Object name = items instanceof JsonObject object ? object.getValue("type") : null;
        if (!(name instanceof String text)) {
            throw new IllegalArgumentException(
                    "%s: the items of the parameter %s have no type".formatted(operation, parameter.getName()));
        }
        return SchemaType.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
