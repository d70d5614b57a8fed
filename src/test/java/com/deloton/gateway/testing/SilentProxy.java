package com.deloton.gateway.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** A TCP proxy whose connections can fall silent, as when a host or firewall is gone: open, but nothing passes. */
public final class SilentProxy implements AutoCloseable {
    private final ServerSocket server;
    private final String host;
    private final int port;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean swallowCommit = new AtomicBoolean();

    public SilentProxy(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    private final class Link {
        final Socket client;
        final Socket target;
        volatile boolean silent;

        Link(Socket client, Socket target) {
            this.client = client;
            this.target = target;
        }

        /** To the server: a {@code COMMIT} arrives there, but its answer does not come back. */
        void copyUp(InputStream from, OutputStream to) {
            copy(from, to, true);
        }

        void copyDown(InputStream from, OutputStream to) {
            copy(from, to, false);
        }

        private void copy(InputStream from, OutputStream to, boolean up) {
            byte[] buffer = new byte[8_192];
            try {
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    boolean wasSilent = silent;
                    if (up && isCommit(buffer, n) && swallowCommit.compareAndSet(true, false)) {
                        silent = true;
                    }
                    if (!wasSilent) {
                        to.write(buffer, 0, n);
                        to.flush();
                    }
                }
            } catch (IOException closed) {
                // the other direction closes both
            } finally {
                close(client);
                if (!silent) {
                    close(target);
                }
            }
        }
    }

    private static boolean isCommit(byte[] buffer, int length) {
        return new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains("COMMIT\0");
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Connections that are open now pass nothing any more; later ones do. */
    public void silence() {
        links.forEach(link -> link.silent = true);
    }

    /** The answer to the next {@code COMMIT} gets lost, and its connection is silent from then on. */
    public void swallowNextCommit() {
        swallowCommit.set(true);
    }

    /** Whether that has happened. */
    public boolean hasSwallowed() {
        return !swallowCommit.get();
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket client = server.accept();
                Link link = new Link(client, new Socket(host, port));
                links.add(link);
                InputStream up = client.getInputStream();
                OutputStream upTo = link.target.getOutputStream();
                InputStream down = link.target.getInputStream();
                OutputStream downTo = client.getOutputStream();
                Thread.ofVirtual().start(() -> link.copyUp(up, upTo));
                Thread.ofVirtual().start(() -> link.copyDown(down, downTo));
            }
        } catch (IOException closed) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(closed);
            }
        }
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // closed already
        }
    }

    @Override
    public void close() {
        close(server);
        links.forEach(link -> {
            close(link.client);
            close(link.target);
        });
    }
}
