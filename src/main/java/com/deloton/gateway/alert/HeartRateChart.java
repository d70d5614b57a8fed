package com.deloton.gateway.alert;

import com.deloton.gateway.alert.AlertRecord.Point;
import com.deloton.gateway.chart.ChartCanvas;
import com.deloton.gateway.chart.GlyphOutlines.Anchor;
import com.deloton.gateway.ride.HeartRateLimits;
import java.awt.Color;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Draws the heart rate of the two minutes around an alert, with the range of the rider. Not for event loops: up to 50 ms. */
final class HeartRateChart {
    /** Seconds before and after the alert. */
    static final int SECONDS = 60;

    private static final int HEIGHT = 210;
    private static final double LEFT = 46;
    private static final double RIGHT = ChartCanvas.WIDTH - 12.0;
    private static final double TOP = 26;
    private static final double BOTTOM = 176;
    private static final int MARGIN_BPM = 12;
    private static final int MIN_MEASURED = 2;
    private static final Color INK = new Color(0x1f2937);
    private static final Color SOFT = new Color(0x64748b);
    private static final Color GRID = new Color(0xe2e8f0);
    private static final Color BAND = new Color(0xe1efed);
    private static final Color BOUND = new Color(0x5eb5ac);
    private static final Color INSIDE = new Color(0x0f766e);
    private static final Color OUTSIDE = new Color(0xb01712);

    private final ChartCanvas canvas = new ChartCanvas(HEIGHT);
    private final HeartRateLimits limits;
    private final int low;
    private final int high;

    /**
     * A picture.
     *
     * @param height at the width of {@link ChartCanvas#CSS_WIDTH}, in CSS pixels
     * @param alt the content in words
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Picture(byte[] png, int height, String alt) {}

    private HeartRateChart(List<Point> measured, HeartRateLimits limits) {
        this.limits = limits;
        int min = limits.minBpm();
        int max = limits.maxBpm();
        for (Point point : measured) {
            min = Math.min(min, bpm(point));
            max = Math.max(max, bpm(point));
        }
        low = Math.max(0, min - MARGIN_BPM);
        high = max + MARGIN_BPM;
    }

    /** Null if too few of the readings were measured. */
    static @Nullable Picture draw(List<Point> points, HeartRateLimits limits, int raisedBpm) {
        List<Point> measured =
                points.stream().filter(point -> point.bpm() != null).toList();
        if (measured.size() < MIN_MEASURED) {
            return null;
        }
        return new HeartRateChart(measured, limits).draw(measured, raisedBpm);
    }

    /** Loads the font and the image encoder. */
    static @Nullable Void warmUp() {
        draw(List.of(new Point(-1, 100), new Point(0, 101)), new HeartRateLimits(60, 90), 101);
        return null;
    }

    private Picture draw(List<Point> measured, int raisedBpm) {
        double top = y(limits.maxBpm());
        double bottom = y(limits.minBpm());
        canvas.rect(LEFT, top, RIGHT - LEFT, bottom - top, BAND);
        for (int bound : new int[] {limits.minBpm(), limits.maxBpm()}) {
            canvas.rect(LEFT, y(bound) - 0.5, RIGHT - LEFT, 1, BOUND);
            canvas.text(String.valueOf(bound), LEFT - 8, y(bound) + 5, Anchor.END, SOFT);
        }
        canvas.text("range", RIGHT - 8, bottom - 8, Anchor.END, SOFT);
        canvas.text("bpm", LEFT - 8, 20, Anchor.END, SOFT);
        canvas.line(new Line2D.Double(x(0), TOP, x(0), BOTTOM), 1, GRID);
        canvas.rect(LEFT, BOTTOM, RIGHT - LEFT, 1, GRID);
        canvas.text("1 min before", LEFT, BOTTOM + 20, Anchor.START, SOFT);
        canvas.boldText("alert", x(0), BOTTOM + 20, Anchor.MIDDLE, INK);
        canvas.text("1 min after", RIGHT, BOTTOM + 20, Anchor.END, SOFT);
        curve(measured);
        canvas.dot(x(0), y(raisedBpm), 4.5, OUTSIDE);
        canvas.boldText(
                raisedBpm + " bpm",
                x(0) + 9,
                y(raisedBpm) + (raisedBpm > limits.maxBpm() ? -7 : 18),
                Anchor.START,
                OUTSIDE);
        int lowest = measured.stream().mapToInt(HeartRateChart::bpm).min().orElse(raisedBpm);
        int highest = measured.stream().mapToInt(HeartRateChart::bpm).max().orElse(raisedBpm);
        return new Picture(
                canvas.png(),
                canvas.cssHeight(),
                "Chart of the heart rate around the alert: between %d and %d beats per minute; range %d to %d."
                        .formatted(lowest, highest, limits.minBpm(), limits.maxBpm()));
    }

    /** Joins readings of consecutive seconds; a second without a measured heart rate leaves a gap. */
    private void curve(List<Point> measured) {
        for (int i = 1; i < measured.size(); i++) {
            Point from = measured.get(i - 1);
            Point to = measured.get(i);
            if (to.second() - from.second() > 1) {
                continue;
            }
            Path2D path = new Path2D.Double();
            path.moveTo(x(from.second()), y(bpm(from)));
            path.lineTo(x(to.second()), y(bpm(to)));
            boolean inside = limits.contains(bpm(from)) && limits.contains(bpm(to));
            canvas.line(path, 2.2, inside ? INSIDE : OUTSIDE);
        }
    }

    private static int bpm(Point point) {
        return Objects.requireNonNull(point.bpm());
    }

    private static double x(int second) {
        return LEFT + (second + SECONDS) * (RIGHT - LEFT) / (2 * SECONDS);
    }

    private double y(int bpm) {
        return BOTTOM - (bpm - low) * (BOTTOM - TOP) / (high - low);
    }
}
