package com.deloton.gateway.report.chart;

import static com.deloton.gateway.report.figures.NumberFormats.count;
import static com.deloton.gateway.report.figures.NumberFormats.share;

import com.deloton.gateway.report.chart.GlyphOutlines.Anchor;
import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.ReportAgeGroup;
import com.deloton.gateway.ride.Rider.Gender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The charts of a report as SVG. Colours can be told apart by the colour-blind; text is at least 14 units of 520. */
final class Charts {
    static final int WIDTH = 520;
    private static final double TEXT = 14;
    private static final String INK = "#1f2937";
    private static final String SOFT = "#64748b";
    private static final String GRID = "#e2e8f0";
    private static final String ACCENT = "#0f766e";
    private static final String PALE = "#5eb5ac";
    private static final List<String> ZONE_COLOURS = List.of("#cbd5e1", "#7dd3c8", "#14958a", "#f0a43a", "#c2410c");

    private final int height;
    private final StringBuilder svg = new StringBuilder(16_384);

    /** An SVG of {@link #WIDTH} units by a height. */
    record Chart(String name, String alt, int height, String svg) {}

    private Charts(int height) {
        this.height = height;
    }

    static List<Chart> of(DailyFigures figures) {
        List<Chart> charts = new ArrayList<>();
        if (!figures.isEmpty()) {
            charts.add(hours(figures));
            charts.add(riders(figures));
            if (figures.totals().counts().powerMeanW() != null) {
                charts.add(power(figures));
            }
            if (figures.zoneS().stream().anyMatch(seconds -> seconds > 0)) {
                charts.add(zones(figures));
            }
        }
        return charts;
    }

    private static Chart hours(DailyFigures figures) {
        List<Integer> rides = figures.ridesPerHour();
        List<String> labels = figures.day().hourLabels();
        int most = Collections.max(rides);
        Charts chart = new Charts(200);
        Plot plot = chart.plot(44, 26, 168, most, "");
        double step = plot.width() / rides.size();
        for (int i = 0; i < rides.size(); i++) {
            double x = plot.left() + i * step;
            boolean top = rides.get(i) == most;
            chart.bar(x + step * 0.14, plot.y(rides.get(i)), step * 0.72, plot.bottom(), top ? ACCENT : PALE);
            if (top && i == rides.indexOf(most)) {
                chart.text(count(most), x + step / 2, plot.y(most) - 6, Anchor.MIDDLE, INK, true);
            }
            if (labels.get(i).length() == 2 && Integer.parseInt(labels.get(i)) % 3 == 0) {
                chart.text(labels.get(i), x + step / 2, plot.bottom() + 20, Anchor.MIDDLE, SOFT, false);
            }
        }
        int peak = rides.indexOf(most);
        return chart.done(
                "hours",
                "Bar chart of rides started in each hour: most, %s, from %s:00."
                        .formatted(count(most), labels.get(peak).substring(0, 2)));
    }

    private static Chart riders(DailyFigures figures) {
        List<Gender> genders = figures.genders();
        Charts chart = new Charts(236);
        chart.legend(genders);
        int most = Arrays.stream(ReportAgeGroup.values())
                .mapToInt(age -> genders.stream()
                        .mapToInt(gender -> figures.counts(gender, age).riders())
                        .sum())
                .max()
                .orElse(0);
        Plot plot = chart.plot(44, 56, 204, most, "");
        List<ReportAgeGroup> ages = ages(figures);
        double step = plot.width() / ages.size();
        int group = 0;
        for (ReportAgeGroup age : ages) {
            double x = plot.left() + group++ * step;
            int sum = 0;
            for (Gender gender : genders) {
                int riders = figures.counts(gender, age).riders();
                chart.bar(x + step * 0.16, plot.y(sum + riders), step * 0.68, plot.y(sum), colour(gender));
                sum += riders;
            }
            if (sum > 0) {
                chart.text(count(sum), x + step / 2, plot.y(sum) - 5, Anchor.MIDDLE, INK, true);
            }
            chart.text(shorter(age), x + step / 2, plot.bottom() + 20, Anchor.MIDDLE, SOFT, false);
        }
        return chart.done(
                "riders", "Stacked bar chart of riders by age group and gender; the table below has the numbers.");
    }

    private static Chart power(DailyFigures figures) {
        List<Gender> genders = figures.genders();
        Charts chart = new Charts(236);
        chart.legend(genders);
        double most = figures.groups().stream()
                .filter(group -> group.gender() != null && group.age() != null)
                .mapToDouble(group -> orZero(group.counts().powerMeanW()))
                .max()
                .orElse(0);
        Plot plot = chart.plot(52, 56, 204, most, "\u00a0W");
        List<ReportAgeGroup> ages = ages(figures);
        double step = plot.width() / ages.size();
        double wide = step * 0.76 / genders.size();
        int group = 0;
        for (ReportAgeGroup age : ages) {
            double x = plot.left() + group++ * step;
            for (int i = 0; i < genders.size(); i++) {
                double watts = orZero(figures.counts(genders.get(i), age).powerMeanW());
                chart.bar(
                        x + step * 0.12 + i * wide,
                        plot.y(watts),
                        Math.max(1, wide - 1.5),
                        plot.bottom(),
                        colour(genders.get(i)));
            }
            chart.text(shorter(age), x + step / 2, plot.bottom() + 20, Anchor.MIDDLE, SOFT, false);
        }
        return chart.done(
                "power", "Bar chart of mean power in watts by age group and gender; the table below has the numbers.");
    }

