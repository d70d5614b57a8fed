package com.deloton.gateway.report.render;

import com.deloton.gateway.chart.GlyphOutlines;
import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A report page as PDF, A4, with an embedded font. Not for event loops: takes about a second. */
public final class PdfReport {
    private PdfReport() {}

    /** Converts a self-contained page. */
    public static byte[] of(String html) {
        XRLog.setLoggingEnabled(false);
        ByteArrayOutputStream pdf = new ByteArrayOutputStream();
        try {
            new PdfRendererBuilder()
                    .useFastMode()
                    .useFont(GlyphOutlines::font, "Liberation Sans", 400, FontStyle.NORMAL, true)
                    .withProducer("Deloton gateway")
                    .withHtmlContent(html, null)
                    .toStream(pdf)
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pdf.toByteArray();
    }
}
