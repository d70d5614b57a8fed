package com.deloton.gateway.config.settings;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the sources say about a key. */
sealed interface Lookup {

    /** No source sets the key. */
    record Absent() implements Lookup {}

    /** A source sets the key, but its value could not be had. */
    record Broken(String problem) implements Lookup {}

    /**
     * A source sets the key.
     *
     * @param items the elements if the source has a list of its own; null if it has one text
     * @param origin where it was found: file and line, or variable
     */
    record Found(String text, @Nullable List<String> items, String origin) implements Lookup {

        /** The list's elements, or those of a text with commas between them. */
        List<String> elements() {
            List<String> elements = items == null ? Arrays.asList(text.split(",", -1)) : items;
            return elements.stream().map(String::strip).toList();
        }
    }
}
