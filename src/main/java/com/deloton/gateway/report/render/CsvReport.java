package com.deloton.gateway.report.render;

import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.DailyFigures.Counts;
import com.deloton.gateway.report.figures.DailyFigures.RiderLine;
import com.deloton.gateway.report.figures.FiguresJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The report as CSV (RFC 4180, UTF-8 with a byte-order mark for spreadsheets). An apostrophe precedes text that a
 * spreadsheet would read as a formula. Column names contain units.
 */
public final class CsvReport {
    private static final String START = "\ufeff";
    private static final String END = "\r\n";

    private CsvReport() {}

    /** One figure per line: {@code name,value}, with the names of {@link FiguresJson}. */
    public static String figures(DailyFigures figures) {
        StringBuilder csv = new StringBuilder(START).append("name,value").append(END);
        flatten(csv, "", FiguresJson.of(figures));
        return csv.toString();
    }

    private static void flatten(StringBuilder csv, String prefix, JsonObject json) {
        for (Map.Entry<String, Object> entry : json) {
            String name = prefix + entry.getKey();
            switch (entry.getValue()) {
                case JsonObject inner -> flatten(csv, name + ".", inner);
                case JsonArray array -> {
                    for (int i = 0; i < array.size(); i++) {
                        if (array.getValue(i) instanceof JsonObject inner) {
                            flatten(csv, name + "." + label(inner, i) + ".", inner);
                        } else {
                            row(csv, name + "." + (i + 1), array.getValue(i));
                        }
                    }
                }
                case null -> row(csv, name, null);
                default -> row(csv, name, entry.getValue());
            }
        }
    }

    private static String label(JsonObject element, int index) {
        if (element.containsKey("ageGroup")) {
            return element.getString("gender") + "/" + element.getString("ageGroup");
        }
        return element.getString("hour", String.valueOf(index + 1));
    }

    /** One rider per line. */
    public static String riders(DailyFigures figures, ReportOptions options) {
        StringBuilder csv = new StringBuilder(START);
        row(
                csv,
                "date",
                "riderId",
                "name",
                "gender",
                "ageYears",
                "rides",
                "durationS",
                "energyKj",
                "powerMeanW",
                "heartRateMeanBpm",
                "heartRateMaxBpm",
                "alerts");
        for (RiderLine line : figures.riders()) {
            Counts counts = line.counts();
            row(
                    csv,
                    figures.day().date(),
                    line.riderId(),
                    options.names() ? line.name() : null,
                    line.gender().label(),
                    line.age(),
                    counts.rides(),
                    counts.durationS(),
                    rounded(counts.energyKj()),
                    rounded(counts.powerMeanW()),
                    rounded(counts.heartRateMeanBpm()),
                    line.heartRateMaxBpm(),
                    line.alerts());
        }
        return csv.toString();
    }

    private static @Nullable Double rounded(@Nullable Double value) {
        return value == null ? null : (Double) (Math.round(value * 10) / 10.0);
    }

    private static void row(StringBuilder csv, @Nullable Object... cells) {
        csv.append(Arrays.stream(cells).map(CsvReport::cell).collect(Collectors.joining(",")))
                .append(END);
    }

    static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        String text = value.toString();
        if (!(value instanceof Number) && !text.isEmpty() && "=+-@\t\r\n＝＋－＠|%".indexOf(text.charAt(0)) >= 0) {
            text = "'" + text;
        }
        return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }
}
