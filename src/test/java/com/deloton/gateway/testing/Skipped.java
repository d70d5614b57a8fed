package com.deloton.gateway.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tests that this machine cannot run. Each reason is printed once, so that a green build does not hide it. */
public final class Skipped {
    private static final Set<String> PRINTED = ConcurrentHashMap.newKeySet();

    private Skipped() {}

    /** Prints {@code SKIPPED: <what> needs <program>, …} on standard error. */
    public static String report(String what, String missing) {
        String line = "SKIPPED: " + what + " needs " + missing;
        if (PRINTED.add(line)) {
            System.err.println(line);
        }
        return line;
    }

    /** As {@link #report}; then ends the calling test as skipped. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // never returns
    public static <T> T test(String what, String missing) {
        return abort(report(what, missing));
    }
}
