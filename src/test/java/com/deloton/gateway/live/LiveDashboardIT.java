package com.deloton.gateway.live;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.gateway.Gateway;
import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.testing.TestIssuer;
import io.vertx.core.MultiMap;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveDashboardIT {
    private static LiveFixture fixture;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        fixture = new LiveFixture();
        gateway = fixture.start(LiveFixture.SHORT_TIMEOUTS, Role.INGEST, Role.LIVE);
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.close();
    }

    @Test
    void readingsReachViewersImmediately() throws Exception {
        BridgeClient viewer =
                fixture.view(gateway, LiveFixture.ALL).register("live.fleet", "live.riders", "live.totals");
        LiveFixture.Bike bike = fixture.bike("SEEN").logOn(501, "Ann O'Hara").reading(1, 121, 80, 30, 99.6);

        JsonObject started =
                viewer.await1("live.fleet", frame -> !started(frame, "SEEN").isEmpty());
        long id = started(started, "SEEN").getLong("ride");
        bike.reading(2, 137, 91, 44, 123.4);
        JsonObject frame = viewer.await1("live.fleet", f -> valueOf(f, id, "hr") == 137);

        assertThat(started(started, "SEEN").getJsonObject("rider"))
                .isEqualTo(new JsonObject().put("gender", "female").put("ageGroup", "35-44"));
        assertThat(valueOf(frame, id, "s")).isEqualTo(2);
        assertThat(valueOf(frame, id, "rpm")).isEqualTo(91);
        assertThat(valueOf(frame, id, "res")).isEqualTo(44);
        assertThat(valueOf(frame, id, "w")).isEqualTo(123);
        JsonObject named = viewer.await1("live.riders", r -> r.encode().contains("O'Hara"));
        assertThat(named.getJsonArray("riders").getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("ride", id)
                        .put("id", 501)
                        .put("name", "Ann O'Hara")
                        .put("age", 36)
                        .put("min", 45)
                        .put("max", 174)
                        .put("gender", "female")
                        .put("ageGroup", "35-44"));
        viewer.await1("live.totals", t -> t.getInteger("riding") > 0 && t.getDouble("powerKw") > 0);
        viewer.close();
    }

    @Test
    void readingsOfASubscribedRideArePublishedOneByOne() throws Exception {
        LiveFixture.Bike bike = fixture.bike("FOLLOWED").logOn(502, "Bea Best").reading(1, 100, 60, 20, 50);
        awaitTrue(() -> !ride("FOLLOWED").isEmpty());
        String address = "live.ride." + fixture.ride(gateway, "FOLLOWED").getLong("ride");
        BridgeClient viewer = fixture.view(gateway, "rides:read").register(address);
        awaitTrue(() -> {
            bike.reading(bike.next(), 0, 61, 21, 51.25);
            return !viewer.of(address).isEmpty();
        });

        JsonArray reading =
                viewer.of(address).getFirst().getJsonArray("readings").getJsonArray(0);
        assertThat(reading.getValue(1)).isNull();
        assertThat(reading.getInteger(2)).isEqualTo(61);
        assertThat(reading.getInteger(3)).isEqualTo(21);
        assertThat(reading.getDouble(4)).isEqualTo(51.3);
        viewer.close();
    }

    @Test
    void snapshotAndFramesGiveTheStateAlsoAfterAGap() throws Exception {
        BridgeClient viewer = fixture.view(gateway, LiveFixture.ALL);
        viewer.acknowledges = false;
        viewer.register("live.fleet");
        LiveFixture.Bike first = fixture.bike("GAP-1").logOn(503, "Cat Cole").reading(1, 110, 70, 30, 80);
        awaitTrue(() -> viewer.of("live.fleet").size() == 5);
        long drawn = viewer.of("live.fleet").getLast().getLong("seq");
        LiveFixture.Bike second = fixture.bike("GAP-2").logOn(504, "Dot Dale").reading(1, 111, 71, 31, 81);
        first.reading(2, 112, 72, 32, 82);
        awaitTrue(() -> ride("GAP-2").getInteger("s", 0) == 1);
        awaitTrue(() -> fixture.snapshot(gateway, LiveFixture.ALL).getLong("seq") > drawn + 1);
        assertThat(viewer.of("live.fleet")).hasSize(5);

        viewer.acknowledges = true;
        viewer.acknowledge(drawn);
        JsonObject next = viewer.await1("live.fleet", f -> f.getLong("seq") > drawn);
        assertThat(next.getLong("seq")).isGreaterThan(drawn + 1);
        FleetView view = new FleetView(fixture.snapshot(gateway, LiveFixture.ALL));
        second.reading(2, 113, 73, 33, 83);
        first.end();
        viewer.await1("live.fleet", f -> !f.getJsonArray("ended").isEmpty());
        awaitTrue(() -> fixture.ride(gateway, "GAP-2").getInteger("s") == 2);
        awaitTrue(() -> {
            viewer.of("live.fleet").forEach(view::apply);
            return view.ride("GAP-1").isEmpty() && view.ride("GAP-2").getInteger("s") == 2;
        });

        JsonObject truth = fixture.ride(gateway, "GAP-2");
        for (String name : List.of("ride", "s", "hr", "rpm", "res", "w")) {
            assertThat(view.ride("GAP-2").getValue(name)).as(name).isEqualTo(truth.getValue(name));
        }
        viewer.close();
    }

    @Test
    void everyPhaseOfAnAlertIsPublishedAndInTheSnapshot() throws Exception {
        BridgeClient viewer = fixture.view(gateway, LiveFixture.ALL).register("live.alerts", "live.fleet");
        BridgeClient restricted = fixture.view(gateway, "rides:read").register("live.alerts");
        LiveFixture.Bike bike = fixture.bike("HEART").logOn(505, "Eva East");
        bike.reading(1, 120, 80, 30, 90).reading(2, 180, 80, 30, 90);
        awaitTrue(() -> ride("HEART").getString("state", "").equals("pending"));
        bike.reading(3, 181, 80, 30, 90).reading(4, 182, 80, 30, 90);
        JsonObject firing =
                viewer.await1("live.alerts", a -> a.getString("phase").equals("firing"));

        assertThat(firing.getLong("ride")).isEqualTo(ride("HEART").getLong("ride"));
        assertThat(firing.getInteger("firstS")).isEqualTo(2);
        assertThat(firing.getInteger("bpm")).isEqualTo(182);
        assertThat(firing.getInteger("max")).isEqualTo(174);
        assertThat(firing.getString("severity")).isEqualTo("warning");
        JsonObject coarse = restricted.await1(
                "live.alerts",
                a -> a.getString("phase").equals("firing") && a.getLong("ride").equals(firing.getLong("ride")));
        assertThat(coarse.fieldNames())
                .containsExactlyInAnyOrder(
                        "address", "ride", "firstS", "s", "at", "phase", "severity", "high", "rule", "by");
        assertThat(coarse.getInteger("by")).isEqualTo(10);
        restricted.close();
        awaitTrue(() -> ride("HEART").getString("state").equals("firing"));
        assertThat(ride("HEART").getString("severity")).isEqualTo("warning");
        bike.end();
        viewer.await1("live.alerts", a -> a.getString("phase").equals("ended"));
        viewer.close();
    }

    private static JsonObject ride(String bike) throws Exception {
        return fixture.ride(gateway, bike);
    }

    @Test
    void namesNeedTheirScope() throws Exception {
        fixture.bike("NAMED").logOn(506, "Fay Ford").reading(1, 110, 70, 30, 80);
        awaitTrue(() -> !ride("NAMED").isEmpty());
        BridgeClient viewer = fixture.view(gateway, "rides:read").register("live.riders");

        awaitTrue(() -> viewer.errors.size() == 1);
        assertThat(viewer.errors.getFirst().getString("address")).isEqualTo("live.riders");
        assertThat(viewer.errors.getFirst().getString("message")).contains("riders:read");
        assertThat(fixture.snapshot(gateway, "rides:read").encode())
                .doesNotContain("Fay Ford", "\"id\"", "\"age\"", "\"min\"", "\"max\"");
        assertThat(fixture.snapshot(gateway, LiveFixture.ALL).encode()).contains("Fay Ford");
        viewer.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ingest.batch",
                "live.snapshot",
                "live.ack",
                "alert.raised",
                "live.ride.",
                "live.ride.x",
                "live.ride.99999999999999999999",
                "live.ride.1.2",
                "__vertx"
            })
    void nothingElseCanBeListenedTo(String address) throws Exception {
        BridgeClient viewer = fixture.view(gateway, LiveFixture.ALL).register(address);

        awaitTrue(() -> !viewer.errors.isEmpty());
        assertThat(viewer.messages).isEmpty();
        viewer.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"live.fleet", "ingest.batch", "live.snapshot", "live.totals", "report.due"})
    void nothingCanBeSaid(String address) throws Exception {
        BridgeClient viewer = fixture.view(gateway, LiveFixture.ALL);
        for (String type : List.of("send", "publish")) {
            viewer.send(
                    new JsonObject().put("type", type).put("address", address).put("body", "{}"));
        }
        viewer.send(new JsonObject()
                .put("type", "publish")
                .put("address", "live.ack")
                .put("body", "1"));
        viewer.send(
                new JsonObject().put("type", "send").put("address", "live.ack").put("body", "soon"));

        awaitTrue(() -> viewer.errors.size() == 4);
        viewer.close();
    }

    @Test
    void aTicketWorksOnceAndOnlyForThoseWhoMayReadRides() throws Exception {
        String ticket = fixture.ticket(gateway, fixture.issuer.token("rides:read"));
        BridgeClient.raw(fixture, gateway.port(), ticket).close();

        assertRefused(401, "/eventbus/websocket?ticket=" + ticket, MultiMap.caseInsensitiveMultiMap());
        assertRefused(401, "/eventbus/websocket", MultiMap.caseInsensitiveMultiMap());
        assertRefused(401, "/eventbus/1/abcdefgh/websocket?ticket=x", MultiMap.caseInsensitiveMultiMap());
        assertThat(fixture.post(gateway, "/live/tickets", fixture.issuer.token("riders:read"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(fixture.post(gateway, "/live/tickets", "").statusCode()).isEqualTo(401);
        assertThat(fixture.get(gateway, "/live/fleet", fixture.issuer.token("ops"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void onlyOurOwnPagesMayOpenASocket() throws Exception {
        String foreign = fixture.ticket(gateway, fixture.issuer.token("rides:read"));
        String own = fixture.ticket(gateway, fixture.issuer.token("rides:read"));
        String uri = "/eventbus/websocket?ticket=";

        assertRefused(403, uri + foreign, MultiMap.caseInsensitiveMultiMap().add("origin", "https://evil.example"));
        assertRefused(403, uri + foreign, MultiMap.caseInsensitiveMultiMap().add("origin", "null"));
        BridgeClient.open(
                        fixture,
                        gateway.port(),
                        uri + own,
                        MultiMap.caseInsensitiveMultiMap().add("origin", "http://localhost:8080"))
                .close();
    }

    private static void assertRefused(int status, String uri, MultiMap headers) {
        assertThatThrownBy(() -> BridgeClient.open(fixture, gateway.port(), uri, headers))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        UpgradeRejectedException.class,
                        refused -> assertThat(refused.getStatus()).isEqualTo(status));
    }

    @Test
    void onePersonMayHaveSoManySockets() throws Exception {
        List<BridgeClient> mine = new ArrayList<>();
        String token = fixture.issuer.token("collector", new String[] {"rides:read"});
        for (int i = 0; i < LiveFixture.SHORT_TIMEOUTS.maxViewersPerSubject(); i++) {
            mine.add(BridgeClient.raw(fixture, gateway.port(), fixture.ticket(gateway, token)));
        }

        assertThat(fixture.post(gateway, "/live/tickets", token).statusCode()).isEqualTo(429);
        mine.removeLast().close();
        awaitTrue(() -> fixture.post(gateway, "/live/tickets", token).statusCode() == 201);
        for (BridgeClient viewer : mine) {
            viewer.close();
        }
    }

    @Test
    void theSocketIsClosedWhenTheTokenExpires() throws Exception {
        String token = fixture.issuer.sign(
                "key-1",
                TestIssuer.claims(Instant.now())
                        .put("scope", "rides:read")
                        .put("exp", Instant.now().getEpochSecond() + 2));
        BridgeClient viewer = BridgeClient.raw(fixture, gateway.port(), fixture.ticket(gateway, token));

        awaitTrue(() -> !viewer.closed.isEmpty());
        assertThat(viewer.closed).containsExactly(4401);
    }

    @Test
    void whoDoesNotAcknowledgeIsClosedAndOthersAreNot() throws Exception {
        BridgeClient lively = fixture.view(gateway, "rides:read").register("live.fleet");
        BridgeClient stalled = fixture.view(gateway, "rides:read");
        stalled.acknowledges = false;
        stalled.register("live.fleet");

        awaitTrue(() -> !stalled.closed.isEmpty());

        assertThat(stalled.closed).containsExactly(4408);
        assertThat(stalled.of("live.fleet")).hasSize(5);
        assertThat(lively.closed).isEmpty();
        long last = lively.of("live.fleet").getLast().getLong("seq");
        lively.await1("live.fleet", f -> f.getLong("seq") > last);
        lively.close();
    }

    @Test
    void sockJsClientsAreServedByWebSocketOnly() throws Exception {
        BridgeClient viewer = BridgeClient.sockJs(
                        fixture, gateway.port(), fixture.ticket(gateway, fixture.issuer.token("rides:read")))
                .register("live.fleet", "live.totals");
        viewer.await1("live.fleet", f -> true);
        viewer.await1("live.totals", t -> true);
        viewer.close();

        HttpResponse<String> info = fixture.get(gateway, "/eventbus/info", "");
        assertThat(new JsonObject(info.body()).getBoolean("websocket")).isTrue();
        for (String transport : List.of("xhr", "xhr_streaming", "eventsource", "htmlfile", "jsonp")) {
            assertThat(fixture.post(gateway, "/eventbus/1/abcdefgh/" + transport, "")
                            .statusCode())
                    .as(transport)
                    .isEqualTo(404);
        }
        assertThat(fixture.get(gateway, "/eventbus/iframe.html", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void thePageLearnsHowToSignIn() throws Exception {
        JsonObject config =
                new JsonObject(fixture.get(gateway, "/live/config", "").body());

        assertThat(config.getJsonObject("signIn").getString("kind")).isEqualTo("none");
        assertThat(config.getInteger("frameIntervalMs")).isEqualTo(100);
    }

    private static JsonObject started(JsonObject frame, String bike) {
        return frame.getJsonArray("started").stream()
                .map(JsonObject.class::cast)
                .filter(ride -> ride.getString("bike").equals(bike))
                .findFirst()
                .orElseGet(JsonObject::new);
    }

    /** A ride's value of a column, or -1 if the frame does not tell of the ride. */
    private static int valueOf(JsonObject frame, long ride, String column) {
        JsonArray ids = frame.getJsonArray("ride");
        for (int i = 0; i < ids.size(); i++) {
            if (ids.getLong(i) == ride) {
                return frame.getJsonArray(column).getInteger(i);
            }
        }
        return -1;
    }
}
