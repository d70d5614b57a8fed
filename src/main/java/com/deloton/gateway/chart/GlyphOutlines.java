package com.deloton.gateway.chart;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.GlyphData;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Text as outlines of the font that PDFBox ships. Charts look the same on every machine, and one without fonts or
 * fontconfig draws them too. Thread-safe.
 */
public final class GlyphOutlines {
    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    private final Map<Integer, Glyph> glyphs = new ConcurrentHashMap<>();
    private final TrueTypeFont font;
    private final CmapLookup characters;
    private final double unitsPerEm;

    /** The part of a text that is placed at the given point. */
    public enum Anchor {
        START,
        MIDDLE,
        END
    }

    /** In font units, y upwards. */
    private record Glyph(Shape outline, int advance) {}

    private static final class Loaded {
        static final GlyphOutlines LIBERATION = new GlyphOutlines();
    }

    public static GlyphOutlines get() {
        return Loaded.LIBERATION;
    }

    private GlyphOutlines() {
        try (InputStream in = font()) {
            font = new TTFParser().parse(new RandomAccessReadBuffer(in));
            characters = font.getUnicodeCmapLookup();
            unitsPerEm = font.getUnitsPerEm();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** TrueType, regular weight. */
    public static InputStream font() {
        return Objects.requireNonNull(TrueTypeFont.class.getResourceAsStream(FONT), FONT);
    }

    public double width(String text, double size) {
        return text.codePoints().map(c -> glyph(c).advance()).sum() * size / unitsPerEm;
    }

    /** The outline of a text with its baseline at y, y downwards. */
    Shape shape(String text, double x, double y, double size, Anchor anchor) {
        double width = width(text, size);
        double left = switch (anchor) {
            case START -> x;
            case MIDDLE -> x - width / 2;
            case END -> x - width;
        };
        double scale = size / unitsPerEm;
        AffineTransform position = new AffineTransform(scale, 0, 0, -scale, left, y);
        Path2D outline = new Path2D.Double();
        text.codePoints().forEach(c -> {
            Glyph glyph = glyph(c);
            outline.append(glyph.outline().getPathIterator(position), false);
            position.translate(glyph.advance(), 0);
        });
        return outline;
    }

    private Glyph glyph(int character) {
        return glyphs.computeIfAbsent(character, this::load);
    }

    private synchronized Glyph load(int character) {
        try {
            int id = characters.getGlyphId(character);
            GlyphData data = font.getGlyph().getGlyph(id);
            return new Glyph(data == null ? new Path2D.Double() : data.getPath(), font.getAdvanceWidth(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
