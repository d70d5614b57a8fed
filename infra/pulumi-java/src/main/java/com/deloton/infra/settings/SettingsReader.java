package com.deloton.infra.settings;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import com.pulumi.core.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Typed access to the configuration. Collects all errors; {@link #finish} throws them together. */
public final class SettingsReader {
    private final String namespace;
    private final ConfigSource source;
    private final List<String> faults = new ArrayList<>();
    private final Set<String> keys = new TreeSet<>();

    public SettingsReader(String namespace, ConfigSource source) {
        this.namespace = namespace;
        this.source = source;
    }

    /** All keys read so far. */
    public Set<String> keys() {
        return keys;
    }

    String required(String key, Pattern form, String right) {
        Optional<String> value = value(key);
        if (value.isEmpty()) {
            fault(key, "is missing; expected " + right);
            return "";
        }
        return matched(key, value.get(), form, right);
    }

    String text(String key, String fallback, Pattern form, String right) {
        return value(key).map(text -> matched(key, text, form, right)).orElse(fallback);
    }

    int integer(String key, int fallback, int least, int most) {
        return number(key, fallback, Integer::valueOf, least, most, "a whole number");
    }

    double decimal(String key, double fallback, double least, double most) {
        return number(key, fallback, Double::valueOf, least, most, "a number");
    }

    private <N extends Comparable<N>> N number(
            String key, N fallback, Function<String, N> parse, N least, N most, String kind) {
        return value(key)
                .map(text -> {
                    try {
                        N number = parse.apply(text);
                        if (number.compareTo(least) >= 0 && number.compareTo(most) <= 0) {
                            return number;
                        }
                    } catch (NumberFormatException e) {
                        // reported below, like a number out of range
                    }
                    fault(key, "is '" + text + "'; expected " + kind + " from " + least + " to " + most);
                    return fallback;
                })
                .orElse(fallback);
    }

    boolean flag(String key, boolean fallback) {
        return choice(key, fallback ? "true" : "false", List.of("true", "false"))
                .equals("true");
    }

    <E extends Enum<E>> E choice(String key, E fallback) {
        List<String> names = Arrays.stream(fallback.getDeclaringClass().getEnumConstants())
                .map(SettingsReader::kebab)
                .toList();
        String name = choice(key, kebab(fallback), names);
        return Enum.valueOf(fallback.getDeclaringClass(), name.replace('-', '_').toUpperCase(Locale.ROOT));
    }

    List<String> list(String key, Pattern form, String right) {
        String example = "a list of " + right;
        return value(key)
                .map(text -> strings(key, text, example).stream()
                        .map(entry -> matched(key, entry, form, example))
                        .toList())
                .orElse(List.of());
    }

    private List<String> strings(String key, String text, String example) {
        try {
            JsonElement list = JsonParser.parseString(text);
            if (list.isJsonArray() && allPrimitive(list.getAsJsonArray())) {
                return list.getAsJsonArray().asList().stream()
                        .map(JsonElement::getAsString)
                        .toList();
            }
        } catch (JsonSyntaxException e) {
            // reported below, like another kind of value
        }
        fault(key, "is '" + text + "'; expected " + example);
        return List.of();
    }

    private static boolean allPrimitive(JsonArray list) {
        return list.asList().stream().allMatch(JsonElement::isJsonPrimitive);
    }

    /** A required secret, whose value is not inspected. */
    Output<String> secret(String key) {
        if (value(key).isEmpty()) {
            fault(key, "is missing; set it with: pulumi config set --secret " + namespace + ":" + key);
        }
        return source.getSecret(key).applyValue(secret -> secret.orElse(""));
    }

    <T> T check(String key, T value, Predicate<T> rule, String right) {
        if (!rule.test(value)) {
            fault(key, "is '" + value + "'; expected " + right);
        }
        return value;
    }

    void finish() {
        if (!faults.isEmpty()) {
            throw new SettingsException(faults);
        }
    }

    private String choice(String key, String fallback, List<String> allowed) {
        String value = value(key).orElse(fallback);
        if (allowed.contains(value)) {
            return value;
        }
        fault(
                key,
                "is '" + value + "'; expected one of "
                        + allowed.stream().sorted().collect(Collectors.joining(", ")));
        return fallback;
    }

    private String matched(String key, String value, Pattern form, String right) {
        return check(key, value, form.asMatchPredicate(), right);
    }

    private Optional<String> value(String key) {
        keys.add(key);
        return source.get(key).map(String::strip).filter(text -> !text.isEmpty());
    }

    private void fault(String key, String what) {
        faults.add(namespace + ":" + key + " " + what);
    }

    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
