package com.deloton.gateway.config.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggests the intended name for a misspelt one. */
public final class Suggestion {
    private Suggestion() {}

    /** The end of a message, {@code ; did you mean …?}; empty if no candidate is similar. */
    static String hint(String given, Collection<String> candidates) {
        return closest(given, candidates)
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("");
    }

    /** The most similar candidate, if one is similar enough. */
    public static Optional<String> closest(String given, Collection<String> candidates) {
        int limit = Math.max(2, given.length() / 4);
        return candidates.stream()
                .filter(candidate -> distance(given, candidate) <= limit)
                .min(Comparator.comparingInt((String candidate) -> distance(given, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The Levenshtein distance. */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
