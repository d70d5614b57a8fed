package com.deloton.gateway.report.chart;

import com.deloton.gateway.chart.ChartCanvas;
import com.deloton.gateway.report.figures.DailyFigures;
import java.util.ArrayList;
import java.util.List;

/** The charts of a report as PNG, at twice the size at which a mail shows them. Not for event loops: up to 100 ms each. */
public final class ChartImages {
    /** The width at which a mail shows a picture, in CSS pixels. */
    public static final int WIDTH = ChartCanvas.CSS_WIDTH;

    private ChartImages() {}

    /**
     * A picture.
     *
     * @param name letters only, unique in a report
     * @param alt the content in words
     * @param height in CSS pixels
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Picture(String name, String alt, int height, byte[] png) {}

    /** The charts that have data; none for a day without rides. */
    public static List<Picture> of(DailyFigures figures) {
        List<Picture> pictures = new ArrayList<>();
        if (!figures.isEmpty()) {
            pictures.add(Charts.hours(figures));
            pictures.add(Charts.riders(figures));
            if (figures.totals().counts().powerMeanW() != null) {
                pictures.add(Charts.power(figures));
            }
            if (figures.zoneS().stream().anyMatch(seconds -> seconds > 0)) {
                pictures.add(Charts.zones(figures));
            }
        }
        return pictures;
    }
}
