package com.deloton.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.HttpConfig;
import com.deloton.gateway.ops.Lifecycle;
import com.deloton.gateway.ops.Meters;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that a proxy could divide otherwise than the gateway, and requests that never end. */
@SuppressWarnings("NullAway.Init")
class RequestSmugglingIT {
    private static final String HOST = "Host: ride.example.com\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");
    private static final int PATIENCE_MS = 10_000;
    private static final int DRIP_MS = 50;
    private static final Duration LIMIT = Duration.ofMillis(400);

    private static final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private static final Meters meters = new Meters("1.2.3");
    private static final Vertx vertx = meters.vertx().build();
    private static final Lifecycle lifecycle = new Lifecycle();
    private static HttpServerVerticle server;

    @BeforeAll
    static void start() {
        server = new HttpServerVerticle(
                new HttpConfig("127.0.0.1", 0, "https://ride.example.com"),
                HealthChecks.create(vertx),
                lifecycle,
                meters.registry(),
                List.of(RequestSmugglingIT::feature),
                List.of(),
                new RequestDeadlines.Limits(LIMIT, LIMIT, LIMIT));
        vertx.deployVerticle(server).await();
        lifecycle.run();
    }

    private static void feature(Router router) {
        router.route("/smuggled").handler(context -> {
            seen.add("/smuggled");
            context.end();
        });
        router.route("/socket")
                .handler(context -> context.request()
                        .toWebSocket()
                        .onSuccess(socket -> vertx.setTimer(
                                3 * LIMIT.toMillis(), fired -> socket.writeTextMessage("open after the deadlines"))));
        router.route("/read")
                .handler(context -> context.request().body().onSuccess(body -> {
                    seen.add("/read " + body);
                    context.end();
                }));
    }

    @AfterAll
    static void stop() {
        vertx.close().await();
        meters.close();
    }

    @BeforeEach
    void clear() {
        seen.clear();
    }

    static List<String> ambiguous() {
        String post = "POST /read HTTP/1.1\r\n" + HOST;
        return List.of(
                post + "Content-Length: 4\r\n" + CHUNKED + "\r\n0\r\n\r\n" + SMUGGLED,
                "POST /read HTTP/1.0\r\n" + HOST + CHUNKED + "Connection: keep-alive\r\n\r\n0\r\n\r\n" + SMUGGLED,
                "POST /read HTTP/1.0\r\n" + HOST + CHUNKED
                        + "Content-Length: 5\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n" + SMUGGLED,
                post + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + SMUGGLED,
                post + "Content-Length: 0, 44\r\n\r\n" + SMUGGLED,
                post + "Content-Length: +0\r\n\r\n" + SMUGGLED,
                post + "Content-Length: -1\r\n\r\n" + SMUGGLED,
                post + "Content-Length: 0x0\r\n\r\n" + SMUGGLED,
                post + "Content-Length : 0\r\n\r\n" + SMUGGLED,
                post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
                post + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                post + "Transfer-Encoding: identity\r\n\r\n" + SMUGGLED,
                post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" + SMUGGLED,
                post + "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                post + CHUNKED + CHUNKED + "\r\n0\r\n\r\n" + SMUGGLED,
                post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                post + "X: a\rContent-Length: 0\r\n\r\n" + SMUGGLED,
                post + "X: a\0b\r\n\r\n" + SMUGGLED,
                post + "X\r\n\r\n" + SMUGGLED,
                post + ": a\r\n\r\n" + SMUGGLED,
                post + "Host: other.example.com\r\n\r\n" + SMUGGLED,
                post + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n" + SMUGGLED,
                "POST /read HTTP/1.1 x\r\n" + HOST + "\r\n" + SMUGGLED,
                "POST /read\r\n" + HOST + "\r\n" + SMUGGLED,
                "PO\u0001ST /read HTTP/1.1\r\n" + HOST + "\r\n" + SMUGGLED,
                "POST /re\u0001ad HTTP/1.1\r\n" + HOST + "\r\n" + SMUGGLED,
                post + CHUNKED + "\r\n5;x=\"\r\nabcde\r\n0\r\n\r\n" + SMUGGLED,
                post + CHUNKED + "\r\n0;x=\"a\r\n\r\n" + SMUGGLED + "\"\r\n\r\n",
                post + CHUNKED + "\r\n5;x=\n\r\nabcde\r\n0\r\n\r\n" + SMUGGLED,
                post + CHUNKED + "\r\n0x0\r\n\r\n" + SMUGGLED,
                post + CHUNKED + "\r\n-1\r\n\r\n" + SMUGGLED,
                post + CHUNKED + "\r\n+0\r\n\r\n" + SMUGGLED,
                post + CHUNKED + "\r\n100000000\r\n\r\n" + SMUGGLED,
                post + CHUNKED + "\r\n2\nab\r\n0\r\n\r\n" + SMUGGLED,
                post + CHUNKED + "\r\n2\r\nabXX0\r\n\r\n" + SMUGGLED,
                post + CHUNKED + "\r\n\r\n0\r\n\r\n" + SMUGGLED);
    }

    @ParameterizedTest
    @MethodSource("ambiguous")
    void rejectsWhatAProxyCouldDivideOtherwise(String request) throws IOException {
        List<Integer> statuses = send(request);

        assertThat(statuses).isIn(List.of(400), List.of());
        assertThat(seen).isEmpty();
    }

    static List<String> between() {
        return List.of("\0", "\u0001\u0002", "\r\n\0\r\n", "\u001f", "\t", "\u007f", "\u000b");
    }

    @ParameterizedTest
    @MethodSource("between")
    void acceptsNoControlBytesBetweenPipelinedRequests(String bytes) throws IOException {
        String first = "GET /read HTTP/1.1\r\n" + HOST + "\r\n";

        assertThat(send(first + bytes + SMUGGLED)).containsExactly(200, 400);
        assertThat(seen).containsExactly("/read ");
    }

    @Test
    void dividesPlainRequestsAsSent() throws IOException {
        List<Integer> statuses = send("POST /read HTTP/1.1\r\n" + HOST + CHUNKED + "\r\n2;a=\"b c\"\r\nab\r\n0\r\n\r\n"
                + "POST /read HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n\r\ncd"
                + "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n");

        assertThat(statuses).containsExactly(200, 200, 200);
        assertThat(seen).containsExactly("/read ab", "/read cd", "/smuggled");
    }

    /** RFC 9112, 5.2 allows a space in its place; it ends no header and begins none. */
    @Test
    void readsAFoldedHeaderAsOneHeader() throws IOException {
        assertThat(send("POST /read HTTP/1.1\r\n" + HOST + "X: a\r\n Content-Length: 44\r\n\r\n" + SMUGGLED))
                .containsExactly(200, 200);
        assertThat(seen).containsExactly("/read ", "/smuggled");
    }

    static List<String> unfinished() {
        return List.of(
                "GET /read HTTP/1.1\r\nX: ",
                "POST /read HTTP/1.1\r\n" + HOST + "Content-Length: 100000\r\n\r\n",
                "POST /read HTTP/1.1\r\n" + HOST + CHUNKED + "\r\n186A0\r\n",
                "GET /read HTTP/1.1\r\n" + HOST + "\r\nGET /read HTTP/1.1\r\nX: ");
    }

    @ParameterizedTest
    @MethodSource("unfinished")
    void closesConnectionsThatDripAByteAtATime(String beginning) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(DRIP_MS);
            OutputStream out = socket.getOutputStream();
            out.write(beginning.getBytes(StandardCharsets.ISO_8859_1));
            long deadline = System.nanoTime() + Duration.ofMillis(PATIENCE_MS).toNanos();
            while (isOpen(socket)) {
                assertThat(System.nanoTime()).as("time").isLessThan(deadline);
                out.write('x');
            }
        } catch (SocketException closedWhileWriting) {
            assertThat(closedWhileWriting).hasMessageMatching("(?i).*(broken pipe|reset|aborted).*");
        }
    }

    @Test
    void leavesWebSocketsOpen() {
        WebSocket socket = vertx.createWebSocketClient()
                .connect(server.port(), "127.0.0.1", "/socket")
                .await();
        Promise<String> message = Promise.promise();
        socket.textMessageHandler(message::complete);
        socket.closeHandler(v -> message.tryFail("closed"));

        assertThat(message.future().await()).isEqualTo("open after the deadlines");
    }

    /** Reads for the time between two drops. */
    private static boolean isOpen(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read(new byte[4096]) >= 0;
        } catch (SocketTimeoutException nothing) {
            return true;
        }
    }

    /** The statuses of all responses until the server closes the connection. */
    private static List<Integer> send(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return STATUS.matcher(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .results()
                    .map(match -> Integer.parseInt(match.group(1)))
                    .toList();
        }
    }
}
