package com.deloton.gateway.report;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.ReportConfig;
import com.deloton.gateway.mail.MailText;
import com.deloton.gateway.report.chart.ChartImages.Picture;
import com.deloton.gateway.report.render.HtmlReport;
import com.deloton.gateway.report.render.ReportOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.mail.MailAttachment;
import io.vertx.ext.mail.MailMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes the mail of a report: text, HTML with inline pictures, and attached files. */
final class ReportMail {
    private final ReportConfig config;
    private final MailConfig mail;
    private final String dashboard;

    /**
     * Creates the writer.
     *
     * @param publicUrl base URL of the gateway for people, without a slash at the end
     */
    ReportMail(ReportConfig config, MailConfig mail, String publicUrl) {
        this.config = config;
        this.mail = mail;
        dashboard = publicUrl + "/#/reports";
    }

    ReportOptions options() {
        return new ReportOptions(Math.max(1, config.maxRiders()), config.names(), dashboard, unsubscribe());
    }

    private String unsubscribe() {
        return config.unsubscribe() == null
                ? "mailto:" + mail.from() + "?subject=unsubscribe%20daily%20report"
                : config.unsubscribe();
    }

    String domain() {
        return mail.from().substring(mail.from().lastIndexOf('@') + 1);
    }

    MailMessage message(ReportDocuments report, int revision, List<String> to) {
        String subject = HtmlReport.subject(report.figures()) + (revision > 1 ? " – revision " + revision : "");
        List<MailAttachment> pictures = new ArrayList<>();
        report.pictures().forEach(picture -> pictures.add(inline(picture)));
        MailMessage message = new MailMessage()
                .setTo(to)
                .setSubject(MailText.line(subject))
                .setText(report.text())
                .setHtml(report.mailHtml())
                .setAttachment(files(report))
                .addHeader("List-Id", "Deloton daily report <daily-report.%s>".formatted(domain()))
                .addHeader("List-Unsubscribe", "<" + unsubscribe() + ">");
        return pictures.isEmpty() ? message : message.setInlineAttachment(pictures);
    }

    private static MailAttachment inline(Picture picture) {
        return MailAttachment.create()
                .setContentType("image/png")
                .setName(picture.name() + ".png")
                .setDisposition("inline")
                .setContentId("<" + picture.name() + ">")
                .setData(Buffer.buffer(picture.png()));
    }

    private List<MailAttachment> files(ReportDocuments report) {
        String name = "deloton-" + report.figures().day().date();
        List<MailAttachment> files = new ArrayList<>();
        files.add(file(name + ".csv", "text/csv; charset=utf-8", utf8(report.figuresCsv())));
        if (!report.figures().isEmpty()) {
            files.add(file(name + "-riders.csv", "text/csv; charset=utf-8", utf8(report.ridersCsv())));
        }
        if (config.pdf()) {
            files.add(file(name + ".pdf", "application/pdf", report.pdf()));
        }
        return files;
    }

    private static MailAttachment file(String name, String type, byte[] content) {
        return MailAttachment.create()
                .setName(name)
                .setContentType(type)
                .setDisposition("attachment")
                .setData(Buffer.buffer(content));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
