package com.deloton.gateway.webhook;

import static com.deloton.gateway.testing.IngestFixture.await;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.webhook.WebhookConfig.Targets;
import com.deloton.gateway.config.webhook.WebhookEndpoint;
import com.deloton.gateway.config.webhook.WebhookEndpoint.Form;
import com.deloton.gateway.testing.AsyncApi;
import com.deloton.gateway.webhook.WebhookFixture.Received;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebhookIT {
    private WebhookFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new WebhookFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void eventsOfAnAlertArriveSignedAndInOrder() throws Exception {
        fixture.start(fixture.endpoint("ops", Form.STANDARD));
        fixture.raise(1, "warning");
        fixture.acknowledge(1);
        fixture.recover(1);

        awaitTrue(() -> fixture.count("status = 'sent'") == 3);
        assertThat(fixture.received)
                .extracting(request -> request.json().getString("type"))
                .containsExactly("alert.raised", "alert.acknowledged", "alert.recovered");
        assertThat(fixture.received)
                .allSatisfy(request -> assertThat(AsyncApi.violations("webhook", "alertEvent", request.json()))
                        .isEmpty());
        Received raised = fixture.received.getFirst();
        assertThat(raised.header("webhook-id")).isEqualTo("alert.raised-1-10");
        assertThat(raised.header("webhook-signature")).isEqualTo("v1," + signature(raised));
        assertThat(Long.parseLong(raised.header("webhook-timestamp")))
                .isCloseTo(Instant.now().getEpochSecond(), org.assertj.core.data.Offset.offset(30L));
        JsonObject data = raised.json().getJsonObject("data");
        assertThat(data.getString("alertId")).isEqualTo("1-10");
        assertThat(data.getInteger("raisedBpm")).isEqualTo(190);
        assertThat(data.getString("url")).isEqualTo("https://gateway.example.com/#/ride/1");
        assertThat(data.fieldNames()).doesNotContain("riderName", "minBpm", "maxBpm");
    }

    /** By the text of the specification, without code of the product. */
    private static String signature(Received request) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "HmacSHA256"));
        String signed = request.header("webhook-id") + "." + request.header("webhook-timestamp") + "." + request.body();
        return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
    }

    @Test
    void ridesAndReportsAreEventsOfTheirOwn() throws Exception {
        fixture.start(fixture.endpoint("ops", Form.STANDARD));
        fixture.warehouse.execute("""
                INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('t', 0, 0);
                INSERT INTO ride (ride_id, source_id, stream_key, started_at, gender)
                SELECT 5, source_id, 'k', now(), 'unknown' FROM ingest_position;
                UPDATE ride SET status = 'completed', ended_at = now(), duration_s = 600, energy_kj = 80.25;
                INSERT INTO daily_report (day, status, revision, rides, riders) VALUES ('2026-11-23', 'ready', 1, 9, 4);
                UPDATE daily_report SET status = 'sent', sent_at = now()""");

        awaitTrue(() -> fixture.count("status = 'sent'") == 2);
        assertThat(fixture.received)
                .extracting(request -> request.header("webhook-id"))
                .containsExactlyInAnyOrder("ride.ended-5", "report.sent-2026-11-23-1");
        assertThat(fixture.received)
                .allSatisfy(request -> assertThat(AsyncApi.violations(
                                "webhook",
                                request.header("webhook-id").startsWith("ride") ? "rideEnded" : "reportSent",
                                request.json()))
                        .isEmpty());
        assertThat(fixture.received)
                .anySatisfy(request -> assertThat(
                                request.json().getJsonObject("data").getInteger("durationS"))
                        .isEqualTo(600));
    }

    @Test
    void slackAndPagerDutyGetTheirOwnForms() throws Exception {
        fixture.start(
                fixture.endpoint("slack", Form.SLACK),
                fixture.endpoint("pager", Form.PAGERDUTY, "alert.raised", "alert.recovered"));
        fixture.raise(1, "critical");
        fixture.recover(1);

        awaitTrue(() -> fixture.count("status = 'sent'") == 4);
        assertThat(fixture.at("/slack").getFirst().json().getString("text"))
                .isEqualTo("Critical: heart rate above the range of rider 7, 190 bpm");
        List<JsonObject> pager =
                fixture.at("/pager").stream().map(Received::json).toList();
        assertThat(pager).extracting(event -> event.getString("event_action")).containsExactly("trigger", "resolve");
        assertThat(pager).extracting(event -> event.getString("dedup_key")).containsOnly("deloton-alert-1-10");
        assertThat(pager.getFirst().getString("routing_key")).isEqualTo("R123");
        assertThat(pager.getFirst().getJsonObject("payload").getString("severity"))
                .isEqualTo("critical");
    }

    @Test
    void filtersChooseEventsAndSeverity() throws Exception {
        WebhookEndpoint all = fixture.endpoint("pager", Form.STANDARD, "alert.raised");
        fixture.start(
                fixture.endpoint("recovered", Form.STANDARD, "alert.recovered"),
                new WebhookEndpoint("pager", all.url(), all.form(), all.secrets(), all.events(), true, false));
        fixture.raise(1, "warning");
        fixture.raise(2, "critical");
        fixture.recover(1);

        awaitTrue(() -> fixture.count("status = 'sent'") == 2);
        assertThat(fixture.count("true")).isEqualTo(2);
        assertThat(fixture.at("/pager"))
                .singleElement()
                .satisfies(request -> assertThat(request.header("webhook-id")).isEqualTo("alert.raised-2-10"));
    }

    @Test
    void aMisbehavingEndpointGetsEachEventAgainUnderItsIdAndNoneIsLost() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        fixture.script("/ops", request -> {
            switch (calls.getAndIncrement()) {
                case 0 -> request.response().setStatusCode(500).end("out of order");
                case 1 -> request.connection().close();
                case 2 -> {}
                case 3 ->
                    request.response()
                            .setStatusCode(302)
                            .putHeader("Location", "/elsewhere")
                            .end();
                case 4 -> request.response().setStatusCode(400).setChunked(true).write("x".repeat(200_000));
                case 5 -> request.response().setStatusCode(200).setChunked(true).write("never ends");
                default -> request.response().setStatusCode(204).end();
            }
        });
        fixture.start(fixture.endpoint("ops", Form.STANDARD, "alert.raised"));
        fixture.raise(1, "warning");

        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
        assertThat(fixture.received)
                .hasSize(6)
                .extracting(r -> r.header("webhook-id"))
                .containsOnly("alert.raised-1-10");
        assertThat(fixture.at("/elsewhere")).isEmpty();
        assertThat(fixture.warehouse.rows("SELECT attempt, outcome, http_status FROM webhook_attempt ORDER BY attempt"))
                .containsExactly(
                        List.of(1, "failed", 500),
                        java.util.Arrays.asList(2, "failed", null),
                        java.util.Arrays.asList(3, "failed", null),
                        List.of(4, "failed", 302),
                        List.of(5, "failed", 400),
                        List.of(6, "accepted", 200));
        assertThat(fixture.warehouse.rows(
                        "SELECT answer FROM webhook_attempt WHERE attempt IN (1, 3, 4) ORDER BY attempt"))
                .containsExactly(
                        List.of("500 Internal Server Error out of order"),
                        List.of("no response within 2000 ms"),
                        List.of("302 Found redirects are not followed; expected the final URL in the configuration"));
        assertThat(fixture.warehouse.rows("SELECT failures, failing_since IS NULL FROM webhook_endpoint"))
                .containsExactly(List.of(0, true));
    }

    @Test
    void aPrivateAddressIsNotCalled() throws Exception {
        fixture.start(WebhookFixture.config(
                Targets.PUBLIC, Duration.ofHours(1), fixture.endpoint("ops", Form.STANDARD, "alert.raised")));
        fixture.raise(1, "warning");

        awaitTrue(() -> fixture.count("attempts > 1") == 1);
        assertThat(fixture.received).isEmpty();
        assertThat(fixture.warehouse.rows("SELECT DISTINCT answer FROM webhook_attempt WHERE attempt = 1"))
                .containsExactly(List.of("UnknownHostException: 127.0.0.1 is not a public address;"
                        + " name its host in webhook.private-hosts to allow it"));
    }

    @Test
    void aDeadEndpointIsDisabledAndGetsWhatItMissedWhenEnabled() throws Exception {
        fixture.script("/ops", request -> request.response().setStatusCode(503).end());
        fixture.start(WebhookFixture.config(
                Targets.THIS_MACHINE, Duration.ofMillis(200), fixture.endpoint("ops", Form.STANDARD, "alert.raised")));
        fixture.raise(1, "warning");

        awaitTrue(() -> fixture.meters.get("deloton.webhook.disabled").gauge().value() == 1);
        fixture.raise(2, "warning");
        assertThat(fixture.warehouse.rows("SELECT disabled_reason FROM webhook_endpoint"))
                .containsExactly(List.of("503 Service Unavailable"));
        JsonObject check =
                await(fixture.ready.checkStatus("webhook")).getStatus().getData();
        assertThat(check.getJsonObject("disabled")).isEqualTo(new JsonObject().put("ops", "503 Service Unavailable"));
        fixture.unscript("/ops");
        int before = fixture.received.size();
        fixture.warehouse.execute("UPDATE webhook_endpoint SET disabled_at = NULL, failing_since = NULL, failures = 0");

        awaitTrue(() -> fixture.count("status = 'sent'") == 2);
        assertThat(fixture.received).hasSize(before + 2);
    }

    @Test
    void anEndpointThatIsGoneIsDisabledAtOnce() throws Exception {
        fixture.script("/ops", request -> request.response().setStatusCode(410).end());
        fixture.start(fixture.endpoint("ops", Form.STANDARD, "alert.raised"));
        fixture.raise(1, "warning");

        awaitTrue(() ->
                fixture.warehouse.count("SELECT count(*) FROM webhook_endpoint WHERE disabled_at IS NOT NULL") == 1);
        assertThat(fixture.received).hasSize(1);
    }

    @Test
    void aHangingEndpointDoesNotHoldUpAnother() throws Exception {
        fixture.script("/hangs", request -> {});
        fixture.start(
                fixture.endpoint("hangs", Form.STANDARD, "alert.raised"),
                fixture.endpoint("works", Form.STANDARD, "alert.raised"));
        for (int ride = 1; ride <= 20; ride++) {
            fixture.raise(ride, "warning");
        }

        awaitTrue(() -> fixture.count("endpoint = 'works' AND status = 'sent'") == 20);
        assertThat(fixture.at("/works")).hasSize(20);
    }

    @Test
    void severalGatewaysShareTheWorkAndSendNothingTwice() throws Exception {
        WebhookEndpoint endpoint = fixture.endpoint("ops", Form.STANDARD, "alert.raised");
        fixture.start(endpoint);
        fixture.start(endpoint);
        for (int ride = 1; ride <= 30; ride++) {
            fixture.raise(ride, "warning");
        }

        awaitTrue(() -> fixture.count("status = 'sent'") == 30);
        assertThat(fixture.received).hasSize(30);
    }

    @Test
    void aGatewayThatWasKilledDuringACallLeavesTheEventToAnother() throws Exception {
        fixture.start(WebhookFixture.config(Targets.THIS_MACHINE, Duration.ofHours(1)));
        fixture.warehouse.execute("INSERT INTO webhook_endpoint (name, events) VALUES ('ops', '{alert.raised}')");
        fixture.raise(1, "warning");
        fixture.warehouse.execute("""
                UPDATE webhook_delivery SET status = 'sending', attempts = 1,
                    next_attempt_at = now() + interval '300 milliseconds'""");

        fixture.start(fixture.endpoint("ops", Form.STANDARD, "alert.raised"));

        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
        assertThat(fixture.received)
                .singleElement()
                .satisfies(request -> assertThat(request.header("webhook-id")).isEqualTo("alert.raised-1-10"));
    }

    @Test
    void withoutEndpointsNothingIsStored() throws Exception {
        fixture.start(fixture.endpoint("ops", Form.STANDARD));
        fixture.start(WebhookFixture.config(Targets.THIS_MACHINE, Duration.ofHours(1)));

        fixture.raise(1, "warning");

        assertThat(fixture.count("true")).isZero();
    }
}
