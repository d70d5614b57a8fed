package com.deloton.gateway.report.chart;

import static com.deloton.gateway.report.figures.NumberFormats.count;
import static com.deloton.gateway.report.figures.NumberFormats.share;

import com.deloton.gateway.chart.ChartCanvas;
import com.deloton.gateway.chart.GlyphOutlines;
import com.deloton.gateway.chart.GlyphOutlines.Anchor;
import com.deloton.gateway.report.chart.ChartImages.Picture;
import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.ReportAgeGroup;
import com.deloton.gateway.ride.Rider.Gender;
import java.awt.Color;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Draws the charts of a report. The colours are distinguishable for colour-blind readers. */
final class Charts {
    private static final Color INK = new Color(0x1f2937);
    private static final Color SOFT = new Color(0x64748b);
    private static final Color GRID = new Color(0xe2e8f0);
    private static final Color AXIS = new Color(0x94a3b8);
    private static final Color ACCENT = new Color(0x0f766e);
    private static final Color PALE = new Color(0x5eb5ac);
    private static final Color AMBER = new Color(0xf0a43a);
    private static final List<Color> ZONE_COLOURS = Stream.of(0xcbd5e1, 0x7dd3c8, 0x14958a, 0xf0a43a, 0xc2410c)
            .map(Color::new)
            .toList();

    private final ChartCanvas canvas;

    private Charts(int height) {
        canvas = new ChartCanvas(height);
    }

    static Picture hours(DailyFigures figures) {
        List<Integer> rides = figures.ridesPerHour();
        List<String> labels = figures.day().hourLabels();
        int max = Collections.max(rides);
        int peak = rides.indexOf(max);
        Charts chart = new Charts(200);
        Plot plot = chart.plot(44, 26, 168, max, "");
        double step = plot.width() / rides.size();
        for (int i = 0; i < rides.size(); i++) {
            double x = plot.left() + i * step;
            Color colour = rides.get(i) == max ? ACCENT : PALE;
            chart.bar(x + step * 0.14, plot.y(rides.get(i)), step * 0.72, plot.bottom(), colour);
            if (i == peak) {
                chart.canvas.boldText(count(max), x + step / 2, plot.y(max) - 6, Anchor.MIDDLE, INK);
            }
            if (labels.get(i).length() == 2 && Integer.parseInt(labels.get(i)) % 3 == 0) {
                chart.label(labels.get(i), x + step / 2, plot);
            }
        }
        return chart.picture(
                "hours",
                "Bar chart of rides started in each hour: most, %s, from %s:00."
                        .formatted(count(max), labels.get(peak).substring(0, 2)));
    }

