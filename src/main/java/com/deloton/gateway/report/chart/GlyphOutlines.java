package com.deloton.gateway.report.chart;

import java.awt.geom.PathIterator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.GlyphData;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Text as outlines, in the font that PDFBox brings along: pictures look the same everywhere, and a machine without any
 * font or fontconfig draws them too. Thread-safe.
 */
public final class GlyphOutlines {
    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    private final Map<Integer, Glyph> glyphs = new ConcurrentHashMap<>();
    private final TrueTypeFont font;
    private final CmapLookup characters;
    private final double unitsPerEm;

    /** Where a text stands relative to its point. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    private record Glyph(String path, int advance) {}

    private static final class Loaded {
        static final GlyphOutlines LIBERATION = new GlyphOutlines();
    }

    static GlyphOutlines get() {
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

    double width(String text, double size) {
        return text.codePoints().map(c -> glyph(c).advance()).sum() * size / unitsPerEm;
    }

    /** SVG elements that draw a text on the baseline y. */
    String svg(String text, double x, double y, double size, Anchor anchor, String colour, boolean bold) {
        double width = width(text, size);
        double left = switch (anchor) {
            case START -> x;
            case MIDDLE -> x - width / 2;
            case END -> x - width;
        };
        double scale = size / unitsPerEm;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<g fill=\"%s\" transform=\"translate(%.2f %.2f) scale(%.5f -%.5f)\"%s>",
                colour,
                left,
                y,
                scale,
                scale,
                bold ? " stroke=\"" + colour + "\" stroke-width=\"" + (int) (unitsPerEm / 24) + "\"" : ""));
        int at = 0;
        for (int c : text.codePoints().toArray()) {
            Glyph glyph = glyph(c);
            if (!glyph.path().isEmpty()) {
                svg.append("<path transform=\"translate(%d 0)\" d=\"%s\"/>".formatted(at, glyph.path()));
            }
            at += glyph.advance();
        }
        return svg.append("</g>").toString();
    }

    private Glyph glyph(int character) {
        return glyphs.computeIfAbsent(character, this::load);
    }

    private synchronized Glyph load(int character) {
        try {
            int id = characters.getGlyphId(character);
            GlyphData outline = font.getGlyph().getGlyph(id);
            return new Glyph(outline == null ? "" : path(outline), font.getAdvanceWidth(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String path(GlyphData outline) {
        StringBuilder path = new StringBuilder();
        float[] p = new float[6];
        for (PathIterator i = outline.getPath().getPathIterator(null); !i.isDone(); i.next()) {
            switch (i.currentSegment(p)) {
                case PathIterator.SEG_MOVETO -> path.append(segment('M', p, 2));
                case PathIterator.SEG_LINETO -> path.append(segment('L', p, 2));
                case PathIterator.SEG_QUADTO -> path.append(segment('Q', p, 4));
                case PathIterator.SEG_CUBICTO -> path.append(segment('C', p, 6));
                default -> path.append('Z');
            }
        }
        return path.toString();
    }

    private static String segment(char command, float[] points, int count) {
        StringBuilder segment = new StringBuilder().append(command);
        for (int i = 0; i < count; i++) {
            segment.append(i == 0 ? "" : " ").append(Math.round(points[i]));
        }
        return segment.toString();
    }
}
