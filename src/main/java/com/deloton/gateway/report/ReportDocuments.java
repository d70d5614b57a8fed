package com.deloton.gateway.report;

import com.deloton.gateway.report.chart.ChartImages;
import com.deloton.gateway.report.chart.ChartImages.Picture;
import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.render.CsvReport;
import com.deloton.gateway.report.render.HtmlReport;
import com.deloton.gateway.report.render.PdfReport;
import com.deloton.gateway.report.render.PlainReport;
import com.deloton.gateway.report.render.ReportOptions;
import java.util.List;

/**
 * The documents of a day's report. Only the pictures are made in advance; each call makes its document. Takes up to
 * seconds: not for event loops.
 *
 * @param options what the mail's readers may see
 */
public record ReportDocuments(DailyFigures figures, ReportOptions options, List<Picture> pictures) {
    public ReportDocuments {
        pictures = List.copyOf(pictures);
    }

    public static ReportDocuments of(DailyFigures figures, ReportOptions options) {
        return new ReportDocuments(figures, options, ChartImages.of(figures));
    }

    public String text() {
        return PlainReport.of(figures, options);
    }

    /** The pictures are parts of the mail. */
    public String mailHtml() {
        return HtmlReport.mail(figures, options, pictures);
    }

    /** A self-contained page. */
    public String page() {
        return HtmlReport.page(figures, options, pictures);
    }

    public byte[] pdf() {
        return PdfReport.of(page());
    }

    public String ridersCsv() {
        return CsvReport.riders(figures, options);
    }

    public String figuresCsv() {
        return CsvReport.figures(figures);
    }

    /** Without data of single riders, as the archive keeps it. */
    public ReportDocuments forArchive() {
        return new ReportDocuments(figures, options.withoutRiders(), pictures);
    }
}
