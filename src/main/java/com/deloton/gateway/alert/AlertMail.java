package com.deloton.gateway.alert;

import static com.deloton.gateway.mail.MailText.html;
import static com.deloton.gateway.mail.MailText.line;

import com.deloton.gateway.alert.AlertNotification.Measured;
import com.deloton.gateway.alert.HeartRateChart.Picture;
import com.deloton.gateway.config.AlertConfig;
import com.deloton.gateway.mail.OutgoingMail;
import com.deloton.gateway.mail.OutgoingMail.Part;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the mails to riders and staff, as plain text and as HTML of the same content. */
final class AlertMail {
    private static final String STOP_SIGNS =
            "Stop riding and get medical help at once if you have chest pain, feel dizzy or"
                    + " faint, or are unusually short of breath.";
    private static final String LATER_STOP_SIGNS =
            "Get medical help at once if you have chest pain, feel dizzy or faint, or"
                    + " are unusually short of breath.";
    private static final String DISCLAIMER =
            "This is information, not a diagnosis. The range is an estimate, unless it was agreed"
                    + " with you, and sensors can be wrong. If it happens again, talk to a doctor.";

    private static final String LATE = " This mail reaches you late.";

    private static final String PICTURE = "heartrate";

    private final AcknowledgeLink links;
    private final DateTimeFormatter times;
    private final DateTimeFormatter shortTimes;

    AlertMail(AlertConfig config, AcknowledgeLink links) {
        this.links = links;
        times = DateTimeFormatter.ofPattern("HH:mm:ss zzz, EEEE d MMMM uuuu", Locale.UK)
                .withZone(config.zone());
        shortTimes = DateTimeFormatter.ofPattern("HH:mm", Locale.UK).withZone(config.zone());
    }

    /** A row of the table of values. */
    private record Value(String label, String text) {}

    private record MailText(
            String subject,
            String greeting,
            String lead,
            List<Value> values,
            List<String> advice,
            @Nullable Link link) {}

    /** The button of a mail, after the sentence {@code request}. */
    private record Link(String url, String request, String button) {
        static Link acknowledge(String url) {
            return new Link(url, "Tell us that you have seen this, or that the sensor was wrong:", "I have seen this");
        }
    }

    /**
     * Writes a mail.
     *
     * @param late whether the alert is too old for the present tense and for advice on the ride
     * @param picture the heart rate around the alert; null without enough readings
     */
    OutgoingMail message(
            AlertNotification notification, List<String> to, Instant now, boolean late, @Nullable Picture picture) {
        MailText text = text(notification, now, late);
        String subject = line(text.subject());
        List<Part> inline =
                picture == null ? List.of() : List.of(new Part(PICTURE + ".png", "image/png", picture.png()));
        return new OutgoingMail(
                to, subject, plain(text), HtmlMail.page(subject, body(text, picture)), Map.of(), inline, List.of());
    }

    private MailText text(AlertNotification notification, Instant now, boolean late) {
        Link link = Link.acknowledge(links.url(notification.key(), now));
        String time = shortTimes.format(notification.raisedAt());
        return switch (notification.kind()) {
            case ALERT ->
                late
                        ? new MailText(
                                RuleWords.pastSubject(notification, "At " + time),
                                greeting(notification),
                                pastLead(notification, time) + LATE,
                                measured(notification),
                                List.of(LATER_STOP_SIGNS, DISCLAIMER),
                                link)
                        : new MailText(
                                RuleWords.subject(notification),
                                greeting(notification),
                                RuleWords.lead(notification, "On your bike ride"),
                                measured(notification),
                                List.of(RuleWords.advice(notification), STOP_SIGNS, DISCLAIMER),
                                link);
            case REMINDER ->
                new MailText(
                        RuleWords.pastSubject(notification, "Reminder: at " + time),
                        greeting(notification),
                        "You have not acknowledged this alert yet. " + pastLead(notification, time),
                        measured(notification),
                        List.of(LATER_STOP_SIGNS, DISCLAIMER),
                        link);
            case RECOVERY ->
                new MailText(
                        late ? "Your heart rate was back in your range" : "Your heart rate is back in your range",
                        greeting(notification),
                        late
                                ? "Your heart rate was back in the range expected for you." + LATE
                                : "Your heart rate is back in the range expected for you.",
                        recovered(notification),
                        List.of(late ? LATER_STOP_SIGNS : STOP_SIGNS, DISCLAIMER),
                        null);
            case ESCALATION ->
                new MailText(
                        "A rider has not acknowledged a heart-rate alert",
                        "Hello,",
                        "A rider's heart rate was %s the expected range, and the rider has not acknowledged the mail about it."
                                .formatted(notification.high() ? "above" : "below"),
                        aboutRider(notification),
                        List.of("This is information, not a diagnosis."),
                        new Link(
                                links.ride(notification.key().rideId()),
                                "The ride in the dashboard:",
                                "Open the ride"));
        };
    }

