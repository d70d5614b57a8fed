package com.deloton.gateway.live;

import static com.deloton.gateway.testing.IngestFixture.await;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;

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
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the dashboard costs and how late it is: a gateway with the roles ingest and live in a JVM of its own (256 MB),
 * bikes in real time, viewers over loopback. Broker, database, bikes and viewers share this machine with it.
 */
@Tag("bench")
class LiveBench {
    private static final Duration WINDOW = Duration.ofSeconds(20);
    private static final int VIEWERS = 500;
    private static final Pattern SEQ = Pattern.compile("\"body\":\"\\{\\\\\"seq\\\\\":(\\d+),");

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient sockets = vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxConnections(2 * VIEWERS).setMaxMessageSize(16 << 20));
    private final HttpClient http = HttpClient.newHttpClient();
    private final TestIssuer issuer = TestIssuer.start();
    private int port;

    @Test
    void oneViewer() throws Exception {
        for (int bikes : new int[] {1_000, 10_000}) {
            run(bikes, () -> measureOne(bikes));
        }
    }

    @Test
    void manyViewersOneOfThemStalled() throws Exception {
        run(1_000, this::measureMany);
    }

    private interface Measurement {
        void run() throws Exception;
    }

    private void run(int bikes, Measurement measurement) throws Exception {
        Warehouse warehouse = Warehouse.fresh();
        String topic = TestServers.freshTopic(4);
        port = LocalServers.freePort();
        FleetProducer fleet = new FleetProducer(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrap()),
                topic,
                FleetOptions.defaults().withBikes(bikes),
                InstantSource.system());
        GatewayProcess gateway = GatewayProcess.start(
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
        try {
            awaitTrue(() -> GatewayProcess.isReady(port));
            fleet.start();
            awaitTrue(() -> snapshot().getJsonObject("totals").getInteger("riding") > bikes * 0.95);
            measurement.run();
        } finally {
            fleet.close();
            gateway.close();
        }
    }

    private void measureOne(int bikes) throws Exception {
        AtomicLong bytes = new AtomicLong();
        AtomicLong frames = new AtomicLong();
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        WebSocket socket = open(text -> {
            long now = System.currentTimeMillis();
            bytes.addAndGet(text.length());
            frames.incrementAndGet();
            JsonObject frame = new JsonObject(new JsonObject(text).getString("body"));
            JsonArray ages = frame.getJsonArray("age");
            long late = now - frame.getLong("at");
            for (int i = 0; i < ages.size(); i++) {
                latencies.add(late + ages.getLong(i));
            }
        });
        LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
        latencies.clear();
        bytes.set(0);
        frames.set(0);
        long begin = System.nanoTime();
        double cpu = processCpuSeconds();
        LockSupport.parkNanos(WINDOW.toNanos());
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "%,d bikes: %.1f frames/s, %,.0f kB/s to a viewer, %s from Kafka's timestamp to the viewer, gateway CPU %.0f %% of a core%n",
                bikes,
                frames.get() / seconds,
                bytes.get() / seconds / 1_000,
                quantiles(latencies),
                (processCpuSeconds() - cpu) / seconds * 100);
        await(socket.close());
    }

    private void measureMany() throws Exception {
        long[] frames = new long[VIEWERS];
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        AtomicBoolean measuring = new AtomicBoolean();
        List<WebSocket> viewers = new ArrayList<>();
        for (int i = 0; i < VIEWERS; i++) {
            int number = i;
            viewers.add(open(text -> {
                frames[number]++;
                if (number == 0 && measuring.get()) {
                    JsonObject frame = new JsonObject(new JsonObject(text).getString("body"));
                    long late = System.currentTimeMillis() - frame.getLong("at");
                    frame.getJsonArray("age").forEach(age -> latencies.add(late + ((Number) age).longValue()));
                }
            }));
        }
        AtomicBoolean silentClosed = new AtomicBoolean();
        AtomicBoolean lyingClosed = new AtomicBoolean();
        WebSocket silent = open(text -> {});
        silent.pause().closeHandler(v -> silentClosed.set(true));
        WebSocket lying = open(text -> {});
        lying.pause().closeHandler(v -> lyingClosed.set(true));
        long timer = vertx.setPeriodic(100, t -> acknowledge(lying, Long.MAX_VALUE));
        measuring.set(true);
        Arrays.fill(frames, 0);
        List<Double> heap = new ArrayList<>();
        for (int second = 0; second < 60; second++) {
            LockSupport.parkNanos(1_000_000_000L);
            heap.add(metric("jvm_memory_used_bytes\\{area=\"heap\",[^}]*\\}") / 1e6);
        }
        vertx.cancelTimer(timer);
        System.out.printf(
                "%d viewers, 1,000 bikes, 60 s: frames a viewer %d to %d of 120, %s; heap least used %.0f MB in the first 20 s, %.0f in the last; dropped messages %.0f, stalled viewers closed %.0f%n",
                VIEWERS,
                Arrays.stream(frames).min().orElse(0),
                Arrays.stream(frames).max().orElse(0),
                quantiles(latencies),
                heap.subList(0, 20).stream().mapToDouble(v -> v).min().orElse(0),
                heap.subList(40, 60).stream().mapToDouble(v -> v).min().orElse(0),
                metric("deloton_live_dropped_messages_total"),
                metric("deloton_live_stalled_viewers_total"));
        for (WebSocket viewer : viewers) {
            viewer.close();
        }
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

    private static String quantiles(Iterable<Long> values) {
        List<Long> sorted = new ArrayList<>();
        values.forEach(sorted::add);
        sorted.sort(Long::compare);
        return sorted.isEmpty()
                ? "no readings"
                : "p50 %d ms, p99 %d ms of %,d readings"
                        .formatted(sorted.get(sorted.size() / 2), sorted.get(sorted.size() * 99 / 100), sorted.size());
    }

    private JsonObject snapshot() throws Exception {
        return new JsonObject(get("/live/fleet").body());
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

    private double processCpuSeconds() throws Exception {
        return metric("process_cpu_time_ns_total") / 1e9;
    }

    private double metric(String name) throws Exception {
        Matcher lines = Pattern.compile("^" + name + " (\\S+)$", Pattern.MULTILINE)
                .matcher(get("/metrics").body());
        double sum = 0;
        while (lines.find()) {
            sum += Double.parseDouble(lines.group(1));
        }
        return sum;
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("authorization", "Bearer " + issuer.token("rides:read"));
    }
}