    static Picture riders(DailyFigures figures) {
        List<Gender> genders = figures.genders();
        Charts chart = new Charts(236);
        chart.legend(genders);
        int max = Arrays.stream(ReportAgeGroup.values())
                .mapToInt(age -> genders.stream()
                        .mapToInt(gender -> figures.counts(gender, age).riders())
                        .sum())
                .max()
                .orElse(0);
        Plot plot = chart.plot(44, 56, 204, max, "");
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
                chart.canvas.boldText(count(sum), x + step / 2, plot.y(sum) - 5, Anchor.MIDDLE, INK);
            }
            chart.label(shortLabel(age), x + step / 2, plot);
        }
        return chart.picture(
                "riders", "Stacked bar chart of riders by age group and gender; the table below has the numbers.");
    }

    static Picture power(DailyFigures figures) {
        List<Gender> genders = figures.genders();
        Charts chart = new Charts(236);
        chart.legend(genders);
        double max = figures.groups().stream()
                .filter(group -> group.gender() != null && group.age() != null)
                .mapToDouble(group -> orZero(group.counts().powerMeanW()))
                .max()
                .orElse(0);
        Plot plot = chart.plot(52, 56, 204, max, "\u00a0W");
        List<ReportAgeGroup> ages = ages(figures);
        double step = plot.width() / ages.size();
        double barWidth = step * 0.76 / genders.size();
        int group = 0;
        for (ReportAgeGroup age : ages) {
            double x = plot.left() + group++ * step;
            for (int i = 0; i < genders.size(); i++) {
                double watts = orZero(figures.counts(genders.get(i), age).powerMeanW());
                double left = x + step * 0.12 + i * barWidth;
                chart.bar(left, plot.y(watts), Math.max(1, barWidth - 1.5), plot.bottom(), colour(genders.get(i)));
            }
            chart.label(shortLabel(age), x + step / 2, plot);
        }
        return chart.picture(
                "power", "Bar chart of mean power in watts by age group and gender; the table below has the numbers.");
    }

    static Picture zones(DailyFigures figures) {
        long total = figures.zoneS().stream().mapToLong(Long::longValue).sum();
        Charts chart = new Charts(112);
        double x = 8;
        double width = ChartCanvas.WIDTH - 16;
        StringBuilder alt = new StringBuilder("Share of time in heart-rate zones:");
        for (int zone = 0; zone < ZONE_COLOURS.size(); zone++) {
            long seconds = figures.zoneS().get(zone);
            double part = width * seconds / total;
            chart.canvas.rect(x, 10, Math.max(0, part - 1.5), 36, ZONE_COLOURS.get(zone));
            x += part;
            double column = 8 + width / 5 * zone;
            chart.canvas.rect(column, 66, 12, 12, ZONE_COLOURS.get(zone));
            chart.canvas.text("Zone " + (zone + 1), column + 18, 77, Anchor.START, SOFT);
            chart.canvas.boldText(share(seconds, total), column + 18, 97, Anchor.START, INK);
            alt.append(" zone %d %s".formatted(zone + 1, share(seconds, total)))
                    .append(zone == ZONE_COLOURS.size() - 1 ? "." : ",");
        }
        return chart.picture("zones", alt.toString());
    }

    private static double orZero(@Nullable Double value) {
        return value == null ? 0 : value;
    }

    /** All known groups, and the unknown one if it has rides. */
    private static List<ReportAgeGroup> ages(DailyFigures figures) {
        return Arrays.stream(ReportAgeGroup.values())
                .filter(age -> age != ReportAgeGroup.UNKNOWN
                        || figures.counts(null, age).rides() > 0)
                .toList();
    }

    private static String shortLabel(ReportAgeGroup age) {
        return switch (age) {
            case UNDER_18 -> "<18";
            case UNKNOWN -> "n/k";
            default -> age.label();
        };
    }

    private static Color colour(Gender gender) {
        return switch (gender) {
            case FEMALE -> ACCENT;
            case MALE -> AMBER;
            case OTHER -> new Color(0x7c5cbf);
            case UNKNOWN -> new Color(0xa3afbf);
        };
    }

    /** The area of the bars; values reach from 0 at {@code bottom} to {@code maxValue} at {@code top}. */
    private record Plot(double left, double width, double top, double bottom, double maxValue) {
        double y(double value) {
            return bottom - (bottom - top) * value / maxValue;
        }
    }

    /** Draws the grid and the labels of the values. */
    private Plot plot(double left, double top, double bottom, double max, String unit) {
        double step = niceStep(max / 3);
        double maxValue = Math.max(step, Math.ceil(max / step) * step);
        Plot plot = new Plot(left, ChartCanvas.WIDTH - left - 6, top, bottom, maxValue);
        for (double value = 0; value <= maxValue + step / 2; value += step) {
            double y = plot.y(value);
            canvas.rect(left, y - 0.5, plot.width(), 1, value == 0 ? AXIS : GRID);
            canvas.text(count(Math.round(value)) + (value == 0 ? "" : unit), left - 8, y + 5, Anchor.END, SOFT);
        }
        return plot;
    }

    /** The next of 1, 2 or 5 times a power of ten, at least 1. */
    private static double niceStep(double raw) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, raw))));
        double mantissa = raw / power;
        return Math.max(1, power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10));
    }

    private void legend(List<Gender> genders) {
        double x = 8;
        for (Gender gender : genders) {
            canvas.rect(x, 8, 13, 13, colour(gender));
            canvas.text(gender.label(), x + 19, 20, Anchor.START, INK);
            x += 19 + GlyphOutlines.get().width(gender.label(), ChartCanvas.TEXT_SIZE) + 22;
        }
    }

    private void label(String text, double x, Plot plot) {
        canvas.text(text, x, plot.bottom() + 20, Anchor.MIDDLE, SOFT);
    }

    private void bar(double x, double top, double width, double bottom, Color colour) {
        canvas.rect(x, top, width, Math.max(0, bottom - top), colour);
    }

    private Picture picture(String name, String alt) {
        return new Picture(name, alt, canvas.cssHeight(), canvas.png());
    }
}
