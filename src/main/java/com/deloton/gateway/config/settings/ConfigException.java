package com.deloton.gateway.config.settings;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; carries every fault that was found, not just the first. */
public final class ConfigException extends RuntimeException {
    private final transient List<Fault> faults;

    public ConfigException(List<Fault> faults) {
        super(faults.stream()
                .map(fault -> "\n  - " + fault)
                .collect(Collectors.joining("", headline(faults.size()) + ":", "")));
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }

    private static String headline(int count) {
        return count == 1 ? "The configuration has 1 fault" : "The configuration has " + count + " faults";
    }

    /**
     * One thing wrong with the configuration, for the person who has to mend it.
     *
     * @param subject the key with its environment variable, or the file or variable at fault
     * @param problem what was found and what would be right; never a secret
     */
    public record Fault(Kind kind, String subject, String problem) {

        /** What sort of thing is wrong. */
        public enum Kind {
            /** A file cannot be read or is not the YAML it should be. */
            SOURCE,
            /** A key or variable that nothing reads. */
            UNKNOWN,
            /** A mandatory setting that nobody has set. */
            MISSING,
            /** A value that is not right. */
            WRONG
        }

        @Override
        public String toString() {
            return subject + ": " + problem;
        }
    }
}
