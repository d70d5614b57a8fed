package com.deloton.gateway.config.settings;

import java.util.List;
import java.util.stream.Collectors;

/** An invalid configuration, with all its problems. */
public final class ConfigException extends RuntimeException {
    private final transient List<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(problems.stream()
                .map(problem -> "\n  - " + problem)
                .collect(Collectors.joining("", headline(problems.size()) + ":", "")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    private static String headline(int count) {
        return count == 1 ? "The configuration has 1 problem" : "The configuration has " + count + " problems";
    }

    /**
     * One problem of the configuration.
     *
     * @param subject the key with its environment variable, or the invalid file or variable
     * @param problem what was found and what is expected; never a secret
     */
    public record Problem(Kind kind, String subject, String problem) {

        /** Kinds of problems. */
        public enum Kind {
            /** A file that is not readable or not valid YAML. */
            SOURCE,
            /** An unknown key or variable. */
            UNKNOWN,
            /** A missing mandatory setting. */
            MISSING,
            /** An invalid value. */
            INVALID
        }

        @Override
        public String toString() {
            return subject + ": " + problem;
        }
    }
}
