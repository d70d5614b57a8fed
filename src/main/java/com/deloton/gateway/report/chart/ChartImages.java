package com.deloton.gateway.report.chart;

import com.deloton.gateway.report.chart.Charts.Chart;
import com.deloton.gateway.report.figures.DailyFigures;
import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.ViewBox;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;

/** The charts of a report as PNG, at twice the size at which a mail shows them. Not for event loops: 100 ms each. */
public final class ChartImages {
    /** The width at which a mail shows a picture, in CSS pixels. */
    public static final int WIDTH = 592;

    private static final int DENSITY = 2;

    private ChartImages() {}

    /**
     * A picture.
     *
     * @param name of letters only, unique in a report
     * @param alt what it shows, in words
     * @param height in CSS pixels
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Picture(String name, String alt, int height, byte[] png) {}

    /** Those that have something to show; none for a day without rides. */
    public static List<Picture> of(DailyFigures figures) {
        List<Picture> pictures = new ArrayList<>();
        for (Chart chart : Charts.of(figures)) {
            int height = (int) Math.round(chart.height() * WIDTH / (double) Charts.WIDTH);
            pictures.add(new Picture(chart.name(), chart.alt(), height, png(chart.svg(), height)));
        }
        return pictures;
    }

    private static byte[] png(String svg, int height) {
        SVGDocument document = Objects.requireNonNull(new SVGLoader()
                .load(
                        new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)),
                        null,
                        LoaderContext.createDefault()));
        BufferedImage image = new BufferedImage(WIDTH * DENSITY, height * DENSITY, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        document.render(null, graphics, new ViewBox(image.getWidth(), image.getHeight()));
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return png.toByteArray();
    }
}
