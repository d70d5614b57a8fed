package com.deloton.gateway.chart;

import com.deloton.gateway.chart.GlyphOutlines.Anchor;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** A white drawing area, {@link #WIDTH} units wide, with the origin at the top left. */
public final class ChartCanvas {
    /** The width of the drawing area, in its own units. */
    public static final int WIDTH = 520;
    /** The width at which a mail shows a picture, in CSS pixels. */
    public static final int CSS_WIDTH = 592;

    public static final double TEXT_SIZE = 14;
    /** Pixels per CSS pixel. */
    private static final int DENSITY = 2;

    private static final BasicStroke BOLD =
            new BasicStroke((float) (TEXT_SIZE / 24), BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 4);

    private final int cssHeight;
    private final BufferedImage image;
    private final Graphics2D graphics;

    public ChartCanvas(int height) {
        cssHeight = Math.round((float) height * CSS_WIDTH / WIDTH);
        image = new BufferedImage(CSS_WIDTH * DENSITY, cssHeight * DENSITY, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.scale((double) image.getWidth() / WIDTH, (double) image.getHeight() / height);
        graphics.setStroke(BOLD);
    }

    /** In CSS pixels. */
    public int cssHeight() {
        return cssHeight;
    }

    public void rect(double x, double y, double width, double height, Color colour) {
        graphics.setColor(colour);
        graphics.fill(new Rectangle2D.Double(x, y, width, height));
    }

    /** Draws an outline without filling it. */
    public void line(Shape shape, double width, Color colour) {
        graphics.setColor(colour);
        graphics.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(shape);
        graphics.setStroke(BOLD);
    }

    public void dot(double x, double y, double radius, Color colour) {
        graphics.setColor(colour);
        graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
    }

    /** Draws a text with its baseline at y. */
    public void text(String text, double x, double y, Anchor anchor, Color colour) {
        graphics.setColor(colour);
        graphics.fill(GlyphOutlines.get().shape(text, x, y, TEXT_SIZE, anchor));
    }

    public void boldText(String text, double x, double y, Anchor anchor, Color colour) {
        Shape shape = GlyphOutlines.get().shape(text, x, y, TEXT_SIZE, anchor);
        graphics.setColor(colour);
        graphics.fill(shape);
        graphics.draw(shape);
    }

    /** Ends the drawing. */
    public byte[] png() {
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
