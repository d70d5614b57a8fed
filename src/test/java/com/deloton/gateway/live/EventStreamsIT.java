package com.deloton.gateway.live;

import static com.deloton.gateway.testing.IngestFixture.await;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.Gateway;
import com.deloton.gateway.auth.TokenVerifier;
import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.config.LiveConfig;
import com.deloton.gateway.event.Addresses;
import com.deloton.gateway.testing.AsyncApi;
import com.deloton.gateway.testing.TestIssuer;
import com.deloton.gateway.wall.WallTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EventStreamsIT {
    private static final LiveConfig FEW_VIEWERS =
            new LiveConfig(Duration.ofMillis(100), 100, 8, 80, Duration.ofSeconds(1), List.of(), null, null);

    private static LiveFixture fixture;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        fixture = new LiveFixture();
        gateway = fixture.start(FEW_VIEWERS, Role.INGEST, Role.LIVE, Role.API);
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.close();
    }

    private static void holdToTheDocument(String channel, SseClient client) {
        List<String> violations = client.events.stream()
                .filter(event -> !event.data().equals("{}"))
                .flatMap(event -> AsyncApi.violations(channel, event.name(), event.json()).stream())
                .toList();
        assertThat(client.events).isNotEmpty();
        assertThat(violations).isEmpty();
    }

    private static SseClient stream(String path, String... headers) throws Exception {
        return new SseClient(gateway, path, fixture.issuer.token(LiveFixture.ALL), headers);
    }

    private static long rideOf(String bike) throws Exception {
        awaitTrue(() -> !fixture.ride(gateway, bike).isEmpty());
        return fixture.ride(gateway, bike).getLong("ride");
    }

    @Test
    void theFleetBeginsWithASnapshotThatItsFramesContinue() throws Exception {
        LiveFixture.Bike bike = fixture.bike("SSE-1").logOn(601, "Ann O'Hara").reading(1, 120, 80, 30, 90);
        long ride = rideOf("SSE-1");
        try (SseClient all = stream("/fleet");
                SseClient restricted = new SseClient(gateway, "/fleet", fixture.issuer.token("rides:read"))) {
            SseClient.Event snapshot = all.await1("snapshot", s -> true);
            bike.reading(2, 137, 91, 44, 123.4);
            SseClient.Event frame =
                    all.await1("frame", f -> f.getJsonArray("hr").contains(137));
            all.await1("totals", t -> t.getInteger("riding") > 0);
            fixture.bike("SSE-2").logOn(602, "Bea Best").reading(1, 120, 80, 30, 90);
            all.await1("riders", r -> r.encode().contains("Bea Best"));
            restricted.await1("frame", f -> f.getJsonArray("started").encode().contains("SSE-2"));

            holdToTheDocument("fleetStream", all);
            holdToTheDocument("fleetStream", restricted);
            assertThat(snapshot.data()).contains("O'Hara");
            assertThat(restricted.events.toString()).doesNotContain("O'Hara", "Bea Best");
            assertThat(all.of("frame").stream().map(e -> e.json().getLong("seq")))
                    .startsWith(snapshot.json().getLong("seq") + 1)
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(frame.json().getJsonArray("ride").encode()).contains(String.valueOf(ride));
            assertThat(frame.id()).isEqualTo(String.valueOf(frame.json().getLong("seq")));
            assertThat(all.events.getFirst().name()).isEqualTo("retry: 3000");
            assertThat(all.response.headers().firstValue("content-type")).contains("text/event-stream");
            assertThat(all.response.headers().firstValue("cache-control")).contains("no-store");
            assertThat(all.response.headers().firstValue("x-request-id")).isPresent();
        }
    }

    @Test
    void aRideIsContinuedBehindTheLastEventIdAndEndsWithTheRide() throws Exception {
        LiveFixture.Bike bike = fixture.bike("SSE-3").logOn(603, "Cat Cole").reading(1, 110, 70, 30, 80);
        long ride = rideOf("SSE-3");
        awaitTrue(() -> Objects.equals(fixture.ride(gateway, "SSE-3").getInteger("s"), 1));
        String id;
        try (SseClient first = stream("/rides/" + ride)) {
            first.await1("ride", r -> r.getString("bike").equals("SSE-3"));
            bike.reading(2, 0, 71, 31, 81.25);
            SseClient.Event readings = first.await1("readings", r -> true);
            id = readings.id();

            assertThat(readings.json())
                    .isEqualTo(new JsonObject("{\"ride\":" + ride + ",\"readings\":[[2,null,71,31,81.3]]}"));
        }
        bike.reading(3, 112, 72, 32, 82).reading(4, 113, 73, 33, 83);
        awaitTrue(() -> fixture.ride(gateway, "SSE-3").getInteger("s") == 4);
        try (SseClient second = stream("/rides/" + ride, "Last-Event-ID", id);
                SseClient early = stream("/rides/" + ride, "Last-Event-ID", "0")) {
            second.await1("ride", r -> r.getInteger("s") == 4);
            early.await1("ride", r -> true);
            bike.end();
            second.await1("end", e -> e.getString("reason").equals("ride ended"));
            awaitTrue(() -> second.closed);

            holdToTheDocument("rideStream", second);
            holdToTheDocument("rideStream", early);
            assertThat(second.of("readings").stream()
                            .flatMap(e -> e.json().getJsonArray("readings").stream())
                            .map(reading -> ((JsonArray) reading).getInteger(0)))
                    .containsExactly(3, 4);
            assertThat(early.of("gap").stream().map(SseClient.Event::data))
                    .containsExactly("{\"afterS\":0,\"beforeS\":2}");
        }
        try (SseClient late = stream("/rides/" + ride, "Last-Event-ID", id);
                SseClient other = stream("/rides/" + ride)) {
            assertThat(late.status).isEqualTo(204);
            assertThat(other.status).isEqualTo(404);
        }
    }

    @Test
    void alertsAreContinuedBehindTheLastEventIdAndLimitsNeedTheirScope() throws Exception {
        LiveFixture.Bike bike = fixture.bike("SSE-4").logOn(604, "Eva East").reading(1, 120, 80, 30, 90);
        long ride = rideOf("SSE-4");
        String ready;
        try (SseClient first = stream("/alerts")) {
            ready = first.await1("ready", e -> true).id();
        }
        bike.reading(2, 180, 80, 30, 90).reading(3, 181, 80, 30, 90).reading(4, 182, 80, 30, 90);
        awaitTrue(() -> fixture.ride(gateway, "SSE-4").getString("state").equals("firing"));
        try (SseClient second = stream("/alerts", "Last-Event-ID", ready);
                SseClient restricted =
                        new SseClient(gateway, "/alerts", fixture.issuer.token("rides:read"), "Last-Event-ID", ready);
                SseClient unknown = stream("/alerts", "Last-Event-ID", "1-1-firing-1")) {
            SseClient.Event firing = second.await1("alert", a -> a.getLong("ride") == ride);
            restricted.await1("alert", a -> a.getLong("ride") == ride);
            unknown.await1("gap", g -> g.getString("after").equals("1-1-firing-1"));

            holdToTheDocument("alertStream", second);
            holdToTheDocument("alertStream", restricted);
            holdToTheDocument("alertStream", unknown);
            assertThat(firing.id()).startsWith(ride + "-2-");
            assertThat(firing.json().getInteger("max")).isEqualTo(174);
            assertThat(restricted.of("alert").toString()).doesNotContain("max", "bpm");
        }
    }

    @Test
    void aStreamEndsWithItsToken() throws Exception {
        Instant now = Instant.now();
        JsonObject claims = TestIssuer.claims(now)
                .put("scope", "rides:read")
                .put("exp", now.plusSeconds(2).getEpochSecond());
        try (SseClient client = new SseClient(gateway, "/alerts", fixture.issuer.sign("key-1", claims))) {
            client.await1("end", e -> e.getString("reason").equals("token expired"));
            awaitTrue(() -> client.closed);
        }
    }

    @Test
    void onlyCallersWithinScopesAndLimitsGetAStream() throws Exception {
        String subject = fixture.issuer.token("limited", new String[] {"rides:read"});
        try (SseClient none = new SseClient(gateway, "/fleet", "x");
                SseClient wrong = new SseClient(gateway, "/fleet", fixture.issuer.token("ops"));
                SseClient word = stream("/rides/soon");
                SseClient query = stream("/fleet?limit=1");
                SseClient badId = stream("/rides/7", "Last-Event-ID", "soon")) {
            assertThat(List.of(none.status, wrong.status, word.status, query.status, badId.status))
                    .containsExactly(401, 403, 400, 400, 400);
        }
        List<SseClient> open = new ArrayList<>();
        awaitTrue(() -> {
            SseClient next = new SseClient(gateway, "/alerts", subject);
            open.add(next);
            return next.status == 429;
        });
        assertThat(open).hasSize(9);
        open.forEach(SseClient::close);
        awaitTrue(() -> {
            try (SseClient again = new SseClient(gateway, "/alerts", subject)) {
                return again.status == 200;
            }
        });
        HttpResponse<String> post = fixture.post(gateway, "/v1/live/fleet", subject);
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("allow")).contains("GET, HEAD");
    }

    @Test
    void shutdownEndsStreams() throws Exception {
        Gateway other = fixture.start(LiveFixture.SHORT_TIMEOUTS, Role.LIVE);
        try (SseClient reader = new SseClient(other, "/fleet", fixture.issuer.token("rides:read"))) {
            reader.await1("frame", f -> true);
            long begun = System.nanoTime();
            fixture.close(other);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
            reader.await1("end", e -> e.getString("reason").equals("shutdown"));
        }
    }

    @Test
    void aReaderThatStopsSkipsEventsAndIsDropped() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ViewerRegistry registry = new ViewerRegistry(meters);
        InstantSource clock = InstantSource.system();
        Vertx vertx = fixture.vertx;
        await(vertx.deployVerticle(new LiveVerticle(FEW_VIEWERS, Duration.ofHours(1), registry, meters, clock)));
        TokenVerifier tokens = await(TokenVerifier.create(vertx, fixture.issuer.config(), clock));
        Router router = Router.router(vertx);
        WallTokens walls = new WallTokens(fixture.pool());
        new LiveRoutes(vertx, FEW_VIEWERS, "", "1", tokens, walls, registry, clock)
                .streams()
                .accept(router);
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(2_048);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.actualPort()));
            socket.getOutputStream()
                    .write("GET /v1/live/fleet HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                            .formatted(fixture.issuer.token("rides:read"))
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(new String(socket.getInputStream().readNBytes(15), StandardCharsets.UTF_8))
                    .isEqualTo("HTTP/1.1 200 OK");
            String large = new JsonObject().put("padding", "x".repeat(100_000)).encode();
            awaitTrue(() -> {
                vertx.eventBus().publish(Addresses.TOTALS, large);
                return meters.counter("deloton.live.stalled.viewers").count() == 1;
            });

            assertThat(meters.counter("deloton.live.dropped.messages").count()).isPositive();
            assertThat(registry.viewers()).isZero();
        } finally {
            await(server.close());
        }
    }
}
