package com.deloton.gateway.report;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.ReportConfig;
import com.deloton.gateway.mail.OutgoingMail;
import com.deloton.gateway.mail.OutgoingMail.Part;
import com.deloton.gateway.report.render.HtmlReport;
import com.deloton.gateway.report.render.ReportOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the mail of a report: text, HTML with inline pictures, and attached files. */
final class ReportMail {
    private static final String CSV = "text/csv; charset=utf-8";

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

    OutgoingMail message(ReportDocuments report, int revision, List<String> to) {
        String subject = HtmlReport.subject(report.figures()) + (revision > 1 ? " – revision " + revision : "");
        Map<String, String> headers = new TreeMap<>(Map.of(
                "List-Id",
                "Deloton daily report <daily-report.%s>".formatted(domain()),
                "List-Unsubscribe",
                "<" + unsubscribe() + ">"));
        if (unsubscribe().startsWith("https:")) {
            headers.put("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"); // RFC 8058
        }
        return new OutgoingMail(
                to,
                subject,
                report.text(),
                report.mailHtml(),
                headers,
                report.pictures().stream()
                        .map(picture -> new Part(picture.name() + ".png", "image/png", picture.png()))
                        .toList(),
                files(report));
    }

    private List<Part> files(ReportDocuments report) {
        String name = "deloton-" + report.figures().day().date();
        List<Part> files = new ArrayList<>();
        files.add(new Part(name + ".csv", CSV, utf8(report.figuresCsv())));
        if (!report.figures().isEmpty()) {
            files.add(new Part(name + "-riders.csv", CSV, utf8(report.ridersCsv())));
        }
        if (config.pdf()) {
            files.add(new Part(name + ".pdf", "application/pdf", report.pdf()));
        }
        return files;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
