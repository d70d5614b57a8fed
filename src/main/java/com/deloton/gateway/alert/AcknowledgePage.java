package com.deloton.gateway.alert;

import static com.deloton.gateway.mail.MailText.html;

import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;

/**
 * The page that an acknowledge link opens. GET changes nothing, because mail programs prefetch links; the rider
 * acknowledges with a button.
 */
final class AcknowledgePage {
    private static final String BUTTON = "<form method=\"post\"><button type=\"submit\">I have seen it</button></form>";

    private final AcknowledgeLink links;
    private final AlertStore store;
    private final InstantSource clock;

    AcknowledgePage(AcknowledgeLink links, AlertStore store, InstantSource clock) {
        this.links = links;
        this.store = store;
        this.clock = clock;
    }

    void mount(Router router) {
        String path = AcknowledgeLink.PATH + ":token";
        router.get(path).handler(this::show);
        router.post(path).handler(this::acknowledge);
    }

    private void show(RoutingContext http) {
        switch (read(http)) {
            case AcknowledgeLink.Parsed.Valid valid ->
                answer(
                        http,
                        200,
                        "Heart-rate alert",
                        "Please confirm that you have seen our mail about your ride.",
                        BUTTON);
            case AcknowledgeLink.Parsed.Expired expired -> expired(http);
            case AcknowledgeLink.Parsed.Forged forged -> forged(http);
        }
    }

    private void acknowledge(RoutingContext http) {
        switch (read(http)) {
            case AcknowledgeLink.Parsed.Valid valid ->
                store.acknowledge(valid.alert())
                        .compose(exists -> {
                            if (exists) {
                                answer(http, 200, "Thank you", "Your confirmation is stored.", "");
                            } else {
                                forged(http);
                            }
                            return Future.succeededFuture();
                        })
                        .onFailure(e -> answer(
                                http,
                                503,
                                "Please try again",
                                "Your confirmation could not be stored just now.",
                                BUTTON));
            case AcknowledgeLink.Parsed.Expired expired -> expired(http);
            case AcknowledgeLink.Parsed.Forged forged -> forged(http);
        }
    }

    private AcknowledgeLink.Parsed read(RoutingContext http) {
        String token = http.pathParam("token");
        return token == null ? new AcknowledgeLink.Parsed.Forged() : links.read(token, clock.instant());
    }

    private static void expired(RoutingContext http) {
        answer(http, 410, "This link has expired", "The alert can no longer be acknowledged.", "");
    }

    private static void forged(RoutingContext http) {
        answer(http, 404, "This link does not work", "Please copy the complete link from the mail.", "");
    }

    private static void answer(RoutingContext http, int status, String title, String text, String form) {
        http.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader(
                        "Content-Security-Policy",
                        "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
                .end("""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
            <title>%s – Deloton</title></head>
            <body><main><h1>%s</h1><p>%s</p>%s</main></body></html>
            """.formatted(html(title), html(title), html(text), form));
    }
}
