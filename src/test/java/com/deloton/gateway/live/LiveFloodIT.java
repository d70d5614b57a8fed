package com.deloton.gateway.live;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.deloton.gateway.Gateway;
import com.deloton.gateway.config.GatewayConfig.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Sockets that send without end and read nothing. {@code -Dlive.flood.messages=4000000} sends more than the default of a
 * million.
 */
@Timeout(120)
@Isolated
class LiveFloodIT {
    private static final int MESSAGES = Integer.getInteger("live.flood.messages", 1_000_000);
    private static final int PER_WRITE = 1_000;
    private static final int TEXT = 0x81;
    private static final int PING = 0x89;
    private static final long HEAP_TOLERANCE = 48 << 20;

    private static LiveFixture fixture;
    private static Gateway gateway;

    enum Flood {
        REFUSED_REGISTER(TEXT, "{\"type\":\"register\",\"address\":\"live.ride.x\"}"),
        UNKNOWN_TYPE(TEXT, "{\"type\":\"x\",\"address\":\"live.fleet\"}"),
        NOT_JSON(TEXT, "soon"),
        BRIDGE_PING(TEXT, "{\"type\":\"ping\"}"),
        WEB_SOCKET_PING(PING, "0123456789012345678901234567890123456789");

        private final int opcode;
        private final String payload;

        Flood(int opcode, String payload) {
            this.opcode = opcode;
            this.payload = payload;
        }

        /** {@link #PER_WRITE} masked frames. */
        byte[] block() {
            byte[] text = payload.getBytes(UTF_8);
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int i = 0; i < PER_WRITE; i++) {
                frames.write(opcode);
                frames.write(0x80 | text.length);
                frames.writeBytes(new byte[4]); // a mask of zeros leaves the payload unchanged
                frames.writeBytes(text);
            }
            return frames.toByteArray();
        }
    }

    @BeforeAll
    static void start() {
        fixture = new LiveFixture();
        gateway = fixture.start(LiveFixture.SHORT_TIMEOUTS, Role.INGEST, Role.LIVE);
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource
    void aFloodingSocketIsClosedWithoutGrowthOfTheHeapAndOthersAreServed(Flood flood) throws Exception {
        BridgeClient other = fixture.view(gateway, "rides:read").register("live.fleet");
        other.await1("live.fleet", frame -> true);
        byte[] block = flood.block();
        long before = usedHeap();
        try (Socket socket = open()) {
            int sent = 0;
            boolean closed = false;
            OutputStream out = socket.getOutputStream();
            while (sent < MESSAGES && !closed) {
                try {
                    out.write(block);
                    sent += PER_WRITE;
                } catch (IOException reset) {
                    closed = true;
                }
            }

            assertThat(closed).as("closed by the gateway").isTrue();
        }
        assertThat(usedHeap() - before).isLessThan(HEAP_TOLERANCE);
        long last = other.of("live.fleet").getLast().getLong("seq");
        other.await1("live.fleet", frame -> frame.getLong("seq") > last);
        assertThat(other.closed).isEmpty();
        other.close();
        awaitTrue(() -> fixture.get(gateway, "/metrics", "").body().contains("\ndeloton_live_viewers 0.0\n"));
    }

    @Test
    void droppedConnectionsLogNoWarnings() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try {
            for (int i = 0; i < 50; i++) {
                for (String sent : List.of(
                        "",
                        "GET /health/li",
                        "PUT /v1/riders/1/alert-settings HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{",
                        "GET /v1/rides HTTP/1.1\r\nhost: x\r\n\r\n",
                        "GET /app/main.js HTTP/1.1\r\nhost: x\r\n\r\n",
                        "\0\0\r\n\r\n")) {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
                        socket.setSoLinger(true, 0); // closes with a reset
                        socket.getOutputStream().write(sent.getBytes(US_ASCII));
                    }
                }
                try (Socket viewer = i < 20 ? open() : new Socket()) {
                    viewer.setSoLinger(true, 0);
                }
            }
            awaitTrue(() -> fixture.get(gateway, "/metrics", "").body().contains("\ndeloton_live_viewers 0.0\n"));
            assertThat(log.list)
                    .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                    .isEmpty();
        } finally {
            root.detachAppender(log);
        }
    }

    /** A WebSocket whose incoming bytes nobody reads after the handshake. */
    private static Socket open() throws Exception {
        String ticket = fixture.ticket(gateway, fixture.issuer.token("rides:read"));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        socket.getOutputStream()
                .write(("GET /eventbus/websocket?ticket=" + ticket + " HTTP/1.1\r\nhost: localhost\r\n"
                                + "upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n"
                                + "sec-websocket-key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\n\r\n")
                        .getBytes(US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        assertThat(head.toString()).startsWith("HTTP/1.1 101");
        return socket;
    }

    @SuppressWarnings("CallToSystemGC") // what is measured is the heap that survives a collection
    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
