package com.deloton.gateway.config.settings;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of looking up a key in the sources. */
sealed interface Lookup {

    /** No source sets the key. */
    record Absent() implements Lookup {}

    /** A source sets the key, but its value cannot be read. */
    record Broken(String problem) implements Lookup {}

    /**
     * A source sets the key.
     *
     * @param items the elements of a YAML list; null for text
     * @param origin where it was found: file and line, or variable
     */
    record Found(String text, @Nullable List<String> items, String origin) implements Lookup {

        /** The elements of the list, or of text separated by commas. */
        List<String> elements() {
            List<String> elements = items == null ? Arrays.asList(text.split(",", -1)) : items;
            return elements.stream().map(String::strip).toList();
        }
    }
}
