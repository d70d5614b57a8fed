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
 * A day's figures in each form that is asked for; drawn when asked, but for the pictures. Takes up to seconds: not for
 * event loops.
 *
 * @param view what the readers of the mail get to see
 */
public record ReportDocuments(DailyFigures figures, ReportOptions view, List<Picture> pictures) {
    public ReportDocuments {
        pictures = List.copyOf(pictures);
    }

    public static ReportDocuments of(DailyFigures figures, ReportOptions view) {
        return new ReportDocuments(figures, view, ChartImages.of(figures));
    }

    public String text() {
        return PlainReport.of(figures, view);
    }

    /** For a mail that has the pictures as parts. */
    public String mailHtml() {
        return HtmlReport.mail(figures, view, pictures);
    }

    /** A page of its own. */
    public String page() {
        return HtmlReport.page(figures, view, pictures);
    }

    public byte[] pdf() {
        return PdfReport.of(page());
    }

    public String ridersCsv() {
        return CsvReport.riders(figures, view);
    }

    public String figuresCsv() {
        return CsvReport.figures(figures);
    }

    /** The same for the archive, which names no rider. */
    public ReportDocuments forArchive() {
        return new ReportDocuments(figures, view.withoutRiders(), pictures);
    }
}
