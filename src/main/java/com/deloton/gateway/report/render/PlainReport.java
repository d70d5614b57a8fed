package com.deloton.gateway.report.render;

import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.NumberFormats;
import java.util.ArrayList;
import java.util.List;

/** The report as plain text, for readers and programs that show no HTML. */
public final class PlainReport {
    private final DailyFigures figures;
    private final ReportOptions view;
    private final ReportText words;
    private final StringBuilder text = new StringBuilder(4_096);

    private PlainReport(DailyFigures figures, ReportOptions view) {
        this.figures = figures;
        this.view = view;
        words = new ReportText(figures);
    }

    public static String of(DailyFigures figures, ReportOptions view) {
        return new PlainReport(figures, view).write().replace('\u00a0', ' ');
    }

    private String write() {
        line("DELOTON DAILY REPORT");
        line(words.date());
        line(words.period());
        line("");
        line(words.headline());
        if (figures.isEmpty()) {
            words.empty().forEach(this::paragraph);
        } else {
            figures();
        }
        line("");
        if (view.riders() && figures.totals().counts().riders() > view.maxRiders()) {
            line("All riders are in the attached file.");
        }
        line("Dashboard: " + view.link());
        line(words.made());
        if (!view.unsubscribe().isEmpty()) {
            line("Unsubscribe: " + view.unsubscribe());
        }
        return text.toString();
    }

    private void figures() {
        List<List<String>> rows = new ArrayList<>();
        words.tiles()
                .forEach(tile ->
                        rows.add(List.of(tile.label(), tile.value(), tile.more(), tile.onDay(), tile.onWeek())));
        table(new Table("Key figures", List.of("", "Day", "", "On day before", "On " + words.lastWeekday()), rows));
        hours();
        table(Table.genders(figures));
        table(Table.ages(figures));
        table(Table.power(figures));
        table(Table.zones(figures));
        table(Table.records(figures, view));
        heading("Heart-rate alerts");
        line(words.alerts());
        heading("Data quality");
        line(words.quality());
        if (view.riders()) {
            table(Table.riders(figures, view));
        }
        paragraph(words.rules());
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

    /** To the left of a width, or to the right of a negative one. */
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
