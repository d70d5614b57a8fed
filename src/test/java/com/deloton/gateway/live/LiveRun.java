package com.deloton.gateway.live;

import static com.deloton.gateway.testing.IngestFixture.await;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;

import com.deloton.gateway.bench.GatewayMetrics;
import com.deloton.gateway.bench.PostgresCpu;
import com.deloton.gateway.bench.Quantiles;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.TestIssuer;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A gateway with the roles ingest and live in a JVM of its own (256 MB), bikes in real time, viewers over loopback. Broker,
 * database, bikes and viewers share this machine with it.
 */
final class LiveRun implements AutoCloseable {
    private static final Pattern SEQ = Pattern.compile("\"body\":\"\\{\\\\\"seq\\\\\":(\\d+),");

    private final int bikes;
    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient sockets;
    private final HttpClient http = HttpClient.newHttpClient();
    private final TestIssuer issuer = TestIssuer.start();
    private final Warehouse warehouse = Warehouse.fresh();
    private final PostgresCpu postgres = PostgresCpu.of(warehouse.database());
    private final String topic = TestServers.freshTopic(4);
    private final int port = LocalServers.freePort();
    private final GatewayMetrics metrics = new GatewayMetrics(port);
    private final FleetProducer fleet;
    private final GatewayProcess gateway;

