package com.deloton.gateway.live;

import com.deloton.gateway.auth.Caller;
import com.deloton.gateway.auth.Scope;
import com.deloton.gateway.config.LiveConfig;
import com.deloton.gateway.event.Addresses;
import com.deloton.gateway.live.Viewer.Envelope;
import com.deloton.gateway.wall.WallTokens;
import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The event-bus bridge of one HTTP server instance, in the protocol of Vert.x's bridge. Clients can register for the
 * {@code live.*} addresses that their scopes allow and can send acknowledgements, nothing else. Vert.x's own bridge bounds
 * neither the backlog of a slow socket nor what a socket sends, and encodes a message again for each socket. Confined to
 * the event loop of the HTTP server.
 */
final class LiveBridge {
    private static final int MAX_ADDRESSES = 16;
    /** Browsers throttle the timers of hidden pages to one run per minute. */
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(90);

    private static final long STALL_CHECK_INTERVAL_MS = 1_000;
    private static final long WALL_CHECK_INTERVAL_MS = 5_000;

    /** WebSocket close codes of the private range. */
    private static final int TOKEN_EXPIRED = 4401;

    private static final int STALLED = 4408;
    private static final int TOO_MANY_MESSAGES = 4429;
    private static final Set<String> PUBLIC_ADDRESSES = Set.of(Addresses.FLEET, Addresses.ALERTS, Addresses.TOTALS);

    private final Vertx vertx;
    private final LiveConfig config;
    private final ViewerRegistry viewerRegistry;
    private final WallTokens wallTokens;
    private final InstantSource clock;
    private final Set<Viewer> viewers = new LinkedHashSet<>();
    private final Subscriptions<Viewer> subscriptions;

    LiveBridge(
            Vertx vertx, LiveConfig config, ViewerRegistry viewerRegistry, WallTokens wallTokens, InstantSource clock) {
        this.vertx = vertx;
        this.config = config;
        this.viewerRegistry = viewerRegistry;
        this.wallTokens = wallTokens;
        this.clock = clock;
        subscriptions = new Subscriptions<>(vertx, this::deliver);
        vertx.setPeriodic(
                Math.min(STALL_CHECK_INTERVAL_MS, config.stalledAfter().toMillis()), t -> closeStalled());
        vertx.setPeriodic(WALL_CHECK_INTERVAL_MS, t -> closeRevoked());
    }

    /**
     * Upgrades a request whose viewer was admitted by {@link ViewerRegistry#connect}.
     *
     * @param raw whether the socket speaks the bridge protocol without SockJS framing
     */
    void upgrade(RoutingContext context, Caller caller, String remoteAddress, boolean raw) {
        Channel channel = ((ConnectionBase) context.request().connection()).channel();
        context.request()
                .toWebSocket()
                .onSuccess(socket -> opened(socket, new Viewer(vertx, socket, channel, caller, remoteAddress, raw)))
                .onFailure(e -> {
                    viewerRegistry.disconnected(caller.subject(), remoteAddress);
                    context.fail(400, e);
                });
    }

    private void opened(ServerWebSocket socket, Viewer viewer) {
        viewers.add(viewer);
        long validMillis = viewer.caller.expiresAt().toEpochMilli() - clock.millis();
        viewer.expiryTimer =
                vertx.setTimer(Math.max(1, validMillis), t -> viewer.close(TOKEN_EXPIRED, "token expired"));
        socket.frameHandler(frame -> count(viewer))
                .textMessageHandler(text -> receive(viewer, text))
                .binaryMessageHandler(bytes -> receive(viewer, bytes.toString()))
                .exceptionHandler(e -> {}) // Vert.x closes the socket after a protocol error
                .closeHandler(v -> closed(viewer));
    }

    private void closed(Viewer viewer) {
        if (viewers.remove(viewer)) {
            vertx.cancelTimer(viewer.expiryTimer);
            Set.copyOf(viewer.addresses).forEach(address -> unregister(viewer, address));
            viewerRegistry.disconnected(viewer.caller.subject(), viewer.remoteAddress);
        }
    }

    private void count(Viewer viewer) {
        if (!viewer.isClosing() && !viewer.inbound.acceptFrame(System.nanoTime())) {
            viewerRegistry.recordFlood();
            viewer.abort(TOO_MANY_MESSAGES, "too many messages");
        }
    }

    private void receive(Viewer viewer, String text) {
        try {
            if (text.startsWith("[")) {
                for (Object message : new JsonArray(text)) {
                    count(viewer);
                    receive(viewer, new JsonObject(String.valueOf(message)));
                }
            } else {
                receive(viewer, new JsonObject(text));
            }
        } catch (DecodeException | ClassCastException malformed) {
            refuse(viewer, "", "not a message of the event-bus bridge");
        }
    }

    private void receive(Viewer viewer, JsonObject message) {
        if (viewer.isClosing()) {
            return;
        }
        String address = message.getString("address", "");
        switch (message.getString("type", "")) {
            case "ping" -> {}
            case "register" -> {
                String reason = register(viewer, address);
                if (reason != null) {
                    refuse(viewer, address, reason);
                }
            }
            case "unregister" -> unregister(viewer, address);
            case "send" -> {
                if (!address.equals(Addresses.ACK) || !acknowledge(viewer, message.getValue("body"))) {
                    refuse(viewer, address, "clients may only send frame numbers to " + Addresses.ACK);
                }
            }
            default -> refuse(viewer, address, "unknown type; expected register, unregister, send or ping");
        }
    }

