package com.deloton.gateway.alert;

import static com.deloton.gateway.mail.MailText.html;
import static com.deloton.gateway.mail.MailText.line;

import com.deloton.gateway.config.AlertConfig;
import io.vertx.ext.mail.MailMessage;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is written to riders and staff, as plain text and as HTML with the same words. */
final class AlertMail {
    private static final String STOP = "Stop riding and get medical help at once if you have chest pain, feel dizzy or"
            + " faint, or are unusually short of breath.";
    private static final String HONEST = "This is information, not a diagnosis. The range is estimated from your age,"
            + " and sensors can be wrong. If it happens again, talk to a doctor.";

    private final AcknowledgeLink links;
    private final DateTimeFormatter times;

    AlertMail(AlertConfig config, AcknowledgeLink links) {
        this.links = links;
        times = DateTimeFormatter.ofPattern("HH:mm:ss zzz, EEEE d MMMM uuuu", Locale.UK)
                .withZone(config.zone());
    }

    /** One line of the table of values. */
    private record Value(String label, String text) {}

    private record MailText(
            String subject,
            String greeting,
            String lead,
            List<Value> values,
            List<String> advice,
            @Nullable String link) {}

    MailMessage message(AlertNotification note, List<String> to, Instant now) {
        MailText words = words(note, now);
        return new MailMessage()
                .setTo(to)
                .setSubject(line(words.subject()))
                .setText(plain(words))
                .setHtml(HtmlMail.page(line(words.subject()), body(words)));
    }

    private MailText words(AlertNotification note, Instant now) {
        String link = links.url(note.key(), now);
        return switch (note.kind()) {
            case ALERT -> new MailText(subject(note), greeting(note), lead(note), measured(note), advice(note), link);
            case REMINDER ->
                new MailText(
                        "Reminder: " + subject(note),
                        greeting(note),
                        "You have not told us yet that you have seen this. " + lead(note),
                        measured(note),
                        advice(note),
                        link);
            case RECOVERY ->
                new MailText(
                        "Your heart rate is back in your range",
                        greeting(note),
                        "Your heart rate is back in the range expected for you.",
                        back(note),
                        List.of(STOP, HONEST),
                        null);
            case ESCALATION ->
                new MailText(
                        "A rider has not acknowledged a heart-rate alert",
                        "Hello,",
                        "A rider's heart rate was %s the expected range, and the rider has not acknowledged the mail about it."
                                .formatted(note.high() ? "above" : "below"),
                        aboutRider(note),
                        List.of("This is information, not a diagnosis."),
                        null);
        };
    }

    private static String subject(AlertNotification note) {
        return "Your heart rate is %s%s your range: %d bpm"
                .formatted(note.critical() ? "far " : "", note.high() ? "above" : "below", note.bpm());
    }

    private static String greeting(AlertNotification note) {
        String name = name(note);
        return name.isEmpty() ? "Hello," : "Hello " + name + ",";
    }

    private static String name(AlertNotification note) {
        String title = note.rider().title();
        String name = note.rider().name();
        return name == null ? "" : line(title == null ? name : title + " " + name);
    }

    private static String lead(AlertNotification note) {
        return "On your bike ride we measured a heart rate %s%s the range expected for you, several times in a row."
                .formatted(note.critical() ? "far " : "", note.high() ? "above" : "below");
    }

    private List<Value> measured(AlertNotification note) {
        return List.of(
                new Value("Measured", note.bpm() + " beats per minute"),
                new Value("When", times.format(note.raisedAt())),
                new Value("Your range", range(note)));
    }

    private List<Value> back(AlertNotification note) {
        List<Value> values = new ArrayList<>();
        if (note.back() != null) {
            values.add(new Value("Measured", note.back().bpm() + " beats per minute"));
            values.add(new Value("When", times.format(note.back().at())));
        }
        values.add(new Value("Before", note.bpm() + " beats per minute at " + times.format(note.raisedAt())));
        values.add(new Value("Your range", range(note)));
        return values;
    }

    private List<Value> aboutRider(AlertNotification note) {
        List<Value> values = new ArrayList<>();
        values.add(new Value(
                "Rider",
                "%s (number %d)".formatted(name(note), note.rider().riderId()).strip()));
        values.add(new Value("Ride", String.valueOf(note.key().rideId())));
        values.add(new Value("Severity", note.critical() ? "critical" : "warning"));
        values.addAll(measured(note));
        return values;
    }

    private static String range(AlertNotification note) {
        return "%d to %d beats per minute"
                .formatted(note.limits().minBpm(), note.limits().maxBpm());
    }

    private static List<String> advice(AlertNotification note) {
        String first =
                note.high() ? "Please slow down and let your heart rate come down." : "Please stop for a moment.";
        return List.of(first, STOP, HONEST);
    }

    private static String plain(MailText words) {
        StringBuilder text = new StringBuilder();
        text.append(words.greeting()).append("\n\n").append(words.lead()).append("\n\n");
        words.values().forEach(v -> text.append("  %s: %s\n".formatted(v.label(), line(v.text()))));
        words.advice().forEach(a -> text.append('\n').append(a).append('\n'));
        if (words.link() != null) {
            text.append("\nTell us that you have seen this:\n")
                    .append(words.link())
                    .append('\n');
        }
        return text.append("\nDeloton\n").toString();
    }

    private static String body(MailText words) {
        StringBuilder body = new StringBuilder();
        body.append(HtmlMail.paragraph(words.greeting())).append(HtmlMail.paragraph(words.lead()));
        body.append(HtmlMail.TABLE);
        words.values().forEach(v -> body.append(HtmlMail.row(v.label(), line(v.text()))));
        body.append("</table>");
        words.advice().forEach(a -> body.append(HtmlMail.paragraph(a)));
        if (words.link() != null) {
            body.append(HtmlMail.button(words.link(), "I have seen this"));
        }
        return body.append("<p style=\"margin:24px 0 0\">")
                .append(html("Deloton"))
                .append("</p>")
                .toString();
    }
}
