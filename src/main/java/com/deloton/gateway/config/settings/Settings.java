package com.deloton.gateway.config.settings;

import com.deloton.gateway.config.settings.ConfigException.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of all sources, key by key. Reading a key declares it: {@link #check} reports every other key as
 * unknown. An environment variable overrides files, and a later file an earlier one. Not thread-safe.
 */
public final class Settings {
    private final Map<String, Lookup.Found> files = new LinkedHashMap<>();
    private final Environment environment;
    private final List<Problem> sourceProblems = new ArrayList<>();
    private final List<SectionProblem> problems = new ArrayList<>();
    private final Map<String, KeyDescription> known = new LinkedHashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private final Set<String> unread;

    private record SectionProblem(String key, Problem problem) {}

    /** Without any source: every key has its default. */
    public static Settings empty() {
        return new Settings(List.of(), Map.of());
    }

    public Settings(List<Path> yaml, Map<String, String> env) {
        environment = new Environment(env);
        yaml.forEach(path -> files.putAll(YamlFile.read(path, sourceProblems)));
        unread = new LinkedHashSet<>(files.keySet());
    }

    /**
     * A key to read.
     *
     * @param meaning one sentence for the table of all keys
     */
    public Setting key(String key, String meaning) {
        return new Setting(this, key, meaning);
    }

    /**
     * All settings below a key, unparsed; their names may contain dots, which are {@code _} in a variable's name. The values
     * are treated as secrets.
     */
    public Map<String, String> properties(String key, String meaning) {
        declare(new KeyDescription(key + ".*", "a text for each name", null, false, true, meaning));
        Map<String, Lookup> found = new TreeMap<>();
        files.forEach((name, value) -> {
            if (name.startsWith(key + ".")) {
                unread.remove(name);
                found.put(name.substring(key.length() + 1), value);
            }
        });
        String variable = Environment.nameOf(key);
        for (String rest : environment.below(variable)) {
            found.put(rest.toLowerCase(Locale.ROOT).replace('_', '.'), environment.look(variable + "_" + rest));
        }
        Map<String, String> properties = new TreeMap<>();
        found.forEach((name, lookup) -> {
            if (lookup instanceof Lookup.Found value) {
                properties.put(name, value.text());
            } else if (lookup instanceof Lookup.Broken broken) {
                invalid(key + "." + name, broken.problem());
            }
        });
        return Map.copyOf(properties);
    }

    /** Reports a setting that another one requires. */
    public void missing(String key, String why) {
        add(Problem.Kind.MISSING, key, "is missing; " + why);
    }

    /** Reports a problem that depends on several settings. */
    public void invalid(String key, String problem) {
        add(Problem.Kind.INVALID, key, problem);
    }

    /**
     * Reports all problems at once.
     *
     * @param sections if given, a missing setting is a problem only there
     * @throws ConfigException if there is a problem
     */
    public void check(String... sections) {
        List<Problem> all = new ArrayList<>(sourceProblems);
        for (SectionProblem found : problems) {
            if (found.problem().kind() != Problem.Kind.MISSING || isIn(found.key(), sections)) {
                all.add(found.problem());
            }
        }
        unread.stream().filter(key -> !isEmptySection(key)).forEach(key -> all.add(unknownKey(key)));
        environment.unread().forEach(name -> all.add(unknownVariable(name)));
        if (!all.isEmpty()) {
            throw new ConfigException(all);
        }
    }

    /** The keys that a file or a variable sets: all keys in files, and those of variables that were read so far. */
    public Set<String> given() {
        Set<String> given = new TreeSet<>(files.keySet());
        for (KeyDescription key : known.values()) {
            String variable = key.environmentName();
            if (key.key().endsWith(".*")) {
                String section = key.key().substring(0, key.key().length() - 1);
                environment
                        .below(Environment.nameOf(section.substring(0, section.length() - 1)))
                        .forEach(rest -> given.add(
                                section + rest.toLowerCase(Locale.ROOT).replace('_', '.')));
            } else if (!(environment.look(variable) instanceof Lookup.Absent)) {
                given.add(key.key());
            }
        }
        return given;
    }

    /** The name of the variable of a key. */
    public static String variable(String key) {
        return Environment.nameOf(key);
    }

    /** All keys read so far, in order. */
    public List<KeyDescription> known() {
        return List.copyOf(known.values());
    }

    <T> @Nullable T read(KeyDescription key, Function<Lookup.Found, T> parse) {
        declare(key);
        unread.remove(key.key());
        Lookup lookup = environment.look(key.environmentName());
        Lookup.Found inFile = files.get(key.key());
        if (lookup instanceof Lookup.Absent && inFile != null) {
            lookup = inFile;
        }
        if (lookup instanceof Lookup.Found found) {
            try {
                return parse.apply(found);
            } catch (IllegalArgumentException e) {
                invalid(key.key(), mismatch(key, found));
            }
        } else if (lookup instanceof Lookup.Broken broken) {
            invalid(key.key(), broken.problem());
        } else if (key.mandatory()) {
            add(Problem.Kind.MISSING, key.key(), "is missing; expected " + key.value() + ": " + key.meaning());
        }
        return null;
    }

    private static String mismatch(KeyDescription key, Lookup.Found found) {
        String value = key.secret() ? Secret.MASK : '"' + found.text().strip() + '"';
        String shown = found.text().isBlank() ? "nothing" : value;
        return "found " + shown + " in " + found.origin() + "; expected " + key.value();
    }

    private void declare(KeyDescription key) {
        String variable = key.environmentName();
        String clash = variables.putIfAbsent(variable, key.key());
        String fileClash = variables.putIfAbsent(variable + Environment.FILE, key.key());
        if (clash != null || fileClash != null) {
            throw new IllegalStateException(key.key() + " and another key share a variable: " + variable);
        }
        known.put(key.key(), key);
    }

    private void add(Problem.Kind kind, String key, String problem) {
        problems.add(new SectionProblem(key, new Problem(kind, key + " (" + Environment.nameOf(key) + ")", problem)));
    }

    private static boolean isIn(String key, String... sections) {
        for (String section : sections) {
            if (key.startsWith(section + ".")) {
                return true;
            }
        }
        return sections.length == 0;
    }

    private boolean isSection(String key) {
        return known.keySet().stream().anyMatch(other -> other.startsWith(key + "."));
    }

    private boolean isEmptySection(String key) {
        Lookup.Found found = files.get(key);
        return found != null && found.text().isEmpty() && isSection(key);
    }

    private Problem unknownKey(String key) {
        Lookup.Found found = files.get(key);
        String subject = found == null ? key : key + " in " + found.origin();
        String problem = isSection(key)
                ? "is a section, not a setting; expected settings below it"
                : "is not a known key" + Suggestion.hint(key, known.keySet());
        return new Problem(Problem.Kind.UNKNOWN, subject, problem);
    }

    private Problem unknownVariable(String name) {
        return new Problem(
                Problem.Kind.UNKNOWN, name, "is not a known variable" + Suggestion.hint(name, variables.keySet()));
    }
}
