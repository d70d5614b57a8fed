package com.deloton.gateway.config.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one key as some type. A method without a default makes the key mandatory; {@code …OrNull} makes it optional. For an
 * invalid value it reports a problem and returns a placeholder, so that all problems are found.
 */
public final class Setting {
    private final Settings settings;
    private final String key;
    private final String meaning;

    Setting(Settings settings, String key, String meaning) {
        this.settings = settings;
        this.key = key;
        this.meaning = meaning;
    }

    public String text() {
        return or("", mandatory("a text", false, Setting::nonEmpty));
    }

    public String text(String defaultValue) {
        return or(defaultValue, read("a text", defaultValue, Setting::nonEmpty));
    }

    public @Nullable String textOrNull() {
        return read("a text", null, Setting::nonEmpty);
    }

    /** Text of this format. */
    public @Nullable String textOrNull(String type, Pattern format) {
        return read(type, null, found -> {
            String text = nonEmpty(found);
            require(format.matcher(text).matches());
            return text;
        });
    }

    /** Text in a format that {@code parse} reads; it throws {@link IllegalArgumentException} for an invalid value. */
    public <T> T as(String type, String defaultValue, Function<String, T> parse) {
        return or(parse.apply(defaultValue), read(type, defaultValue, found -> parse.apply(nonEmpty(found))));
    }

    public Secret secret() {
        return or(new Secret(""), mandatory("a secret", true, Setting::hidden));
    }

    public @Nullable Secret secretOrNull() {
        return settings.read(describe("a secret", null, false, true), Setting::hidden);
    }

    public int integer(int defaultValue, int min, int max) {
        return as(between("a whole number", min, max), Integer.toString(defaultValue), text -> {
            int value = Integer.parseInt(text);
            require(value >= min && value <= max);
            return value;
        });
    }

    /** A TCP port; 0 lets the system choose one. */
    public int port(int defaultValue) {
        return integer(defaultValue, 0, 65_535);
    }

    public Duration duration(String defaultValue, String min, String max) {
        return as(between("a duration", min, max), defaultValue, text -> {
            Duration value = Durations.parse(text);
            require(value.compareTo(Durations.parse(min)) >= 0 && value.compareTo(Durations.parse(max)) <= 0);
            return value;
        });
    }

    public boolean flag(boolean defaultValue) {
        return as("true or false", Boolean.toString(defaultValue), text -> {
            require(text.equals("true") || text.equals("false"));
            return text.equals("true");
        });
    }

    /** A base URL; returned without a slash at its end. */
    public String url(String defaultValue) {
        return as("an http or https URL", defaultValue, text -> {
            URI uri = URI.create(text);
            require(uri.getHost() != null && List.of("http", "https").contains(uri.getScheme()));
            return text.replaceFirst("/+$", "");
        });
    }

    /** A URL, unchanged. */
    public @Nullable String urlOrNull() {
        return read("an http or https URL", null, found -> {
            String text = nonEmpty(found);
            URI uri = URI.create(text);
            require(uri.getHost() != null && List.of("http", "https").contains(uri.getScheme()));
            return text;
        });
    }

    public @Nullable Path pathOrNull() {
        return read("a path", null, found -> Path.of(nonEmpty(found)));
    }

    public <E extends Enum<E>> E oneOf(Class<E> type, E defaultValue) {
        return oneOf(type, defaultValue, kebab(defaultValue));
    }

    /**
     * One of the constants.
     *
     * @param shown describes the default if it depends on other settings
     */
    public <E extends Enum<E>> E oneOf(Class<E> type, E defaultValue, String shown) {
        return or(defaultValue, read("one of " + names(type), shown, found -> constant(type, nonEmpty(found))));
    }

    /** At least one of the constants; by default all. */
    public <E extends Enum<E>> Set<E> someOf(Class<E> type) {
        Set<E> all = Collections.unmodifiableSet(EnumSet.allOf(type));
        return or(all, read("a list of some of " + names(type), names(type), found -> {
            Set<E> some = EnumSet.noneOf(type);
            found.elements().forEach(element -> some.add(constant(type, element)));
            require(!some.isEmpty());
            return Collections.unmodifiableSet(some);
        }));
    }

    /** At least one element, all of which satisfy the predicate. */
    public List<String> list(String type, Predicate<String> element) {
        return or(List.of(), mandatory(type, false, found -> elements(found, element)));
    }

    public List<String> list(String type, List<String> defaultValue, Predicate<String> element) {
        return or(defaultValue, read(type, String.join(", ", defaultValue), found -> elements(found, element)));
    }

    private <T> @Nullable T read(String type, @Nullable String defaultValue, Function<Lookup.Found, T> parse) {
        return settings.read(describe(type, defaultValue, false, false), parse);
    }

    private <T> @Nullable T mandatory(String type, boolean secret, Function<Lookup.Found, T> parse) {
        return settings.read(describe(type, null, true, secret), parse);
    }

    private KeyDescription describe(String type, @Nullable String defaultValue, boolean mandatory, boolean secret) {
        return new KeyDescription(key, type, defaultValue, mandatory, secret, meaning);
    }

    private static <T> T or(T defaultValue, @Nullable T value) {
        return value == null ? defaultValue : value;
    }

    private static String nonEmpty(Lookup.Found found) {
        String text = found.text().strip();
        require(!text.isEmpty() && text.chars().noneMatch(Character::isISOControl));
        return text;
    }

    private static Secret hidden(Lookup.Found found) {
        require(!found.text().isBlank());
        return new Secret(found.text());
    }

    private static List<String> elements(Lookup.Found found, Predicate<String> valid) {
        List<String> elements = found.elements();
        require(!elements.isEmpty() && elements.stream().allMatch(valid));
        return elements;
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name) {
        return Stream.of(type.getEnumConstants())
                .filter(constant -> kebab(constant).equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("no such name"));
    }

    private static String names(Class<? extends Enum<?>> type) {
        return Stream.of(type.getEnumConstants()).map(Setting::kebab).collect(Collectors.joining(", "));
    }

    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String between(String type, Object min, Object max) {
        return type + " from " + min + " to " + max;
    }

    private static void require(boolean valid) {
        if (!valid) {
            throw new IllegalArgumentException("invalid");
        }
    }
}