    private static String pastLead(AlertNotification notification, String time) {
        return RuleWords.lead(notification, "On your bike ride at " + time);
    }

    private static String greeting(AlertNotification notification) {
        String name = name(notification);
        return name.isEmpty() ? "Hello," : "Hello " + name + ",";
    }

    private static String name(AlertNotification notification) {
        String title = notification.rider().title();
        String name = notification.rider().name();
        return name == null ? "" : line(title == null ? name : title + " " + name);
    }

    private List<Value> measured(AlertNotification notification) {
        return List.of(
                new Value("Measured", notification.bpm() + " beats per minute"),
                new Value("When", times.format(notification.raisedAt())),
                new Value(RuleWords.limitsLabel(notification), RuleWords.limits(notification)));
    }

    private List<Value> recovered(AlertNotification notification) {
        List<Value> values = new ArrayList<>();
        if (notification.recovery() != null) {
            values.add(new Value("Measured", notification.recovery().bpm() + " beats per minute"));
            values.add(new Value("When", times.format(notification.recovery().at())));
        }
        values.add(new Value(
                "Before", notification.bpm() + " beats per minute at " + times.format(notification.raisedAt())));
        values.add(new Value(RuleWords.limitsLabel(notification), RuleWords.limits(notification)));
        return values;
    }

    private List<Value> aboutRider(AlertNotification notification) {
        List<Value> values = new ArrayList<>();
        values.add(new Value(
                "Rider",
                "%s (number %d)"
                        .formatted(name(notification), notification.rider().riderId())
                        .strip()));
        AlertNotification.Situation situation = notification.situation();
        values.add(new Value("Bike", situation.bike() == null ? "unknown" : line(situation.bike())));
        values.add(new Value("Ride", String.valueOf(notification.key().rideId())));
        values.add(new Value("Severity", SeverityWord.of(notification.critical())));
        values.add(new Value("Measured", notification.bpm() + " beats per minute"));
        values.add(new Value("When", times.format(notification.raisedAt())));
        values.add(new Value("Range", RuleWords.limits(notification)));
        Measured back = notification.recovery();
        Measured last = back == null ? situation.latest() : back;
        if (last != null) {
            values.add(new Value(
                    back == null ? "Latest" : "Back in range",
                    "%d beats per minute at %s".formatted(last.bpm(), times.format(last.at()))));
            values.add(new Value("Duration", duration(Duration.between(situation.firstAt(), last.at()))));
        }
        return values;
    }

    private static String duration(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
    }

    private static String plain(MailText text) {
        StringBuilder plain = new StringBuilder();
        plain.append(text.greeting()).append("\n\n").append(text.lead()).append("\n\n");
        text.values().forEach(v -> plain.append("  %s: %s\n".formatted(v.label(), line(v.text()))));
        text.advice().forEach(a -> plain.append('\n').append(a).append('\n'));
        if (text.link() != null) {
            plain.append('\n')
                    .append(text.link().request())
                    .append('\n')
                    .append(text.link().url())
                    .append('\n');
        }
        return plain.append("\nDeloton\n").toString();
    }

    private static String body(MailText text, @Nullable Picture picture) {
        StringBuilder body = new StringBuilder();
        body.append(HtmlMail.paragraph(text.greeting())).append(HtmlMail.paragraph(text.lead()));
        body.append(HtmlMail.TABLE);
        text.values().forEach(v -> body.append(HtmlMail.row(v.label(), line(v.text()))));
        body.append("</table>");
        if (picture != null) {
            body.append(HtmlMail.picture(PICTURE, picture.height(), picture.alt()));
        }
        text.advice().forEach(a -> body.append(HtmlMail.paragraph(a)));
        if (text.link() != null) {
            body.append(HtmlMail.paragraph(text.link().request()))
                    .append(HtmlMail.button(text.link().url(), text.link().button()));
        }
        return body.append("<p style=\"margin:24px 0 0\">")
                .append(html("Deloton"))
                .append("</p>")
                .toString();
    }
}
