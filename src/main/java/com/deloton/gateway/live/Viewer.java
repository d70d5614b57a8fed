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
 * One socket with its backlog: frames it has not acknowledged and bytes not yet written to the network. While the backlog
 * is at its limit, further messages are dropped, which bounds the memory of a slow socket. Times are those of
 * {@link System#nanoTime}. Confined to the event loop of the HTTP server.
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
    private long lastWrittenAt;

    /** A message as sent over the wire, encoded once for all viewers. */
    record Envelope(String body, String text, Buffer bytes) {}

    /** @param raw whether the socket speaks the bridge protocol without SockJS framing */
    Viewer(SockJSSocket socket, Caller caller, boolean raw) {
        this.socket = socket;
        this.caller = caller;
        this.raw = raw;
    }

    /** Sends a numbered frame; false if it was dropped because the backlog is at its limit. */
    boolean sendFrame(long seq, Envelope envelope, long now) {
        if (unacknowledged.size() > MAX_UNACKNOWLEDGED || !send(envelope, now)) {
            return false;
        }
        if (unacknowledged.isEmpty()) {
            acknowledgedAt = now;
        }
        unacknowledged.add(seq);
        return true;
    }

    /** False if the message was dropped because too many bytes are pending. */
    boolean send(Envelope envelope, long now) {
        if (pendingBytes > MAX_PENDING_BYTES) {
            return false;
        }
        if (pendingBytes == 0) {
            lastWrittenAt = now;
        }
        int size = envelope.bytes().length();
        pendingBytes += size;
        Future<Void> written = raw ? socket.write(envelope.bytes()) : socket.write(envelope.text());
        written.onComplete(done -> {
            pendingBytes -= size;
            lastWrittenAt = System.nanoTime();
        });
        return true;
    }

    /** Acknowledges all frames up to {@code seq}. */
    void acknowledge(long seq, long now) {
        while (!unacknowledged.isEmpty() && unacknowledged.getFirst() <= seq) {
            unacknowledged.removeFirst();
            acknowledgedAt = now;
        }
    }

    void clearUnacknowledged() {
        unacknowledged.clear();
    }

    boolean isStalled(long now, long timeoutNanos) {
        return (!unacknowledged.isEmpty() && now - acknowledgedAt > timeoutNanos)
                || (pendingBytes > 0 && now - lastWrittenAt > timeoutNanos);
    }

    /** Sends the reason for a refusal; the bridge's own {@code access_denied} names neither address nor reason. */
    void refuse(String address, String reason) {
        Envelope envelope = LiveBridge.envelope(new JsonObject()
                .put("type", "err")
                .put("address", address)
                .put("failureCode", 403)
                .put("failureType", "ACCESS_DENIED")
                .put("message", reason));
        send(envelope, System.nanoTime());
    }

    void close(int code, String reason) {
        socket.close(code, reason);
    }
}
