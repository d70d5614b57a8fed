package com.deloton.gateway.api.clients;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Sends GET requests over some connections, on each again as soon as it is answered. As lean as pgbench, in one thread without
 * an HTTP library, so that a comparison of both compares what they ask.
 */
final class HttpLoad {
    private static final int MAX_RESPONSE_BYTES = 1 << 18;
    private static final byte[] OK = "HTTP/1.1 200 ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LENGTH = "content-length: ".getBytes(StandardCharsets.US_ASCII);

    private final int port;
    private final byte[] head;
    private final int connections;

    HttpLoad(int port, String token, int connections) {
        this.port = port;
        head = (" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        this.connections = connections;
    }

    /** The latencies in microseconds. Fails at a status other than 200. */
    long[] run(Supplier<String> path, Duration window) throws IOException {
        Latencies latencies = new Latencies();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                SocketChannel channel =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.configureBlocking(false);
                Exchange exchange = new Exchange(channel, path);
                channel.register(selector, SelectionKey.OP_READ, exchange);
                exchange.send();
            }
            long end = System.nanoTime() + window.toNanos();
            while (System.nanoTime() < end) {
                selector.select(key -> answered((Exchange) key.attachment(), latencies), 1_000);
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        }
        return latencies.toArray();
    }

    private static void answered(Exchange exchange, Latencies latencies) {
        try {
            if (exchange.receive()) {
                latencies.add((System.nanoTime() - exchange.sentAt) / 1_000);
                exchange.send();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Latencies {
        private long[] micros = new long[1 << 16];
        private int count;

        void add(long value) {
            if (count == micros.length) {
                micros = Arrays.copyOf(micros, 2 * count);
            }
            micros[count++] = value;
        }

        long[] toArray() {
            return Arrays.copyOf(micros, count);
        }
    }

    private final class Exchange {
        private final SocketChannel channel;
        private final Supplier<String> path;
        private final ByteBuffer request = ByteBuffer.allocateDirect(8_192);
        private final ByteBuffer received = ByteBuffer.allocateDirect(MAX_RESPONSE_BYTES);
        private final byte[] bytes = new byte[MAX_RESPONSE_BYTES];
        private int responseBytes;
        private long sentAt;

        Exchange(SocketChannel channel, Supplier<String> path) {
            this.channel = channel;
            this.path = path;
        }

        void send() throws IOException {
            request.clear();
            request.put(("GET " + path.get()).getBytes(StandardCharsets.US_ASCII))
                    .put(head)
                    .flip();
            received.clear();
            responseBytes = 0;
            sentAt = System.nanoTime();
            while (request.hasRemaining()) {
                channel.write(request);
            }
        }

        /** Whether the response is complete. */
        boolean receive() throws IOException {
            if (channel.read(received) < 0) {
                throw new EOFException("the gateway closed the connection");
            }
            if (responseBytes == 0) {
                responseBytes = announced();
            }
            return responseBytes > 0 && received.position() >= responseBytes;
        }

        /** The size of the response with its headers; 0 while they are not complete. */
        private int announced() {
            int length = received.position();
            received.get(0, bytes, 0, length);
            if (length >= OK.length && !Arrays.equals(bytes, 0, OK.length, OK, 0, OK.length)) {
                throw new IllegalStateException(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
            }
            int bodyLength = 0;
            for (int i = 0; i + 4 <= length; i++) {
                if (bytes[i] == '\r' && bytes[i + 2] == '\r') {
                    return i + 4 + bodyLength;
                }
                if (bytes[i] == '\n'
                        && i + 1 + LENGTH.length <= length
                        && Arrays.equals(bytes, i + 1, i + 1 + LENGTH.length, LENGTH, 0, LENGTH.length)) {
                    for (int digit = i + 1 + LENGTH.length; bytes[digit] >= '0' && bytes[digit] <= '9'; digit++) {
                        bodyLength = bodyLength * 10 + bytes[digit] - '0';
                    }
                }
            }
            return 0;
        }
    }
}
