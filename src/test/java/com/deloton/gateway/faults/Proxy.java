package com.deloton.gateway.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A TCP proxy on the loopback interface whose connections a test cuts, delays or silences. */
public final class Proxy implements AutoCloseable {
    private static final int BUFFER = 16_384;

    private final ServerSocket server;
    private final int target;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable String> answerToDrop = new AtomicReference<>();
    private final AtomicInteger droppedAnswers = new AtomicInteger();
    private volatile boolean deaf;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean dripping;

    /** @param target the port of 127.0.0.1 to which it connects */
    public Proxy(int target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Closes all connections; new ones are served. */
    public void cut() {
        links.forEach(Link::close);
    }

    /** Connections that are open now pass nothing any more and stay open; new ones are served. */
    public void silence() {
        links.forEach(link -> link.silent = true);
    }

    /** Accepts connections and answers nothing, also on those that are open now, until {@link #heal()}. */
    public void deafen() {
        deaf = true;
        silence();
    }

    /** Holds each piece back for this long, in both directions. */
    public void delay(Duration time) {
        delay = time;
    }

    /** Passes the target's answers byte by byte, each after the {@link #delay}. */
    public void drip(Duration time) {
        delay = time;
        dripping = true;
    }

    /** Passes the next request that contains the text, swallows the answer and closes the connection. */
    public void dropAnswerTo(String request) {
        answerToDrop.set(request);
    }

    /** How many answers {@link #dropAnswerTo} has swallowed so far. */
    public int droppedAnswers() {
        return droppedAnswers.get();
    }

    /** New connections are served without delay; silenced ones stay silent. */
    public void heal() {
        deaf = false;
        delay = Duration.ZERO;
        dripping = false;
        answerToDrop.set(null);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Link link = new Link(client);
                link.silent = deaf;
                links.add(link);
                Thread.ofVirtual().start(link::connect);
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private final class Link {
        private final Socket client;
        private final Socket upstream = new Socket();
        private volatile boolean silent;
        private volatile boolean dropsAnswer;

        Link(Socket client) {
            this.client = client;
        }

        void connect() {
            try {
                if (!silent) {
                    upstream.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5_000);
                    Thread.ofVirtual().start(() -> pump(upstream, client, false));
                }
                pump(client, upstream, true);
            } catch (IOException e) {
                close();
            }
        }

        private void pump(Socket from, Socket to, boolean request) {
            byte[] buffer = new byte[BUFFER];
            try {
                InputStream in = from.getInputStream();
                int count = in.read(buffer);
                while (count >= 0) {
                    if (!silent) {
                        pass(buffer, count, to.getOutputStream(), request);
                    }
                    count = in.read(buffer);
                }
            } catch (IOException broken) {
                // so is the other side, below
            } finally {
                // The peer of a silenced connection learns nothing.
                if (!silent || request) {
                    close();
                }
            }
        }

        private void pass(byte[] buffer, int count, OutputStream out, boolean request) throws IOException {
            if (request) {
                String text = answerToDrop.get();
                if (text != null
                        && new String(buffer, 0, count, StandardCharsets.ISO_8859_1).contains(text)
                        && answerToDrop.compareAndSet(text, null)) {
                    dropsAnswer = true;
                }
            } else if (dropsAnswer) {
                droppedAnswers.incrementAndGet();
                throw new IOException("answer dropped");
            }
            if (dripping && !request) {
                for (int i = 0; i < count; i++) {
                    LockSupport.parkNanos(delay.toNanos());
                    out.write(buffer, i, 1);
                }
            } else {
                if (delay.isPositive()) {
                    LockSupport.parkNanos(delay.toNanos());
                }
                out.write(buffer, 0, count);
            }
        }

        void close() {
            links.remove(this);
            try {
                client.close();
                upstream.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
