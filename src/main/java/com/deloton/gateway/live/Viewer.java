package com.deloton.gateway.live;

import com.deloton.gateway.auth.Caller;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * One socket and what it owes: frames that it has not acknowledged, and bytes that the network has not taken. While it
 * owes too much it gets nothing more, so that its share of memory is bounded. Times are of {@link System#nanoTime}.
 * Confined to the event loop of the HTTP server.
 */
final class Viewer {
    private static final int MAX_UNACKNOWLEDGED = 4;
    private static final long MAX_PENDING_BYTES = 256 * 1_024;

    final Caller caller;
    final Set<Long> rides = new HashSet<>();
    long expiryTimer;
    private final SockJSSocket socket;
    private final boolean raw;
    private final Deque<Long> unacknowledged = new ArrayDeque<>();
    private long acknowledgedAt;
    private long pendingBytes;
    private long takenAt;

    /** A message as it goes over the wire, encoded once for all viewers. */
    record Envelope(String body, String text, Buffer bytes) {}

    /** @param raw speaks the bridge's protocol without SockJS around it */
    Viewer(SockJSSocket socket, Caller caller, boolean raw) {
        this.socket = socket;
        this.caller = caller;
        this.raw = raw;
    }

    /** False if the viewer owes too much for another frame. */
    boolean frame(long seq, Envelope envelope, long now) {
        if (unacknowledged.size() > MAX_UNACKNOWLEDGED || !send(envelope, now)) {
            return false;
        }
        if (unacknowledged.isEmpty()) {
            acknowledgedAt = now;
        }
        unacknowledged.add(seq);
        return true;
    }

    /** False if the viewer owes too much. */
    boolean send(Envelope envelope, long now) {
        if (pendingBytes > MAX_PENDING_BYTES) {
            return false;
        }
        if (pendingBytes == 0) {
            takenAt = now;
        }
        int size = envelope.bytes().length();
        pendingBytes += size;
        Future<Void> written = raw ? socket.write(envelope.bytes()) : socket.write(envelope.text());
        written.onComplete(done -> {
            pendingBytes -= size;
            takenAt = System.nanoTime();
        });
        return true;
    }

    /** All frames up to {@code seq} are drawn. */
    void acknowledge(long seq, long now) {
        while (!unacknowledged.isEmpty() && unacknowledged.getFirst() <= seq) {
            unacknowledged.removeFirst();
            acknowledgedAt = now;
        }
    }

    void forgetFrames() {
        unacknowledged.clear();
    }

    boolean isStalled(long now, long patienceNanos) {
        return (!unacknowledged.isEmpty() && now - acknowledgedAt > patienceNanos)
                || (pendingBytes > 0 && now - takenAt > patienceNanos);
    }

    /** Tells why an address is refused; the bridge's own word does not say which. */
    void refuse(String address, String why) {
        Envelope envelope = LiveBridge.envelope(new JsonObject()
                .put("type", "err")
                .put("address", address)
                .put("failureCode", 403)
                .put("failureType", "ACCESS_DENIED")
                .put("message", why));
        send(envelope, System.nanoTime());
    }

    void close(int code, String reason) {
        socket.close(code, reason);
    }
}
