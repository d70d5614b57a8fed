package com.deloton.gateway.config.settings;

import java.util.Collection;
import java.util.Comparator;

/** What somebody may have meant. */
final class Suggestion {
    private Suggestion() {}

    /** A question to add to a message, or nothing if no candidate is near. */
    static String hint(String given, Collection<String> candidates) {
        int limit = Math.max(2, given.length() / 4);
        return candidates.stream()
                .filter(candidate -> distance(given, candidate) <= limit)
                .min(Comparator.comparingInt((String candidate) -> distance(given, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("");
    }

    /** Insertions, deletions and replacements between two texts. */
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
