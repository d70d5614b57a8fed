package com.deloton.gateway.report;

import static com.deloton.gateway.testing.IngestFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.ReportConfig;
import com.deloton.gateway.local.LocalMail;
import com.deloton.gateway.mail.DeliveryResult;
import com.deloton.gateway.mail.Mailer;
import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.DailyFigures.Counts;
import com.deloton.gateway.report.figures.DailyFigures.Totals;
import com.deloton.gateway.report.render.ReportOptions;
import com.deloton.gateway.testing.TestServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.mail.BodyPart;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.contentstream.PDFStreamEngine;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.contentstream.operator.state.Concatenate;
import org.apache.pdfbox.contentstream.operator.state.Restore;
import org.apache.pdfbox.contentstream.operator.state.Save;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportMailIT {
    private static final Totals NONE = new Totals(Counts.NONE, null, null);
    private static final ReportOptions OPTIONS =
            new ReportOptions(20, true, "https://gateway.example.com/", "mailto:a@example.com");

    private final LocalMail server = TestServers.mail();
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
        server.close();
    }

    @Test
    void theMailIsTextThenHtmlWithItsPicturesThenFiles() throws Exception {
        MimeMessage mail = send(SampleDay.busy(60, null), true, null);

        assertThat(structure(mail))
                .isEqualTo("multipart/mixed(multipart/alternative(text/plain,"
                        + "multipart/related(text/html,image/png,image/png,image/png,image/png)),"
                        + "text/csv,text/csv,application/pdf)");
        assertThat(mail.getSubject()).isEqualTo("Deloton daily report – Mon 23 Nov 2026 – 1,385 rides (+8 %)");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getHeader("List-Id"))
                .containsExactly("Deloton daily report <daily-report.deloton.example.com>");
        assertThat(mail.getHeader("List-Unsubscribe")[0]).startsWith("<mailto:");
        assertThat(mail.getHeader("List-Unsubscribe-Post")).isNull();
        assertThat(mail.getMessageID()).isEqualTo("<id@deloton.example.com>");
    }

    @Test
    void aUrlToUnsubscribeTakesOneClick() throws Exception {
        MimeMessage mail = send(SampleDay.busy(3, null), false, "https://example.com/leave?list=1");

        assertThat(mail.getHeader("List-Unsubscribe")).containsExactly("<https://example.com/leave?list=1>");
        assertThat(mail.getHeader("List-Unsubscribe-Post")).containsExactly("List-Unsubscribe=One-Click");
    }

    @Test
    void everyPictureOfThePageIsInTheMailAndShowsSomething() throws Exception {
        MimeMessage mail = send(SampleDay.busy(60, null), false, null);
        Map<String, BufferedImage> pictures = new TreeMap<>();
        List<String> html = new ArrayList<>();
        for (Part part : leaves(mail)) {
            if (part.isMimeType("image/png")) {
                String id = part.getHeader("Content-ID")[0];
                pictures.put(id.substring(1, id.length() - 1), ImageIO.read(part.getInputStream()));
            } else if (part.isMimeType("text/html")) {
                html.add((String) part.getContent());
            }
        }

        TreeSet<String> wanted = new TreeSet<>();
        Pattern.compile("src=\"cid:([^\"]+)\"")
                .matcher(html.getFirst())
                .results()
                .forEach(m -> wanted.add(m.group(1)));
        assertThat(pictures.keySet()).isEqualTo(wanted).hasSize(4);
        assertThat(pictures.values()).allSatisfy(picture -> {
            assertThat(picture.getWidth()).isEqualTo(1_184);
            assertThat(IntStream.range(0, picture.getWidth())
                            .flatMap(
                                    x -> IntStream.range(0, picture.getHeight()).map(y -> picture.getRGB(x, y)))
                            .distinct()
                            .count())
                    .isGreaterThan(20);
            assertThat(picture.getRGB(0, 0)).isEqualTo(0xFFFFFFFF);
        });
        assertThat(html.getFirst()).doesNotContain("src=\"http", "<script");
    }

    @Test
    void theLargestPageIsSmallEnoughForEveryMailProgram() {
        ReportDocuments report = ReportDocuments.of(
                SampleDay.busy(500, "Dr Maximiliana Featherstonehaugh-Cholmondeley <b>& Co</b>"),
                new ReportOptions(35, true, "https://gateway.example.com/", "mailto:a@example.com"));

        assertThat(report.mailHtml().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(80_000);
        assertThat(report.mailHtml()).doesNotContain("<b>&").contains("&lt;b&gt;&amp; Co");
        assertThat(report.pictures().stream().mapToInt(p -> p.png().length).sum())
                .isLessThan(300_000);
    }

    @Test
    void aDayWithoutRidesIsStatedInWords() throws Exception {
        DailyFigures quiet =
                SampleDay.empty(new Totals(new Counts(20, 5, 9_000, 1_000, 130.0, 120.0), 130.0, 120.0), NONE, 0);
        MimeMessage mail = send(quiet, false, null);
        ReportDocuments report = ReportDocuments.of(quiet, OPTIONS);

        assertThat(mail.getSubject()).isEqualTo("Deloton daily report – Mon 23 Nov 2026 – no rides");
        assertThat(structure(mail)).isEqualTo("multipart/mixed(multipart/alternative(text/plain,text/html),text/csv)");
        assertThat(report.text())
                .contains("No rides started on Monday 23 November 2026.")
                .contains("There were 20 rides the day before and 0 rides last Monday.")
                .doesNotContain("–\n", "null", "NaN", "KEY FIGURES");
        assertThat(report.mailHtml()).doesNotContain("<img", "null", "NaN");
        assertThat(ReportDocuments.of(SampleDay.empty(NONE, NONE, 7), OPTIONS).text())
                .contains("That day has 7 quarantined records: this is a fault, not a quiet day.");
    }

    @Test
    void theFilesContainNoSpreadsheetFormula() {
        ReportDocuments report = ReportDocuments.of(SampleDay.busy(3, "=HYPERLINK(\"http://x\"),\"a\"\n"), OPTIONS);

        assertThat(report.ridersCsv())
                .startsWith("\ufeffdate,riderId,name,")
                .contains(",\"'=HYPERLINK(\"\"http://x\"\"),\"\"a\"\"\n\",")
                .doesNotContain(",=");
        assertThat(report.figuresCsv())
                .contains("totals.rides,1385\r\n", "groups.female/25–34.riders,", "ridesPerHour.19.rides,171\r\n");
    }

    @Test
    void allFormsSayHowFastAlertsWereAcknowledged() throws Exception {
        ReportDocuments report = ReportDocuments.of(SampleDay.busy(3, null), OPTIONS);
        String sentence =
                "23 alerts of 21 riders, 4 critical: 19 mailed, 1 failed, 3 recorded only; 12 acknowledged after"
                        + " a median of 1 min 05 s, the slowest after 12 min 40 s, 8 not acknowledged; 2 riders answered that the"
                        + " sensor was wrong.";

        try (PDDocument document = Loader.loadPDF(report.pdf())) {
            assertThat(List.of(
                            report.text(), report.page(), report.mailHtml(), new PDFTextStripper().getText(document)))
                    .allSatisfy(form -> assertThat(form.replace('\u00a0', ' ')
                                    .replace("&nbsp;", " ")
                                    .replaceAll("\\s+", " "))
                            .contains(sentence));
        }
        assertThat(report.figuresCsv())
                .contains(
                        "alerts.acknowledged,12\r\n",
                        "alerts.notAcknowledged,8\r\n",
                        "alerts.acknowledgedMedianS,65.0\r\n",
                        "alerts.acknowledgedSlowestS,760.4\r\n");
    }

    @Test
    void thePdfHasTheSameWordsAndEveryLetter() throws Exception {
        ReportDocuments report = ReportDocuments.of(SampleDay.busy(30, null), OPTIONS);
        byte[] pdf = report.pdf();
        Files.createDirectories(Path.of("target/report"));
        Files.writeString(Path.of("target/report/report.html"), report.page());
        Files.writeString(Path.of("target/report/report.txt"), report.text());

        try (PDDocument document = Loader.loadPDF(pdf)) {
            String text = new PDFTextStripper().getText(document).replace('\u00a0', ' ');
            DrawnWidths charts = new DrawnWidths();
            for (PDPage page : document.getPages()) {
                charts.processPage(page);
            }
            assertThat(charts.points)
                    .hasSize(4)
                    .allSatisfy(width -> assertThat(width)
                            .isBetween(400f, document.getPage(0).getMediaBox().getWidth()));
            assertThat(text)
                    .contains("Monday 23 November 2026", "1,385 rides by 482 riders", "Riders by energy")
                    .contains(
                            report.figures().riders().getFirst().name(), "1,450 kJ ▲", "▲ better than any ride before.")
                    .doesNotContain("#");
            assertThat(document.getNumberOfPages()).isBetween(2, 6);
            for (int page = 0; page < document.getNumberOfPages(); page++) {
                ImageIO.write(
                        new PDFRenderer(document).renderImageWithDPI(page, 60),
                        "png",
                        Path.of("target/report/page-" + page + ".png").toFile());
            }
        }
        assertThat(pdf).hasSizeLessThan(400_000);
    }

    /** How wide pictures are on paper, in points. */
    private static final class DrawnWidths extends PDFStreamEngine {
        final List<Float> points = new ArrayList<>();

        DrawnWidths() {
            addOperator(new Concatenate(this));
            addOperator(new Save(this));
            addOperator(new Restore(this));
        }

        @Override
        protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
            if (operator.getName().equals("Do")) {
                points.add(getGraphicsState().getCurrentTransformationMatrix().getScalingFactorX());
            } else {
                super.processOperator(operator, operands);
            }
        }
    }

    private MimeMessage send(DailyFigures figures, boolean pdf, @Nullable String unsubscribe) throws Exception {
        MailConfig mail = ReportFixture.mail(server.smtpPort(), Duration.ofSeconds(10));
        ReportConfig defaults = ReportFixture.config();
        ReportConfig config = new ReportConfig(
                defaults.time(),
                defaults.zone(),
                defaults.recipients(),
                7,
                true,
                20,
                pdf,
                unsubscribe,
                defaults.sweepInterval(),
                defaults.firstBackoff(),
                defaults.maxBackoff(),
                defaults.giveUpAfter());
        ReportMail writer = new ReportMail(config, mail, "https://gateway.example.com");
        Mailer mailer = new Mailer(vertx, mail);
        DeliveryResult result = await(mailer.send(
                writer.message(ReportDocuments.of(figures, writer.options()), 1, config.recipients()),
                new Mailer.Attempt("id@deloton.example.com", 0, lease -> Future.succeededFuture(true))));
        assertThat(result).isInstanceOf(DeliveryResult.Accepted.class);
        assertThat(server.mails()).hasSize(1);
        return server.mails().getFirst().message();
    }

    private static String structure(Part part) throws Exception {
        String type = part.getContentType().replaceFirst(";(?s).*", "").toLowerCase(java.util.Locale.ROOT);
        if (!(part.getContent() instanceof Multipart parts)) {
            return type;
        }
        List<String> inner = new ArrayList<>();
        for (int i = 0; i < parts.getCount(); i++) {
            inner.add(structure(parts.getBodyPart(i)));
        }
        return type + "(" + String.join(",", inner) + ")";
    }

    private static List<Part> leaves(Part part) throws Exception {
        if (!(part.getContent() instanceof Multipart parts)) {
            return List.of(part);
        }
        List<Part> leaves = new ArrayList<>();
        for (int i = 0; i < parts.getCount(); i++) {
            BodyPart inner = parts.getBodyPart(i);
            leaves.addAll(leaves(inner));
        }
        return leaves;
    }
}
