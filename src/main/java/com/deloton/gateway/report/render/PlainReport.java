package com.deloton.gateway.report.render;

import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.NumberFormats;
import java.util.ArrayList;
import java.util.List;

/** The report as plain text. */
public final class PlainReport {
    private final DailyFigures figures;
    private final ReportOptions options;
    private final ReportText sentences;
    private final StringBuilder text = new StringBuilder(4_096);

    private PlainReport(DailyFigures figures, ReportOptions options) {
        this.figures = figures;
        this.options = options;
        sentences = new ReportText(figures);
    }

    public static String of(DailyFigures figures, ReportOptions options) {
        return new PlainReport(figures, options).write().replace('\u00a0', ' ');
    }

    private String write() {
        line("DELOTON DAILY REPORT");
        line(sentences.date());
        line(sentences.period());
        line("");
        line(sentences.headline());
        if (figures.isEmpty()) {
            sentences.empty().forEach(this::paragraph);
        } else {
            figures();
        }
        line("");
        if (options.riders() && figures.totals().counts().riders() > options.maxRiders()) {
            line("All riders are in the attached file.");
        }
        line("Dashboard: " + options.link());
        line(sentences.made());
        if (!options.unsubscribe().isEmpty()) {
            line("Unsubscribe: " + options.unsubscribe());
        }
        return text.toString();
    }

    private void figures() {
        List<List<String>> rows = new ArrayList<>();
        sentences
                .tiles()
                .forEach(tile ->
                        rows.add(List.of(tile.label(), tile.value(), tile.more(), tile.onDay(), tile.onWeek())));
        table(new Table("Key figures", List.of("", "Day", "", "On day before", "On " + sentences.lastWeekday()), rows));
        hours();
        table(Table.genders(figures));
        table(Table.ages(figures));
        table(Table.power(figures));
        table(Table.zones(figures));
        table(Table.records(figures, options));
        heading("Heart-rate alerts");
        line(sentences.alerts());
        heading("Data quality");
        line(sentences.quality());
        if (options.riders()) {
            table(Table.riders(figures, options));
        }
        paragraph(sentences.rules());
    }

    private void hours() {
        List<List<String>> rows = new ArrayList<>();
        List<String> labels = figures.day().hourLabels();
        for (int i = 0; i < labels.size(); i++) {
            int rides = figures.ridesPerHour().get(i);
            if (rides > 0) {
                rows.add(List.of(labels.get(i), NumberFormats.count(rides)));
            }
        }
        table(new Table("Rides per hour", List.of("Hour", "Rides"), rows));
    }

    private void table(Table table) {
        if (table.rows().isEmpty()) {
            return;
        }
        heading(table.title());
        int[] widths = new int[table.head().size()];
        List<List<String>> all = new ArrayList<>(List.of(table.head()));
        all.addAll(table.rows());
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder(pad(row.getFirst(), -widths[0]));
            for (int i = 1; i < widths.length; i++) {
                line.append("  ").append(pad(row.get(i), widths[i]));
            }
            line(line.toString().stripTrailing());
        }
    }

    /** Pads on the left to a width, or on the right to a negative width. */
    private static String pad(String cell, int width) {
        String space = " ".repeat(Math.max(0, Math.abs(width) - cell.length()));
        return width < 0 ? cell + space : space + cell;
    }

    private void heading(String title) {
        line("");
        line(title.toUpperCase(java.util.Locale.UK));
    }

    private void paragraph(String sentence) {
        line("");
        line(sentence);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
