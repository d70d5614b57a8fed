package com.deloton.gateway.alert;

import static com.deloton.gateway.testing.IngestFixture.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.imageio.ImageIO;
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
        AlertVerticle.mountPages(router, AlertFixture.CONFIG, "", fixture.pool, clock, fixture.meters);
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
        assertThat(page.bodyAsString())
                .contains("<form method=\"post\"", "<html lang=\"en\">", "190 beats per minute", "50 to 180");
        assertThat(page.getHeader("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(page.getHeader("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(acknowledged()).isZero();

        assertThat(call(HttpMethod.POST, url).bodyAsString()).contains("Thank you");
        assertThat(call(HttpMethod.POST, url).statusCode()).isEqualTo(200);
        assertThat(acknowledged()).isEqualTo(1);
    }

    @Test
    void thePageRemembersTheAnswerAndCountsASensorFaultOnce() throws Exception {
        String url = links.url(new AlertNotification.Key(1, 1), NOW);
        assertThat(call(HttpMethod.GET, url).bodyAsString()).contains("I have seen this", "It was the sensor");

        call(HttpMethod.POST, url);
        assertThat(call(HttpMethod.GET, url).bodyAsString())
                .contains("You acknowledged this alert at", "It was the sensor")
                .doesNotContain("I have seen this");

        assertThat(call(HttpMethod.POST, url + "/sensor").bodyAsString()).contains("Thank you", "it was the sensor");
        call(HttpMethod.POST, url + "/sensor");
        assertThat(call(HttpMethod.GET, url).bodyAsString()).doesNotContain("<form");
        assertThat(fixture.warehouse.rows("SELECT rider_answer FROM alert")).containsExactly(List.of("sensor_fault"));
        assertThat(fixture.meters.get("deloton.alert.sensor.answers").counter().count())
                .isEqualTo(1);
    }

    @Test
    void thePageShowsTheRideAndAPictureOfTheMinutesAround() throws Exception {
        fixture.ride(1, 1, "SN0007", 150, 170, 190, 190, 190, 0, 188, 176);
        String url = links.url(new AlertNotification.Key(1, 1), NOW);

        assertThat(call(HttpMethod.GET, url).bodyAsString()).contains("SN0007", "started at", "/picture.png");
        HttpResponse<?> picture = call(HttpMethod.GET, url + "/picture.png");
        assertThat(picture.getHeader("Content-Type")).isEqualTo("image/png");
        BufferedImage image = ImageIO.read(
                new ByteArrayInputStream(requireNonNull(picture.bodyAsBuffer()).getBytes()));
        assertThat(image.getWidth()).isEqualTo(2 * 592);
        assertThat(call(HttpMethod.GET, url.replace("/1.1.", "/1.2.") + "/picture.png")
                        .statusCode())
                .isEqualTo(404);
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
