package com.deloton.gateway.alert;

import static com.deloton.gateway.testing.IngestFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AcknowledgePageIT {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final AlertFixture fixture = new AlertFixture();
    private final AcknowledgeLink links = new AcknowledgeLink(AlertFixture.SECRET, "", Duration.ofDays(7));
    private Instant now = NOW;
    private int port;

    @BeforeEach
    void serve() throws Exception {
        Router router = Router.router(fixture.vertx);
        InstantSource clock = () -> now;
        AlertVerticle.mountPages(router, AlertFixture.CONFIG, "", fixture.pool, clock);
        HttpServer server =
                await(fixture.vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        port = server.actualPort();
        fixture.rider(1, null, "Zoë", "zoe@example.com");
        fixture.hearts(1, 1, 190, 190, 190);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void lookingChangesNothingAndTheButtonAcknowledges() throws Exception {
        String url = links.url(new AlertNotification.Key(1, 1), NOW);

        HttpResponse<?> page = call(HttpMethod.GET, url);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.bodyAsString()).contains("<form method=\"post\">", "<html lang=\"en\">");
        assertThat(page.getHeader("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(page.getHeader("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(acknowledged()).isZero();

        assertThat(call(HttpMethod.POST, url).bodyAsString()).contains("Thank you");
        assertThat(call(HttpMethod.POST, url).statusCode()).isEqualTo(200);
        assertThat(acknowledged()).isEqualTo(1);
    }

    @Test
    void linksThatAreForgedExpiredOrOfNothingDoNothing() throws Exception {
        String url = links.url(new AlertNotification.Key(1, 1), NOW);

        assertThat(call(HttpMethod.POST, url.replace("/1.1.", "/1.2.")).statusCode())
                .isEqualTo(404);
        assertThat(call(HttpMethod.POST, url.substring(0, url.length() - 2) + "AA")
                        .statusCode())
                .isEqualTo(404);
        assertThat(call(HttpMethod.GET, AcknowledgeLink.PATH + "x").statusCode())
                .isEqualTo(404);
        assertThat(call(HttpMethod.POST, links.url(new AlertNotification.Key(9, 9), NOW))
                        .statusCode())
                .isEqualTo(404);
        String other = new AcknowledgeLink("another secret of thirty-two characters", "", Duration.ofDays(7))
                .url(new AlertNotification.Key(1, 1), NOW);
        assertThat(call(HttpMethod.POST, other).statusCode()).isEqualTo(404);
        now = NOW.plus(Duration.ofDays(8));
        assertThat(call(HttpMethod.POST, url).statusCode()).isEqualTo(410);
        assertThat(acknowledged()).isZero();
    }

    private HttpResponse<?> call(HttpMethod method, String path) throws Exception {
        return await(WebClient.create(fixture.vertx)
                .request(method, port, "127.0.0.1", path)
                .send());
    }

    private long acknowledged() {
        return fixture.warehouse.count("SELECT count(*) FROM alert WHERE acknowledged_at IS NOT NULL");
    }
}
