package com.deloton.gateway.local.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MailboxPageIT {
    private static final String SOURCE = """
            Subject: hostile
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary=b

            --b
            Content-Type: text/plain; charset=utf-8

            plain words
            --b
            Content-Type: multipart/related; boundary=c

            --c
            Content-Type: text/html; charset=utf-8

            <p>Zo\u00eb <script>alert(1)</script><img src="cid:power"></p>
            --c
            Content-Type: image/png
            Content-ID: <power>
            Content-Transfer-Encoding: base64

            iVBORw==
            --c--
            --b--
            """;

    private final Vertx vertx = Vertx.vertx();
    private final WebClient client = WebClient.create(vertx);
    private int port;

    @BeforeEach
    void serve() throws Exception {
        MimeMessage message = new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(SOURCE.getBytes(StandardCharsets.UTF_8)));
        Router router = Router.router(vertx);
        new MailboxPage(() -> List.of(new MailboxPage.Mail(
                        "<b>hostile</b>",
                        List.of("\"x\"@example.com"),
                        Instant.parse("2026-11-24T10:00:00.5Z"),
                        message)))
                .accept(router);
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        port = server.actualPort();
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void listsMailsWithForeignTextEscaped() throws Exception {
        assertThat(get("/mail").bodyAsString())
                .contains("&lt;b&gt;hostile&lt;/b&gt;", "&quot;x&quot;@example.com", "2026-11-24T10:00:00Z")
                .doesNotContain("<b>");
    }

    @Test
    void showsTheHtmlInASandboxWhereNothingRuns() throws Exception {
        HttpResponse<Buffer> shown = get("/mail/0/html");

        assertThat(shown.bodyAsString()).contains("<p>Zoë");
        assertThat(shown.getHeader("Content-Security-Policy")).contains("default-src 'none'", "sandbox");
    }

    @Test
    void showsThePicturesOfTheMail() throws Exception {
        assertThat(get("/mail/0/html").bodyAsString())
                .contains("<img src=\"data:image/png;base64,iVBORw==\">")
                .doesNotContain("cid:");
    }

    @Test
    void theStylesheetOfTheListIsServed() throws Exception {
        assertThat(get("/mail").bodyAsString()).contains("href=\"/mail/mailbox.css\"");
        assertThat(get("/mail/mailbox.css").getHeader("content-type")).startsWith("text/css");
    }

    @Test
    void showsTheTextAndTheSource() throws Exception {
        assertThat(get("/mail/0/text").bodyAsString()).contains("plain words").doesNotContain("<p>");
        assertThat(get("/mail/0/source").bodyAsString()).contains("Subject: hostile", "multipart/alternative");
    }

    @Test
    void anyOtherMailIsNotFound() throws Exception {
        assertThat(get("/mail/1/html").statusCode()).isEqualTo(404);
        assertThat(get("/mail/-1/html").statusCode()).isEqualTo(404);
        assertThat(get("/mail/99999999999/source").statusCode()).isEqualTo(404);
    }

    private HttpResponse<Buffer> get(String path) throws Exception {
        return await(client.get(port, "127.0.0.1", path).send());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
