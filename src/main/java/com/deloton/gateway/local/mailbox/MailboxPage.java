package com.deloton.gateway.local.mailbox;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /mail}: the mails that the local mail server received, each as HTML, text and source. */
public final class MailboxPage implements Consumer<Router> {
    /** Inline styles and images only: no scripts, nothing loaded from elsewhere. */
    private static final String MAIL_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'";

    private static final String STYLE = style();

    private final Supplier<List<Mail>> mails;

    /** A received mail; {@code to} are the recipients of the envelope. */
    public record Mail(String subject, List<String> to, Instant date, MimeMessage message) {}

    public MailboxPage(Supplier<List<Mail>> mails) {
        this.mails = mails;
    }

    @Override
    public void accept(Router router) {
        router.get("/mail").handler(this::list);
        router.get("/mail/mailbox.css").handler(context -> send(context, "text/css; charset=utf-8", STYLE));
        router.get("/mail/:number/html").handler(context -> show(context, "text/html"));
        router.get("/mail/:number/text").handler(context -> show(context, "text/plain"));
        router.get("/mail/:number/source").handler(this::source);
    }

    private void list(RoutingContext context) {
        List<Mail> received = mails.get();
        StringBuilder page = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="en">
                <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Mailbox</title><link rel="icon" href="/favicon.svg" type="image/svg+xml">
                <link rel="stylesheet" href="/mail/mailbox.css"></head>
                <body><main><p><a href="/">Dashboard</a></p><h1>Mailbox</h1>
                <p>Mails that this gateway sent. The mail server stores them and forwards none.</p>
                """);
        if (received.isEmpty()) {
            page.append("<p>No mail yet.</p>\n");
        }
        page.append("<ul>\n");
        for (int i = received.size() - 1; i >= 0; i--) {
            Mail mail = received.get(i);
            page.append("""
                    <li><time datetime="%s">%s</time> to %s<br><a href="/mail/%d/html">%s</a> \
                    (<a href="/mail/%d/text">text</a>, <a href="/mail/%d/source">source</a>)</li>
                    """.formatted(
                            mail.date(),
                            mail.date().truncatedTo(ChronoUnit.SECONDS),
                            escaped(String.join(", ", mail.to())),
                            i,
                            escaped(mail.subject().isBlank() ? "(no subject)" : mail.subject()),
                            i,
                            i));
        }
        page.append("</ul></main></body></html>\n");
        send(context, "text/html; charset=utf-8", page.toString());
    }

    private void show(RoutingContext context, String type) {
        Mail mail = mail(context);
        if (mail == null) {
            return;
        }
        try {
            String body = find(mail.message(), type);
            if (body == null) {
                context.fail(404);
                return;
            }
            context.response().putHeader("Content-Security-Policy", MAIL_POLICY);
            boolean hasPictures = type.equals("text/html");
            send(context, type + "; charset=utf-8", hasPictures ? InlinePictures.embedded(body, mail.message()) : body);
        } catch (MessagingException | IOException e) {
            context.fail(e);
        }
    }

    private void source(RoutingContext context) {
        Mail mail = mail(context);
        if (mail == null) {
            return;
        }
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            mail.message().writeTo(out);
            send(context, "text/plain; charset=utf-8", out.toString(StandardCharsets.UTF_8));
        } catch (MessagingException | IOException e) {
            context.fail(e);
        }
    }

    /** The mail with the number in the path; null after failing the request with 404. */
    private @Nullable Mail mail(RoutingContext context) {
        List<Mail> received = mails.get();
        String number = Objects.requireNonNullElse(context.pathParam("number"), "");
        if (!number.matches("\\d{1,6}") || Integer.parseInt(number) >= received.size()) {
            context.fail(404);
            return null;
        }
        return received.get(Integer.parseInt(number));
    }

    private static String style() {
        try (InputStream css = MailboxPage.class.getResourceAsStream("mailbox.css")) {
            return new String(Objects.requireNonNull(css).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable String find(Part part, String type) throws MessagingException, IOException {
        if (part.isMimeType(type) && part.getContent() instanceof String text) {
            return text;
        }
        if (part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                BodyPart below = parts.getBodyPart(i);
                String found = find(below, type);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static void send(RoutingContext context, String type, String body) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body)
                .onFailure(context::fail);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