    private static Chart zones(DailyFigures figures) {
        long all = figures.zoneS().stream().mapToLong(Long::longValue).sum();
        Charts chart = new Charts(112);
        double x = 8;
        double width = WIDTH - 16;
        StringBuilder alt = new StringBuilder("Share of time in heart-rate zones:");
        for (int zone = 0; zone < ZONE_COLOURS.size(); zone++) {
            long seconds = figures.zoneS().get(zone);
            double wide = width * seconds / all;
            chart.rect(x, 10, Math.max(0, wide - 1.5), 36, ZONE_COLOURS.get(zone));
            x += wide;
            double column = 8 + width / 5 * zone;
            chart.rect(column, 66, 12, 12, ZONE_COLOURS.get(zone));
            chart.text("Zone " + (zone + 1), column + 18, 77, Anchor.START, SOFT, false);
            chart.text(share(seconds, all), column + 18, 97, Anchor.START, INK, true);
            alt.append(" zone %d %s".formatted(zone + 1, share(seconds, all)))
                    .append(zone == ZONE_COLOURS.size() - 1 ? "." : ",");
        }
        return chart.done("zones", alt.toString());
    }

    private static double orZero(@org.jspecify.annotations.Nullable Double value) {
        return value == null ? 0 : value;
    }

    /** All known ones, and the unknown if they rode. */
    private static List<ReportAgeGroup> ages(DailyFigures figures) {
        return Arrays.stream(ReportAgeGroup.values())
                .filter(age -> age != ReportAgeGroup.UNKNOWN
                        || figures.counts(null, age).rides() > 0)
                .toList();
    }

    private static String shorter(ReportAgeGroup age) {
        return switch (age) {
            case UNDER_18 -> "<18";
            case UNKNOWN -> "n/k";
            default -> age.label();
        };
    }

    private static String colour(Gender gender) {
        return switch (gender) {
            case FEMALE -> ACCENT;
            case MALE -> "#f0a43a";
            case OTHER -> "#7c5cbf";
            case UNKNOWN -> "#a3afbf";
        };
    }

    /** The area of bars: values from 0 at the bottom to {@code top}. */
    private record Plot(double left, double width, double upper, double bottom, double top) {
        double y(double value) {
            return top <= 0 ? bottom : bottom - (bottom - upper) * value / top;
        }
    }

    private Plot plot(double left, double upper, double bottom, double most, String unit) {
        double step = niceStep(most / 3);
        double top = Math.max(step, Math.ceil(most / step) * step);
        Plot plot = new Plot(left, WIDTH - left - 6, upper, bottom, top);
        for (double value = 0; value <= top + step / 2; value += step) {
            double y = plot.y(value);
            rect(left, y - 0.5, plot.width(), 1, value == 0 ? "#94a3b8" : GRID);
            text(count(Math.round(value)) + (value == 0 ? "" : unit), left - 8, y + 5, Anchor.END, SOFT, false);
        }
        return plot;
    }

    /** 1, 2 or 5 times a power of ten, at least 1. */
    private static double niceStep(double raw) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, raw))));
        double of = raw / power;
        return Math.max(1, power * (of <= 1 ? 1 : of <= 2 ? 2 : of <= 5 ? 5 : 10));
    }

    private void legend(List<Gender> genders) {
        double x = 8;
        for (Gender gender : genders) {
            rect(x, 8, 13, 13, colour(gender));
            text(gender.label(), x + 19, 20, Anchor.START, INK, false);
            x += 19 + GlyphOutlines.get().width(gender.label(), TEXT) + 22;
        }
    }

    private void bar(double x, double y, double width, double bottom, String colour) {
        rect(x, y, width, Math.max(0, bottom - y), colour);
    }

    private void rect(double x, double y, double width, double height, String colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"/>",
                x,
                y,
                width,
                height,
                colour));
    }

    private void text(String text, double x, double y, Anchor anchor, String colour, boolean bold) {
        svg.append(GlyphOutlines.get().svg(text, x, y, TEXT, anchor, colour, bold));
    }

    private Chart done(String name, String alt) {
        String whole =
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\">"
                                .formatted(WIDTH, height)
                        + "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>".formatted(WIDTH, height)
                        + svg
                        + "</svg>";
        return new Chart(name, alt, height, whole);
    }
}
