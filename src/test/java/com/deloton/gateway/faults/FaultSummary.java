package com.deloton.gateway.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The outcomes that {@link FaultsIT} has written, as Markdown. Run with the paths of the files, as docs/reliability.md says. */
final class FaultSummary {
    private static final Pattern COUNT = Pattern.compile("(\\w+)=(\\d+)");
    private static final Pattern TIME = Pattern.compile("(\\w+)=PT(?:(\\d+)M)?(?:([\\d.]+)S)?");
    private static final int SEED = 0;
    private static final int KIND = 1;

    private final Map<String, Times> faults = new TreeMap<>();
    private final Map<String, Long> totals = new TreeMap<>();
    private final Map<String, Double> seconds = new TreeMap<>();
    private final Set<String> clean = new HashSet<>();
    private final List<String> failed = new ArrayList<>();

    /** All in ms. */
    private static final class Times {
        private final List<Long> unready = new ArrayList<>();
        private final List<Long> recovery = new ArrayList<>();
        private final List<Long> stop = new ArrayList<>();

        void add(List<String> columns) {
            add(unready, columns.get(4));
            recovery.add(Long.parseLong(columns.get(5)));
            add(stop, columns.get(6));
        }

        private static void add(List<Long> times, String column) {
            if (!column.isEmpty()) {
                times.add(Long.parseLong(column));
            }
        }

        void addAll(Times other) {
            unready.addAll(other.unready);
            recovery.addAll(other.recovery);
            stop.addAll(other.stop);
        }

        String row(String name) {
            return "| %s | %d | %d | %s | %s | %s | %s | %s |"
                    .formatted(
                            name,
                            recovery.size(),
                            unready.size(),
                            percentile(unready, 50),
                            percentile(unready, 99),
                            percentile(recovery, 50),
                            percentile(recovery, 99),
                            percentile(stop, 99));
        }
    }

    public static void main(String[] files) throws IOException {
        FaultSummary summary = new FaultSummary();
        for (String file : files) {
            summary.add(Files.readAllLines(Path.of(file)));
        }
        System.out.print(summary.text());
    }

    void add(List<String> lines) {
        for (String line : lines) {
            List<String> columns = List.of(line.split("\t", -1));
            switch (columns.get(KIND)) {
                case "FAILED" -> failed.add(columns.get(SEED) + ": " + columns.get(2));
                case "CHECK" -> {
                    clean.add(columns.get(SEED));
                    COUNT.matcher(columns.get(2))
                            .results()
                            .forEach(count -> totals.merge(count.group(1), Long.parseLong(count.group(2)), Long::sum));
                }
                case "TIMES" ->
                    TIME.matcher(columns.get(2))
                            .results()
                            .forEach(time -> seconds.merge(
                                    time.group(1), 60 * number(time.group(2)) + number(time.group(3)), Double::sum));
                case "END" -> {}
                default ->
                    faults.computeIfAbsent(columns.get(2), fault -> new Times()).add(columns);
            }
        }
    }

    private static double number(@Nullable String text) {
        return text == null ? 0 : Double.parseDouble(text);
    }

    String text() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "| fault | times | of these not ready | not ready after, p50 | p99 | recovery p50 | p99 | SIGTERM p99 |");
        lines.add("|---|---|---|---|---|---|---|---|");
        Times all = new Times();
        faults.forEach((fault, times) -> {
            lines.add(times.row(fault.toLowerCase(Locale.ROOT).replace('_', ' ')));
            all.addAll(times);
        });
        lines.add(all.row("all"));
        lines.add("");
        lines.add("Runs compared: %d; failed: %d.".formatted(clean.size(), failed.size()));
        lines.add("");
        lines.add("| total | number |");
        lines.add("|---|---|");
        totals.forEach((name, number) -> lines.add("| %s | %,d |".formatted(name, number)));
        seconds.forEach((name, time) ->
                lines.add("| seconds a run, %s | %.1f |".formatted(name, time / Math.max(1, clean.size()))));
        failed.forEach(failure -> lines.add("\nFailed, seed " + failure));
        return String.join("\n", lines) + "\n";
    }

    /** The smallest of the times that {@code percent} of them do not exceed, in seconds; empty without any. */
    private static String percentile(List<Long> millis, int percent) {
        if (millis.isEmpty()) {
            return "";
        }
        List<Long> sorted = millis.stream().sorted().toList();
        int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
        return "%.1f s".formatted(sorted.get(Math.max(1, rank) - 1) / 1_000.0);
    }
}
