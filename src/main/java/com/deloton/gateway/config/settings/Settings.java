package com.deloton.gateway.config.settings;

import com.deloton.gateway.config.settings.ConfigException.Fault;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings of all sources, read key by key. To read a key is to declare it: what has not been read by the time of
 * {@link #check} is unknown. An environment variable comes before a later file, a later file before an earlier one.
 * Not safe for use by several threads.
 */
public final class Settings {
    private final Map<String, Lookup.Found> files = new LinkedHashMap<>();
    private final Environment environment;
    private final List<Fault> sourceFaults = new ArrayList<>();
    private final List<SectionFault> faults = new ArrayList<>();
    private final Map<String, KeyDescription> known = new LinkedHashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private final Set<String> unread;

    private record SectionFault(String key, Fault fault) {}

    public Settings(List<Path> yaml, Map<String, String> env) {
        environment = new Environment(env);
        yaml.forEach(path -> files.putAll(YamlFile.read(path, sourceFaults)));
        unread = new LinkedHashSet<>(files.keySet());
    }

    /**
     * Begins to read a key.
     *
     * @param meaning one sentence for the table of all keys
     */
    public Setting key(String key, String meaning) {
        return new Setting(this, key, meaning);
    }

    /**
     * Whatever is set below a key, as it is; the names may have dots. In a variable's name each {@code _} stands for a
     * dot. The values are treated as secrets.
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
                fault(key + "." + name, broken.problem());
            }
        });
        return Map.copyOf(properties);
    }

    /** For a setting that must be there because of another one. */
    public void missing(String key, String why) {
        add(Fault.Kind.MISSING, key, "is missing; " + why);
    }

    /** For what only several settings together can get wrong. */
    public void fault(String key, String problem) {
        add(Fault.Kind.WRONG, key, problem);
    }

    /**
     * Everything wrong at once.
     *
     * @param sections if any are named, a missing setting matters only there
     * @throws ConfigException if there is a fault
     */
    public void check(String... sections) {
        List<Fault> all = new ArrayList<>(sourceFaults);
        for (SectionFault found : faults) {
            if (found.fault().kind() != Fault.Kind.MISSING || isIn(found.key(), sections)) {
                all.add(found.fault());
            }
        }
        unread.stream().filter(key -> !isEmptySection(key)).forEach(key -> all.add(unknownKey(key)));
        environment.unread().forEach(name -> all.add(unknownVariable(name)));
        if (!all.isEmpty()) {
            throw new ConfigException(all);
        }
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
                fault(key.key(), wrong(key, found));
            }
        } else if (lookup instanceof Lookup.Broken broken) {
            fault(key.key(), broken.problem());
        } else if (key.mandatory()) {
            add(Fault.Kind.MISSING, key.key(), "is missing; expected " + key.value() + ": " + key.meaning());
        }
        return null;
    }

    private static String wrong(KeyDescription key, Lookup.Found found) {
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

    private void add(Fault.Kind kind, String key, String problem) {
        faults.add(new SectionFault(key, new Fault(kind, key + " (" + Environment.nameOf(key) + ")", problem)));
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

    private Fault unknownKey(String key) {
        Lookup.Found found = files.get(key);
        String subject = found == null ? key : key + " in " + found.origin();
        String problem = isSection(key)
                ? "is a section, not a setting; expected settings below it"
                : "is not a known key" + Suggestion.hint(key, known.keySet());
        return new Fault(Fault.Kind.UNKNOWN, subject, problem);
    }

    private Fault unknownVariable(String name) {
        return new Fault(
                Fault.Kind.UNKNOWN, name, "is not a known variable" + Suggestion.hint(name, variables.keySet()));
    }
}
