package com.deloton.infra.engine;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The stacks of the repository, each run once in this JVM. */
public final class Stacks {
    public static final List<String> NAMES = List.of("dev", "staging", "prod");
    private static final Map<String, List<Step>> STEPS = new ConcurrentHashMap<>();

    private Stacks() {}

    public static List<Step> steps(String stack) {
        return STEPS.computeIfAbsent(stack, name -> {
            Capture capture = Capture.of(StackConfig.of(name));
            capture.result().throwOnError();
            return capture.steps();
        });
    }

    public static List<Step> steps(String stack, String kind) {
        return steps(stack).stream()
                .filter(step -> step.type().endsWith(":" + kind))
                .toList();
    }

    public static Step step(String stack, String kind, String part) {
        return steps(stack, kind).stream()
                .filter(step -> step.name().equals("deloton-" + stack + "-" + part))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No " + kind + " " + part + " in " + stack));
    }

    /** {@link #NAMES}, and the example of a stack in an existing network. */
    public static Stream<String> all() {
        return Stream.concat(NAMES.stream(), Stream.of("existing"));
    }

    public static Stream<String> names() {
        return NAMES.stream();
    }
}
