package com.deloton.gateway.live;

import com.deloton.gateway.auth.Caller;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One socket with its backlog: frames it has not acknowledged and bytes not yet written to the network. While the backlog
 * is at its limit, further messages are dropped, which bounds the memory of a slow socket. What the socket sends is
 * limited by an {@link InboundLimit}. Times are those of {@link System#nanoTime}. Confined to the event loop of the HTTP
 * server.
 */
final class Viewer {
    private static final int MAX_UNACKNOWLEDGED = 4;
    /** A socket whose peer reads nothing would otherwise wait for its close frame to be written. */
    private static final long CLOSE_TIMEOUT_MS = 1_000;

    private static final long ABORT_TIMEOUT_MS = 50;

    final Caller caller;
    final String remoteAddress;
    /** The addresses it is registered for, as the client names them. */
    final Set<String> addresses = new HashSet<>();

    final InboundLimit inbound;
    long expiryTimer;
    private final Vertx vertx;
    private final ServerWebSocket socket;
    private final Channel channel;
    private final boolean raw;
    private final Deque<Long> unacknowledged = new ArrayDeque<>();
    private long acknowledgedAt;
    private final PendingWrites pending = new PendingWrites();
    private boolean closing;

    /** A message as sent over the wire, encoded once for all viewers. */
    static final class Envelope {
        final String body;
        private final String text;
        private final Buffer bytes;
        private @Nullable String sockJs;

        Envelope(JsonObject message) {
            body = message.getString("body", "");
            text = message.encode();
            bytes = Buffer.buffer(text);
        }

        private String sockJs() {
            if (sockJs == null) {
                sockJs = "a" + new JsonArray().add(text).encode();
            }
            return sockJs;
        }
    }

    /** @param raw whether the socket speaks the bridge protocol without SockJS framing */
    Viewer(Vertx vertx, ServerWebSocket socket, Channel channel, Caller caller, String remoteAddress, boolean raw) {
        this.vertx = vertx;
        this.socket = socket;
        this.channel = channel;
        this.caller = caller;
        this.remoteAddress = remoteAddress;
        this.raw = raw;
        inbound = new InboundLimit(System.nanoTime());
        if (!raw) {
            socket.writeTextMessage("o");
        }
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
        if (closing || pending.isFull()) {
            return false;
        }
        int size = envelope.bytes.length();
        pending.started(size, now);
        Future<Void> written =
                raw ? socket.writeBinaryMessage(envelope.bytes) : socket.writeTextMessage(envelope.sockJs());
        written.onComplete(done -> pending.ended(size, System.nanoTime()));
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
                || pending.isStalled(now, timeoutNanos);
    }

    /** Sends the reason for a refusal; false if too many bytes are pending. */
    boolean refuse(String address, String reason) {
        return send(
                new Envelope(new JsonObject()
                        .put("type", "err")
                        .put("address", address)
                        .put("failureCode", 403)
                        .put("failureType", "ACCESS_DENIED")
                        .put("message", reason)),
                System.nanoTime());
    }

    boolean isClosing() {
        return closing;
    }

    /** Closes the socket; drops the connection if the peer has not closed its side within a second. */
    void close(int code, String reason) {
        close(code, reason, CLOSE_TIMEOUT_MS);
    }

    /** Closes a socket that sends too much: drops the connection as soon as the close frame can be written. */
    void abort(int code, String reason) {
        close(code, reason, ABORT_TIMEOUT_MS);
    }

    private void close(int code, String reason, long timeoutMs) {
        if (closing) {
            return;
        }
        closing = true;
        socket.pause();
        if (!raw) {
            socket.writeTextMessage("c" + new JsonArray().add(code).add(reason).encode());
        }
        socket.close((short) code, reason);
        vertx.setTimer(timeoutMs, t -> drop(channel));
    }

    /** Closes below the pipeline's handlers, which would wait for the peer. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failed close has no remedy
    static void drop(Channel channel) {
        ChannelHandlerContext nearestToNetwork = channel.pipeline().firstContext();
        if (nearestToNetwork != null) {
            nearestToNetwork.close();
        }
    }
}
