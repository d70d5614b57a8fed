package com.deloton.gateway.config.settings;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The {@code DELOTON_} variables. A variable whose name ends in {@code _FILE} names a file with the value; one line end at
 * the end of the file is ignored.
 */
final class Environment {
    static final String PREFIX = "DELOTON_";
    static final String FILE = "_FILE";

    private final Map<String, String> variables = new TreeMap<>();
    private final Set<String> unread;

    Environment(Map<String, String> environment) {
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                variables.put(name, value);
            }
        });
        unread = new TreeSet<>(variables.keySet());
    }

    static String nameOf(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    Lookup look(String name) {
        String text = variables.get(name);
        String file = variables.get(name + FILE);
        unread.remove(name);
        unread.remove(name + FILE);
        if (text != null && file != null) {
            return new Lookup.Broken(name + " and " + name + FILE + " are both set; expected only one of them");
        }
        if (file != null) {
            return read(file, name + FILE);
        }
        return text == null ? new Lookup.Absent() : new Lookup.Found(text, null, name);
    }

    /** The variables below a name, without {@code _FILE}: {@code DELOTON_A_B_C_FILE} below {@code DELOTON_A} is {@code B_C}. */
    Set<String> below(String name) {
        Set<String> names = new TreeSet<>();
        for (String variable : variables.keySet()) {
            if (variable.startsWith(name + "_")) {
                String rest = variable.substring(name.length() + 1);
                names.add(rest.endsWith(FILE) ? rest.substring(0, rest.length() - FILE.length()) : rest);
            }
        }
        return names;
    }

    Set<String> unread() {
        return unread;
    }

    private static Lookup read(String file, String origin) {
        try {
            String content = Files.readString(Path.of(file));
            return new Lookup.Found(content.replaceFirst("\\r?\\n\\z", ""), null, "the file of " + origin);
        } catch (MalformedInputException e) {
            return new Lookup.Broken(origin + " names " + file + ", which is not UTF-8 text");
        } catch (IOException | IllegalArgumentException e) {
            return new Lookup.Broken(origin + " names " + file + ", which cannot be read; expected a readable file");
        }
    }
}