    private LiveRun(int bikes, int viewers) throws IOException {
        this.bikes = bikes;
        sockets = vertx.createWebSocketClient(
                new WebSocketClientOptions().setMaxConnections(viewers + 10).setMaxMessageSize(16 << 20));
        fleet = new FleetProducer(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrap()),
                topic,
                FleetOptions.defaults().withBikes(bikes),
                InstantSource.system());
        gateway = GatewayProcess.start(
                warehouse.database(),
                topic,
                Map.of(
                        "DELOTON_GATEWAY_ROLES",
                        "ingest,live",
                        "DELOTON_HTTP_PORT",
                        String.valueOf(port),
                        "DELOTON_INGEST_FLUSH_INTERVAL",
                        "1s",
                        "DELOTON_LIVE_MAX_VIEWERS_PER_SUBJECT",
                        "1000",
                        "DELOTON_API_JWT_ISSUER",
                        TestIssuer.ISSUER,
                        "DELOTON_API_JWT_JWKS_URL",
                        issuer.url()));
    }

    /** Returns when nearly all bikes are shown. */
    static LiveRun started(int bikes, int viewers) throws Exception {
        LiveRun run = new LiveRun(bikes, viewers);
        awaitTrue(() -> GatewayProcess.isReady(run.port));
        run.fleet.start();
        awaitTrue(() -> run.riding() > bikes * 0.95);
        return run;
    }

    /** One viewer, from Kafka's timestamp of a reading to its frame. */
    JsonObject oneViewer(Duration warmUp, Duration window) throws Exception {
        AtomicLong bytes = new AtomicLong();
        AtomicLong frames = new AtomicLong();
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        WebSocket socket = open(text -> {
            bytes.addAndGet(text.length());
            frames.incrementAndGet();
            addLatencies(text, latencies);
        });
        awaitTrue(() -> frames.get() > 0);
        LockSupport.parkNanos(warmUp.toNanos());
        latencies.clear();
        bytes.set(0);
        frames.set(0);
        long begin = System.nanoTime();
        double gatewayBefore = metrics.cpuSeconds();
        double postgresBefore = postgres.seconds();
        LockSupport.parkNanos(window.toNanos());
        double seconds = (System.nanoTime() - begin) / 1e9;
        JsonObject row = new JsonObject()
                .put("bikes", bikes)
                .put("viewers", 1)
                .put("framesPerSecond", frames.get() / seconds)
                .put("kilobytesPerSecond", bytes.get() / seconds / 1_000)
                .put("gatewayCpuShareOfACore", (metrics.cpuSeconds() - gatewayBefore) / seconds)
                .put("postgresCpuShareOfACore", (postgres.seconds() - postgresBefore) / seconds)
                .put("readings", latencies.size());
        Quantiles.of(latencies).putInto(row, "latency", "Ms");
        await(socket.close());
        return row;
    }

    private static void addLatencies(String text, Collection<Long> latencies) {
        JsonObject frame = new JsonObject(new JsonObject(text).getString("body"));
        long late = System.currentTimeMillis() - frame.getLong("at");
        frame.getJsonArray("age").forEach(age -> latencies.add(late + ((Number) age).longValue()));
    }

    /** Many viewers, and two that read nothing, one of which acknowledges what it has not read. */
    JsonObject manyViewers(int count, int seconds) throws Exception {
        long[] frames = new long[count];
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        AtomicBoolean measuring = new AtomicBoolean();
        List<WebSocket> viewers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            viewers.add(open(text -> {
                frames[number]++;
                if (number == 0 && measuring.get()) {
                    addLatencies(text, latencies);
                }
            }));
        }
        awaitTrue(() -> Arrays.stream(frames).allMatch(received -> received > 0));
        open(text -> {}).pause();
        WebSocket lying = open(text -> {});
        lying.pause();
        long timer = vertx.setPeriodic(100, t -> acknowledge(lying, Long.MAX_VALUE));
        measuring.set(true);
        Arrays.fill(frames, 0);
        double gatewayBefore = metrics.cpuSeconds();
        double postgresBefore = postgres.seconds();
        List<Double> heap = new ArrayList<>();
        for (int second = 0; second < seconds; second++) {
            LockSupport.parkNanos(1_000_000_000L);
            heap.add(metrics.sum("jvm_memory_used_bytes", "area=\"heap\"") / 1e6);
        }
        vertx.cancelTimer(timer);
        int third = Math.max(1, seconds / 3);
        JsonObject row = new JsonObject()
                .put("bikes", bikes)
                .put("viewers", count)
                .put("seconds", seconds)
                .put("leastFramesOfAViewer", Arrays.stream(frames).min().orElse(0))
                .put("mostFramesOfAViewer", Arrays.stream(frames).max().orElse(0))
                .put("gatewayCpuShareOfACore", (metrics.cpuSeconds() - gatewayBefore) / seconds)
                .put("postgresCpuShareOfACore", (postgres.seconds() - postgresBefore) / seconds)
                .put("leastHeapOfTheFirstThirdMb", least(heap.subList(0, third)))
                .put("leastHeapOfTheLastThirdMb", least(heap.subList(seconds - third, seconds)))
                .put("droppedMessages", metrics.sum("deloton_live_dropped_messages_total"))
                .put("stalledViewersClosed", metrics.sum("deloton_live_stalled_viewers_total"));
        Quantiles.of(latencies).putInto(row, "latency", "Ms");
        for (WebSocket viewer : viewers) {
            viewer.close();
        }
        return row;
    }

    private static double least(List<Double> values) {
        return values.stream().mapToDouble(value -> value).min().orElse(0);
    }

    private interface Frames {
        void frame(String text);
    }

    /** A viewer of the fleet that acknowledges each frame. */
    private WebSocket open(Frames frames) throws Exception {
        WebSocket socket = await(sockets.connect(new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/eventbus/websocket?ticket=" + ticket())));
        socket.binaryMessageHandler(buffer -> {
            String text = buffer.toString();
            Matcher seq = SEQ.matcher(text);
            if (seq.find()) {
                frames.frame(text);
                acknowledge(socket, Long.parseLong(seq.group(1)));
            }
        });
        socket.writeTextMessage("{\"type\":\"register\",\"address\":\"live.fleet\"}");
        return socket;
    }

    private static void acknowledge(WebSocket socket, long seq) {
        socket.writeTextMessage("{\"type\":\"send\",\"address\":\"live.ack\",\"body\":\"" + seq + "\"}");
    }

    private int riding() throws Exception {
        return new JsonObject(http.send(request("/live/fleet").build(), HttpResponse.BodyHandlers.ofString())
                        .body())
                .getJsonObject("totals")
                .getInteger("riding");
    }

    private String ticket() throws Exception {
        return new JsonObject(http.send(
                                request("/live/tickets")
                                        .POST(HttpRequest.BodyPublishers.noBody())
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body())
                .getString("ticket");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("authorization", "Bearer " + issuer.token("rides:read"));
    }

    @Override
    public void close() {
        fleet.close();
        gateway.close();
        issuer.close();
        vertx.close().await();
    }
}