    private void refuse(Viewer viewer, String address, String reason) {
        if (!viewer.inbound.acceptRefusal() || !viewer.refuse(address, reason)) {
            viewerRegistry.recordFlood();
            viewer.abort(TOO_MANY_MESSAGES, "too many refused messages");
        }
    }

    /** Null if the viewer was registered, else the reason for the refusal. */
    private @Nullable String register(Viewer viewer, String address) {
        boolean mayAsWall = WallTokens.isWall(viewer.caller) && PUBLIC_ADDRESSES.contains(address);
        if (!mayAsWall && !viewer.caller.hasScope(Scope.RIDES_READ)) {
            return "requires the scope " + Scope.RIDES_READ.value();
        }
        if (address.equals(Addresses.RIDERS) && !viewer.caller.hasScope(Scope.RIDERS_READ)) {
            return "requires the scope " + Scope.RIDERS_READ.value();
        }
        Long ride = rideOf(address);
        if (ride == null && !address.equals(Addresses.RIDERS) && !PUBLIC_ADDRESSES.contains(address)) {
            return "is not a live address; expected live.fleet, live.riders, live.alerts, live.totals or live.ride.<ride id>";
        }
        if (viewer.addresses.size() >= MAX_ADDRESSES) {
            return "a socket can register for at most " + MAX_ADDRESSES + " addresses";
        }
        if (!viewer.addresses.add(address)) {
            return "is already registered";
        }
        subscriptions.add(busAddress(viewer.caller, address), viewer);
        if (ride != null) {
            viewerRegistry.subscribe(ride);
        }
        return null;
    }

    private void unregister(Viewer viewer, String address) {
        if (!viewer.addresses.remove(address)) {
            return;
        }
        if (address.equals(Addresses.FLEET)) {
            viewer.clearUnacknowledged();
        }
        subscriptions.remove(busAddress(viewer.caller, address), viewer);
        Long ride = rideOf(address);
        if (ride != null) {
            viewerRegistry.unsubscribe(ride);
        }
    }

    /** Alerts with heart rates and limits, from which an age can be computed, go only to those who may read riders. */
    static String busAddress(Caller caller, String address) {
        return address.equals(Addresses.ALERTS) && caller.hasScope(Scope.RIDERS_READ)
                ? Addresses.ALERTS_WITH_LIMITS
                : address;
    }

    private static @Nullable Long rideOf(String address) {
        if (!address.matches(Addresses.RIDE_PATTERN)) {
            return null;
        }
        try {
            return Long.valueOf(address.substring(Addresses.RIDE.length()));
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }

    private static boolean acknowledge(Viewer viewer, @Nullable Object body) {
        try {
            viewer.acknowledge(Long.parseLong(String.valueOf(body)), System.nanoTime());
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void deliver(String busAddress, String body, Set<Viewer> subscribers) {
        String address = busAddress.equals(Addresses.ALERTS_WITH_LIMITS) ? Addresses.ALERTS : busAddress;
        long now = System.nanoTime();
        Envelope envelope = new Envelope(
                new JsonObject().put("type", "rec").put("address", address).put("body", body));
        boolean numbered = address.equals(Addresses.FLEET);
        long seq = numbered ? LiveJson.seqOf(body) : 0;
        for (Viewer viewer : subscribers) {
            if (!(numbered ? viewer.sendFrame(seq, envelope, now) : viewer.send(envelope, now))) {
                viewerRegistry.recordDroppedMessage();
            }
        }
    }

    /** While the database does not respond, the sockets of wall displays stay open: no token can be revoked either. */
    private void closeRevoked() {
        Set<String> walls = viewers.stream()
                .filter(viewer -> !viewer.isClosing() && WallTokens.isWall(viewer.caller))
                .map(viewer -> viewer.caller.subject())
                .collect(Collectors.toSet());
        if (walls.isEmpty()) {
            return;
        }
        wallTokens.stillValid(walls).onSuccess(valid -> {
            for (Viewer viewer : new HashSet<>(viewers)) {
                String subject = viewer.caller.subject();
                if (walls.contains(subject) && !valid.contains(subject) && !viewer.isClosing()) {
                    viewer.close(TOKEN_EXPIRED, "token revoked");
                }
            }
        });
    }

    private void closeStalled() {
        long now = System.nanoTime();
        long timeout = config.stalledAfter().toNanos();
        for (Viewer viewer : new HashSet<>(viewers)) {
            if (viewer.isClosing()) {
                continue;
            }
            if (viewer.isStalled(now, timeout)) {
                viewerRegistry.recordStalled();
                viewer.close(
                        STALLED,
                        "no frame acknowledged for " + config.stalledAfter().toSeconds() + " s");
            } else if (viewer.inbound.isSilent(now, PING_TIMEOUT.toNanos())) {
                viewer.close(STALLED, "no message for " + PING_TIMEOUT.toSeconds() + " s");
            }
        }
    }
}
