package com.deloton.gateway.alert;

import com.deloton.gateway.alert.AcknowledgeLink.Parsed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The page that an acknowledge link opens. GET changes nothing, because mail programs prefetch links; the rider answers
 * with a button.
 */
final class AcknowledgePage {
    private static final String TOKEN = AcknowledgeLink.PATH + ":token";
    private static final String SENSOR = "/sensor";
    private static final String PICTURE = "/picture.png";

    private final AcknowledgeLink links;
    private final AlertRecord.Store store;
    private final AcknowledgeHtml html;
    private final InstantSource clock;
    private final Counter sensorAnswers;

    AcknowledgePage(
            AcknowledgeLink links, AlertRecord.Store store, ZoneId zone, InstantSource clock, MeterRegistry registry) {
        this.links = links;
        this.store = store;
        this.clock = clock;
        html = new AcknowledgeHtml(zone);
        sensorAnswers = Counter.builder("deloton.alert.sensor.answers")
                .description("Alerts whose rider answered that the sensor was wrong")
                .register(registry);
    }

    void mount(Router router) {
        router.get(TOKEN).handler(http -> withAlert(http, this::show));
        router.get(TOKEN + PICTURE).handler(http -> withAlert(http, this::picture));
        router.post(TOKEN).handler(http -> withAlert(http, (h, alert) -> answer(h, alert, false)));
        router.post(TOKEN + SENSOR).handler(http -> withAlert(http, (h, alert) -> answer(h, alert, true)));
    }

    private void withAlert(RoutingContext http, BiConsumer<RoutingContext, AlertNotification.Key> action) {
        String token = http.pathParam("token");
        switch (token == null ? new Parsed.Forged() : links.read(token, clock.instant())) {
            case Parsed.Valid valid -> action.accept(http, valid.alert());
            case Parsed.Expired expired -> end(http, 410, AcknowledgeHtml.EXPIRED);
            case Parsed.Forged forged -> end(http, 404, AcknowledgeHtml.FORGED);
        }
    }

    private void show(RoutingContext http, AlertNotification.Key alert) {
        store.read(alert)
                .onSuccess(found -> page(http, found, ""))
                .onFailure(e -> end(http, 503, AcknowledgeHtml.UNAVAILABLE));
    }

    private void answer(RoutingContext http, AlertNotification.Key alert, boolean sensorFault) {
        store.read(alert)
                .compose(before -> before == null
                        ? Future.succeededFuture(before)
                        : store.acknowledge(alert, sensorFault)
                                .compose(v -> store.read(alert))
                                .onSuccess(after -> {
                                    if (sensorFault && !before.sensorFault()) {
                                        sensorAnswers.increment();
                                    }
                                }))
                .onSuccess(after -> page(http, after, AcknowledgeHtml.THANKS))
                .onFailure(e -> end(http, 503, AcknowledgeHtml.UNAVAILABLE));
    }

    private void page(RoutingContext http, @Nullable AlertRecord alert, String notice) {
        if (alert == null) {
            end(http, 404, AcknowledgeHtml.FORGED);
        } else {
            String token = String.valueOf(http.pathParam("token"));
            end(http, 200, html.page(alert, links.page(token), SENSOR, PICTURE, notice));
        }
    }

    private void picture(RoutingContext http, AlertNotification.Key alert) {
        store.read(alert)
                .compose(found -> found == null
                        ? Future.failedFuture("no alert")
                        : store.points(alert, HeartRateChart.SECONDS)
                                .compose(points -> http.vertx()
                                        .executeBlocking(
                                                () -> HeartRateChart.draw(points, found.limits(), found.bpm()), false)))
                .onSuccess(drawn -> {
                    if (drawn == null) {
                        http.response().setStatusCode(404).end();
                    } else {
                        protect(http).putHeader("Content-Type", "image/png").end(Buffer.buffer(drawn.png()));
                    }
                })
                .onFailure(e -> http.response().setStatusCode(404).end());
    }

    private static void end(RoutingContext http, int status, String page) {
        protect(http)
                .setStatusCode(status)
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .end(page);
    }

    private static HttpServerResponse protect(RoutingContext http) {
        return http.response()
                .putHeader("Cache-Control", "no-store")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src '" + AcknowledgeHtml.STYLE_HASH
                                + "'; img-src 'self'; form-action 'self';"
                                + " base-uri 'none'; frame-ancestors 'none'");
    }
}
