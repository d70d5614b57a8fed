package com.deloton.gateway.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a benchmark: each round as a row of a Markdown table while it runs; at the end the medians of the rounds, beside
 * those of the last release. The JSON in {@code target/<name>-bench.json} has the same names. With {@code -Dbench.release=1.2.0}
 * the medians become those of the last release.
 */
public final class BenchReport implements AutoCloseable {
    /** Medians of more figures are printed one below the other. */
    private static final int MAX_COLUMNS = 10;

    private static final Path TARGET = Path.of("target");
    private static final Path LAST_RELEASE = Path.of("src", "test", "bench", "last-release.json");

    private final String name;
    private final List<String> keys;
    private final PrintStream out;
    private final Path target;
    private final Path lastRelease;
    private final @Nullable String release;
    private final List<JsonObject> rounds = new ArrayList<>();
    private Set<String> header = Set.of();

    /**
     * A report on standard output.
     *
     * @param keys the fields of a row that say what was measured; the others are figures
     */
    public static BenchReport of(String name, String... keys) {
        return new BenchReport(
                name, List.of(keys), System.out, TARGET, LAST_RELEASE, System.getProperty("bench.release"));
    }

    BenchReport(
            String name, List<String> keys, PrintStream out, Path target, Path lastRelease, @Nullable String release) {
        this.name = name;
        this.keys = keys;
        this.out = out;
        this.target = target;
        this.lastRelease = lastRelease;
        this.release = release;
    }

    /** Prints the row. */
    public void add(JsonObject row) {
        rounds.add(row);
        print(row);
    }

    public void addAll(List<JsonObject> rows) {
        rows.forEach(this::add);
    }

    /** Prints medians and comparison, and writes the JSON. */
    @Override
    public void close() {
        if (rounds.isEmpty()) {
            return;
        }
        List<JsonObject> medians = medians();
        out.printf("%n%s, medians:%n", name);
        header = Set.of();
        if (medians.getFirst().size() <= MAX_COLUMNS) {
            medians.forEach(this::print);
        } else {
            printColumns(medians);
        }
        try {
            compare(medians);
            Files.createDirectories(target);
            Files.writeString(
                    target.resolve(name + "-bench.json"),
                    new JsonObject()
                            .put("medians", new JsonArray(medians))
                            .put("rounds", new JsonArray(rounds))
                            .encodePrettily());
            if (release != null) {
                save(medians, release);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<JsonObject> medians() {
        Map<List<String>, List<JsonObject>> groups = new LinkedHashMap<>();
        rounds.forEach(
                row -> groups.computeIfAbsent(key(row), k -> new ArrayList<>()).add(row));
        return groups.values().stream().map(this::median).toList();
    }

    /** Of the numbers; of flags, whether all are set. Other figures are left out. */
    private JsonObject median(List<JsonObject> rows) {
        JsonObject median = new JsonObject();
        for (String field : rows.getFirst().fieldNames()) {
            List<Object> values = rows.stream()
                    .map(row -> row.getValue(field))
                    .filter(Objects::nonNull)
                    .toList();
            if (keys.contains(field)) {
                median.put(field, rows.getFirst().getValue(field));
            } else if (!values.isEmpty() && values.stream().allMatch(Number.class::isInstance)) {
                median.put(field, median(values.stream().map(Number.class::cast)));
            } else if (!values.isEmpty() && values.stream().allMatch(Boolean.class::isInstance)) {
                median.put(field, values.stream().allMatch(Boolean.TRUE::equals));
            }
        }
        return median;
    }

    private static double median(Stream<Number> numbers) {
        double[] sorted = numbers.mapToDouble(Number::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private void compare(List<JsonObject> medians) throws IOException {
        JsonObject last = saved().getJsonObject(name);
        if (last == null) {
            return;
        }
        out.printf("%n%s, beside %s:%n", name, last.getString("release"));
        header = Set.of();
        for (Object row : last.getJsonArray("medians")) {
            JsonObject before = (JsonObject) row;
            medians.stream().filter(now -> key(now).equals(key(before))).forEach(now -> compare(before, now));
        }
    }

    private void compare(JsonObject before, JsonObject now) {
        for (String field : before.fieldNames()) {
            if (!keys.contains(field)
                    && before.getValue(field) instanceof Number then
                    && now.getValue(field) instanceof Number today) {
                JsonObject row = new JsonObject();
                keys.forEach(key -> row.put(key, now.getValue(key)));
                print(row.put("figure", field)
                        .put("last release", then)
                        .put("now", today)
                        .put("ratio", today.doubleValue() / then.doubleValue()));
            }
        }
    }

    private void save(List<JsonObject> medians, String version) throws IOException {
        JsonObject all = saved();
        all.put(name, new JsonObject().put("release", version).put("medians", new JsonArray(medians)));
        Files.writeString(lastRelease, all.encodePrettily() + "\n");
    }

    private JsonObject saved() throws IOException {
        return Files.exists(lastRelease) ? new JsonObject(Files.readString(lastRelease)) : new JsonObject();
    }

    private List<String> key(JsonObject row) {
        return keys.stream().map(key -> String.valueOf(row.getValue(key))).toList();
    }

    private void print(JsonObject row) {
        if (!row.fieldNames().equals(header)) {
            header = Set.copyOf(row.fieldNames());
            out.println("| " + String.join(" | ", row.fieldNames()) + " |");
            out.println("|" + "---|".repeat(row.size()));
        }
        out.println("| " + String.join(" | ", cells(row, row.fieldNames())) + " |");
    }

    /** A column for each row. */
    private void printColumns(List<JsonObject> rows) {
        out.println(line("figure", rows.stream().map(row -> String.join(", ", cells(row, keys)))));
        out.println("|" + "---|".repeat(rows.size() + 1));
        rows.stream()
                .flatMap(row -> row.fieldNames().stream())
                .distinct()
                .filter(field -> !keys.contains(field))
                .forEach(field -> out.println(line(
                        field, rows.stream().map(row -> row.containsKey(field) ? cell(row.getValue(field)) : ""))));
    }

    private static String line(String first, Stream<String> others) {
        return Stream.concat(Stream.of(first), others).collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static List<String> cells(JsonObject row, Collection<String> fields) {
        return fields.stream().map(field -> cell(row.getValue(field))).toList();
    }

    private static String cell(@Nullable Object value) {
        if (value instanceof Number number) {
            return value instanceof Integer || value instanceof Long
                    ? "%,d".formatted(number.longValue())
                    : cell(number.doubleValue());
        }
        return value instanceof JsonObject object ? object.encode() : String.valueOf(value);
    }

    /** Three digits that count, if there are not more before the point. */
    private static String cell(double number) {
        double size = Math.abs(number);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 || size == 0 ? "%.2f" : "%.4f";
        return format.formatted(number);
    }
}
