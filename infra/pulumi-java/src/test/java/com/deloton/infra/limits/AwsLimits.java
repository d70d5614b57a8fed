package com.deloton.infra.limits;

import com.deloton.infra.engine.Step;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The table {@code aws-limits.tsv}, and the judgement of planned resources by it. */
final class AwsLimits {
    /** What Pulumi appends to a generated name. */
    private static final String SUFFIX = "-1234567";

    /** Memory in MiB that Fargate offers for each number of CPU units: least, most, step. */
    private static final Map<Integer, int[]> FARGATE = Map.of(
            256, new int[] {512, 2048, 512},
            512, new int[] {1024, 4096, 1024},
            1024, new int[] {2048, 8192, 1024},
            2048, new int[] {4096, 16384, 1024},
            4096, new int[] {8192, 30720, 1024},
            8192, new int[] {16384, 61440, 4096},
            16384, new int[] {32768, 122880, 8192});

    private static final int SMALLEST_CPU = 256;
    /** Between 1 and 2 GB Fargate offers nothing for it. */
    private static final int GAP_OF_SMALLEST_CPU = 1536;

    private static final int HOUR = 3600;
    private static final int DAY = 24 * HOUR;

    private final List<Limit> limits;

    /**
     * @param verification {@code model}: the constraint is in the service's API model, or is stricter here; {@code text}: the
     *     model's description of the member states it; {@code page}: read on the source's page; {@code form}: the form of an id
     *     or of another text, which this table sets; {@code none}: from memory
     */
    record Limit(String type, String path, String rule, String argument, String source, String verification) {}

    private AwsLimits(List<Limit> limits) {
        this.limits = limits;
    }

    static AwsLimits load() {
        try (InputStream table = Objects.requireNonNull(AwsLimits.class.getResourceAsStream("/aws-limits.tsv"))) {
            return new AwsLimits(new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .map(cells -> new Limit(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Limit> limits() {
        return limits;
    }

    Set<String> types() {
        return limits.stream().map(Limit::type).collect(Collectors.toSet());
    }

    /** What AWS would reject, one sentence for each violated limit; empty if nothing. */
    List<String> violations(Step step) {
        return limits.stream()
                .filter(limit -> limit.type().equals(step.type()))
                .flatMap(limit -> violations(step, limit))
                .toList();
    }

    private static Stream<String> violations(Step step, Limit limit) {
        List<JsonElement> values = limit.path().equals("$name")
                ? List.of(new JsonPrimitive(step.text("name").isEmpty() ? step.name() + SUFFIX : step.text("name")))
                : values(step.inputs(), limit.path());
        return faults(step, limit, values)
                .map(value -> "%s %s: %s is %s; expected %s %s (%s)"
                        .formatted(
                                step.type(),
                                step.name(),
                                limit.path(),
                                value,
                                limit.rule(),
                                limit.argument(),
                                limit.source()));
    }

    private static Stream<String> faults(Step step, Limit limit, List<JsonElement> values) {
        return switch (limit.rule()) {
            case "required" -> values.isEmpty() ? Stream.of("not set") : Stream.empty();
            case "absent" -> values.stream().map(JsonElement::toString);
            case "capacity" -> {
                int units = FirewallCapacity.of(step.inputs());
                yield units <= Integer.parseInt(limit.argument()) ? Stream.empty() : Stream.of(units + " units");
            }
            case "wildcards" -> {
                long count = values.stream()
                        .flatMapToInt(value -> value.getAsString().chars())
                        .filter(c -> c == '*' || c == '?')
                        .count();
                yield count <= Integer.parseInt(limit.argument()) ? Stream.empty() : Stream.of(count + " wildcards");
            }
            default ->
                values.stream().filter(value -> !accepts(step, limit, value)).map(JsonElement::toString);
        };
    }

    private static boolean accepts(Step step, Limit limit, JsonElement value) {
        String argument = limit.argument();
        return switch (limit.rule()) {
            case "pattern" -> value.getAsString().matches(argument);
            case "oneof" ->
                List.of(argument.split("\\|")).contains(value.getAsString().replaceAll("\\.0$", ""));
            case "range" -> isWithin(value.getAsDouble(), argument);
            case "length" -> isWithin(value.getAsString().length(), argument);
            case "count" -> isWithin(value.getAsJsonArray().size(), argument);
            case "step" -> value.getAsDouble() % Double.parseDouble(argument) == 0;
            case "tags" -> hasValidTags(value, Integer.parseInt(argument));
            case "policy" -> text(value).replaceAll("\\s", "").length() <= Integer.parseInt(argument);
            case "below" -> isBelow(step, value, limit.path(), argument);
            case "fargate-memory" -> isFargateSize(value.getAsInt(), Integer.parseInt(step.text(argument)));
            case "alarm-window" -> {
                int period = value.getAsInt();
                yield period * (int) Double.parseDouble(step.text(argument)) <= (period < HOUR ? DAY : 7 * DAY);
            }
            default -> throw new IllegalStateException("No rule " + limit.rule());
        };
    }

    /** Compares with the member {@code sibling} of the same object. */
    private static boolean isBelow(Step step, JsonElement value, String path, String sibling) {
        String other = path.substring(0, path.lastIndexOf('.') + 1) + sibling;
        return values(step.inputs(), other).stream().allMatch(limit -> value.getAsDouble() < limit.getAsDouble());
    }

    /** Keys of 1 to 128 characters, not of AWS, and values of at most 256. */
    private static boolean hasValidTags(JsonElement value, int most) {
        JsonObject tags = value.getAsJsonObject();
        return tags.size() <= most
                && tags.entrySet().stream()
                        .allMatch(tag -> tag.getKey().matches("(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,128}")
                                && tag.getValue().getAsString().matches("[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{0,256}"));
    }

    private static boolean isWithin(double value, String range) {
        String[] bounds = range.split("\\.\\.");
        return value >= Double.parseDouble(bounds[0]) && value <= Double.parseDouble(bounds[1]);
    }

    private static boolean isFargateSize(int cpu, int memory) {
        int[] sizes = FARGATE.get(cpu);
        return sizes != null
                && memory >= sizes[0]
                && memory <= sizes[1]
                && memory % sizes[2] == 0
                && !(cpu == SMALLEST_CPU && memory == GAP_OF_SMALLEST_CPU);
    }

    private static String text(JsonElement value) {
        return value.isJsonPrimitive() ? value.getAsString() : value.toString();
    }

    private static List<JsonElement> values(JsonElement from, String path) {
        List<JsonElement> values = List.of(from);
        for (String segment : path.split("\\.")) {
            boolean each = segment.endsWith("[]");
            String name = each ? segment.substring(0, segment.length() - 2) : segment;
            List<JsonElement> next = new ArrayList<>();
            for (JsonElement value : values) {
                JsonElement member =
                        value.isJsonObject() ? value.getAsJsonObject().get(name) : JsonNull.INSTANCE;
                if (member == null || member.isJsonNull()) {
                    continue;
                }
                if (each) {
                    IntStream.range(0, member.getAsJsonArray().size())
                            .forEach(i -> next.add(member.getAsJsonArray().get(i)));
                } else {
                    next.add(member);
                }
            }
            values = next;
        }
        return values;
    }
}
