package com.deloton.gateway.alert;

import static com.deloton.gateway.mail.MailText.html;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.chart.ChartCanvas;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;

/** The HTML of the pages behind acknowledge links, in the colours of the dashboard, light and dark, for phones too. */
final class AcknowledgeHtml {
    static final String THANKS = "Thank you. Your answer is stored.";
    static final String EXPIRED =
            document("This link has expired", "<p>The alert can no longer be acknowledged by this link.</p>");
    static final String FORGED =
            document("This link does not work", "<p>Please copy the complete link from the mail.</p>");
    static final String UNAVAILABLE = document(
            "Please try again",
            "<p>The alert cannot be shown or stored just now. Nothing is lost: open the link again in a minute.</p>");

    private static final String STYLE = """
            :root{color-scheme:light dark;--ground:light-dark(#f3f4f2,#0f1214);--panel:light-dark(#fff,#171b1e);\
            --ink:light-dark(#14191c,#e9edee);--quiet:light-dark(#57616a,#9aa6ad);--line:light-dark(#e0e3e1,#272d32);\
            --accent:light-dark(#0b6a66,#58c4ba);--accent-ink:light-dark(#fff,#06211f);\
            --accent-soft:light-dark(#e1efed,#16302f)}
            *{box-sizing:border-box}
            body{margin:0;background:var(--ground);color:var(--ink);\
            font:1rem/1.5 Inter,system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
            header{padding:.9rem 1.25rem;border-bottom:1px solid var(--line);background:var(--panel);font-weight:650}
            main{max-width:38rem;margin:1.5rem auto;padding:0 1rem}
            .card{background:var(--panel);border:1px solid var(--line);border-radius:.625rem;padding:1.25rem}
            h1{font-size:1.35rem;line-height:1.25;margin:0 0 1rem}
            p{margin:0 0 1rem}
            dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1.25rem;margin:0 0 1.25rem}
            dt{color:var(--quiet)}dd{margin:0;font-variant-numeric:tabular-nums}
            img{display:block;width:100%;height:auto;border-radius:.4rem;margin:0 0 1.25rem;background:#fff}
            .notice{background:var(--accent-soft);border-radius:.4rem;padding:.65rem .85rem}
            .actions{display:flex;flex-wrap:wrap;gap:.6rem}
            form{flex:1 1 14rem}
            button{width:100%;min-height:3rem;padding:.6rem 1rem;border-radius:.4rem;font:inherit;font-weight:600;\
            cursor:pointer;border:1px solid var(--accent);background:var(--accent);color:var(--accent-ink)}
            button.second{background:transparent;color:var(--accent)}
            button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
            .small{color:var(--quiet);font-size:.875rem;margin:1.25rem 0 0}""";

    /** For the content security policy. */
    static final String STYLE_HASH = "sha256-" + sha256(STYLE);

    private final DateTimeFormatter times;

    AcknowledgeHtml(ZoneId zone) {
        times = DateTimeFormatter.ofPattern("HH:mm:ss zzz, EEEE d MMMM uuuu", Locale.UK)
                .withZone(zone);
    }

    /**
     * The page of an alert, with the answers that are still open.
     *
     * @param path of this page; {@code sensor} and {@code picture} are below it
     * @param notice shown first; may be empty
     */
    String page(AlertRecord alert, String path, String sensor, String picture, String notice) {
        StringBuilder body = new StringBuilder();
        if (!notice.isEmpty()) {
            body.append("<p class=\"notice\" role=\"status\">")
                    .append(html(notice))
                    .append("</p>\n");
        }
        body.append("<dl>")
                .append(row("Measured", alert.bpm() + " beats per minute"))
                .append(row("When", times.format(alert.raisedAt())))
                .append(limits(alert))
                .append(row("Severity", SeverityWord.of(alert.critical())));
        if (alert.rideStartedAt() != null) {
            body.append(row("Ride", "started at " + times.format(alert.rideStartedAt())));
        }
        if (alert.bike() != null) {
            body.append(row("Bike", alert.bike()));
        }
        body.append("</dl>\n");
        if (alert.rideStartedAt() != null) {
            body.append(
                    "<img src=\"%s\" width=\"%d\" height=\"239\" alt=\"Chart of your heart rate in the minute before and after, with your range\">%n"
                            .formatted(html(path + picture), ChartCanvas.CSS_WIDTH));
        }
        body.append(answers(alert, path, sensor));
        body.append(
                "<p class=\"small\">This is information, not a diagnosis. If you have chest pain, feel dizzy or faint,"
                        + " or are unusually short of breath, get medical help at once.</p>");
        return document(title(alert), body.toString());
    }

    private static String title(AlertRecord alert) {
        return switch (alert.rule()) {
            case RANGE ->
                "Your heart rate was %s%s your range"
                        .formatted(alert.critical() ? "far " : "", alert.high() ? "above" : "below");
            case NOT_PEDALLING -> "Your heart rate was high while you were not pedalling";
            case NO_RECOVERY -> "Your heart rate hardly fell after your effort";
        };
    }

    private static String limits(AlertRecord alert) {
        int max = alert.limits().maxBpm();
        return switch (alert.rule()) {
            case RANGE ->
                row(
                        "Your range",
                        "%d to %d beats per minute".formatted(alert.limits().minBpm(), max));
            case NOT_PEDALLING, NO_RECOVERY -> row("Your limit at rest", max + " beats per minute");
        };
    }

    private String answers(AlertRecord alert, String path, String sensor) {
        StringBuilder answers = new StringBuilder();
        if (alert.acknowledgedAt() != null) {
            answers.append("<p>").append(html(acknowledged(alert))).append("</p>\n");
        }
        if (alert.sensorFault()) {
            return answers.append("<p>Your answer: it was the sensor.</p>\n").toString();
        }
        answers.append("<div class=\"actions\">");
        if (alert.acknowledgedAt() == null) {
            answers.append(button(path, "", "I have seen this"));
        }
        return answers.append(button(path + sensor, "second", "It was the sensor"))
                .append("</div>\n")
                .toString();
    }

    private String acknowledged(AlertRecord alert) {
        Instant at = Objects.requireNonNull(alert.acknowledgedAt());
        return "%s acknowledged this alert at %s.".formatted(alert.byStaff() ? "Our staff" : "You", times.format(at));
    }

    private static String button(String action, String look, String text) {
        return "<form method=\"post\" action=\"%s\"><button type=\"submit\" class=\"%s\">%s</button></form>"
                .formatted(html(action), look, html(text));
    }

    private static String row(String label, String value) {
        return "<dt>%s</dt><dd>%s</dd>".formatted(html(label), html(value));
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static String document(String title, String body) {
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
            <link rel="icon" href="/favicon.svg" type="image/svg+xml">
            <title>%s – Deloton</title><style>%s</style></head>
            <body><header>Deloton</header><main><div class="card"><h1>%s</h1>
            %s</div></main></body></html>
            """.formatted(html(title), STYLE, html(title), body);
    }
}
