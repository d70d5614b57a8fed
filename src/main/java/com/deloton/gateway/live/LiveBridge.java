package com.deloton.gateway.live;

import com.deloton.gateway.auth.Caller;
import com.deloton.gateway.auth.Scope;
import com.deloton.gateway.config.LiveConfig;
import com.deloton.gateway.event.Addresses;
import com.deloton.gateway.live.Viewer.Envelope;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.bridge.PermittedOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.sockjs.BridgeEvent;
import io.vertx.ext.web.handler.sockjs.SockJSBridgeOptions;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The event-bus bridge of one HTTP server instance. Clients can register for the {@code live.*} addresses that their
 * scopes allow and can send acknowledgements, nothing else. Messages are written here instead of by Vert.x's bridge,
 * which neither bounds the backlog of a slow socket nor encodes a message once for all sockets. Confined to the event
 * loop of the HTTP server.
 */
final class LiveBridge {
    private static final String CALLER = LiveBridge.class.getName();
    private static final String RAW_PATH = "/websocket";
    private static final int MAX_ADDRESSES = 16;
    private static final int MAX_ADDRESS = 32;
    /** Browsers throttle the timers of hidden pages to one run per minute. */
    private static final long PING_TIMEOUT_MS = 90_000;

    private static final long REPLY_TIMEOUT_MS = 1_000;
    private static final long STALL_CHECK_INTERVAL_MS = 1_000;

    /** WebSocket close codes of the private range. */
    private static final int TOKEN_EXPIRED = 4401;

    private static final int STALLED = 4408;
    private static final int TOO_MANY = 4429;

    private final Vertx vertx;
    private final LiveConfig config;
    private final ViewerRegistry viewerRegistry;
    private final InstantSource clock;
    private final IdentityHashMap<SockJSSocket, Viewer> viewers = new IdentityHashMap<>();
    private final Map<String, Envelope> latest = new HashMap<>();

    LiveBridge(Vertx vertx, LiveConfig config, ViewerRegistry viewerRegistry, InstantSource clock) {
        this.vertx = vertx;
        this.config = config;
        this.viewerRegistry = viewerRegistry;
        this.clock = clock;
    }

    /** Records the caller of a redeemed ticket; call it before the request reaches the bridge's router. */
    static void admit(RoutingContext context, Caller caller) {
        context.put(CALLER, caller);
    }

    boolean isFull() {
        return viewerRegistry.viewers() >= config.maxViewers();
    }

    boolean isFullFor(String subject) {
        return viewerRegistry.viewersOf(subject) >= config.maxViewersPerSubject();
    }

    Router router() {
        vertx.setPeriodic(
                Math.min(STALL_CHECK_INTERVAL_MS, config.stalledAfter().toMillis()), t -> closeStalled());
        SockJSHandlerOptions sockJs = new SockJSHandlerOptions()
                .setInsertJSESSIONID(false)
                .setLibraryURL("/vendor/sockjs/sockjs.min.js")
                .addDisabledTransport("XHR")
                .addDisabledTransport("EVENT_SOURCE")
                .addDisabledTransport("HTML_FILE")
                .addDisabledTransport("JSON_P");
        SockJSBridgeOptions bridge = new SockJSBridgeOptions()
                .setPingTimeout(PING_TIMEOUT_MS)
                .setReplyTimeout(REPLY_TIMEOUT_MS)
                .setMaxHandlersPerSocket(MAX_ADDRESSES)
                .setMaxAddressLength(MAX_ADDRESS)
                .addInboundPermitted(new PermittedOptions().setAddress(Addresses.ACK))
                .addOutboundPermitted(new PermittedOptions().setAddress(Addresses.FLEET))
                .addOutboundPermitted(new PermittedOptions().setAddress(Addresses.RIDERS))
                .addOutboundPermitted(new PermittedOptions().setAddress(Addresses.ALERTS))
                .addOutboundPermitted(new PermittedOptions().setAddress(Addresses.TOTALS))
                .addOutboundPermitted(new PermittedOptions().setAddressRegex(Addresses.RIDE_PATTERN));
        return SockJSHandler.create(vertx, sockJs).bridge(bridge, this::handle);
    }

    private void handle(BridgeEvent event) {
        Viewer viewer = viewers.get(event.socket());
        switch (event.type()) {
            case SOCKET_CREATED -> event.complete(connected(event.socket()));
            case SOCKET_CLOSED, SOCKET_ERROR -> {
                disconnected(event.socket());
                event.complete(true);
            }
            case REGISTER -> event.complete(viewer != null && register(viewer, address(event)));
            case UNREGISTER -> {
                if (viewer != null) {
                    unregister(viewer, address(event));
                }
                event.complete(true);
            }
            case SEND -> event.complete(viewer != null && acknowledge(viewer, event.getRawMessage()));
            case PUBLISH -> event.complete(false);
            case RECEIVE -> {
                if (viewer != null) {
                    deliver(viewer, address(event), event.getRawMessage().getString("body"));
                }
                event.complete(false);
            }
            default -> event.complete(true);
        }
    }

    private static String address(BridgeEvent event) {
        return event.getRawMessage().getString("address", "");
    }

    private boolean connected(SockJSSocket socket) {
        Caller caller = socket.routingContext().get(CALLER);
        if (caller == null || isFull() || isFullFor(caller.subject())) {
            socket.close(TOO_MANY, "too many viewers");
            return false;
        }
        boolean raw = socket.routingContext().normalizedPath().endsWith("/eventbus" + RAW_PATH);
        Viewer viewer = new Viewer(socket, caller, raw);
        viewers.put(socket, viewer);
        viewerRegistry.connected(caller.subject());
        long validMillis = caller.expiresAt().toEpochMilli() - clock.millis();
        viewer.expiryTimer =
                vertx.setTimer(Math.max(1, validMillis), t -> viewer.close(TOKEN_EXPIRED, "token expired"));
        return true;
    }

    private void disconnected(SockJSSocket socket) {
        Viewer viewer = viewers.remove(socket);
        if (viewer != null) {
            vertx.cancelTimer(viewer.expiryTimer);
            viewer.rides.forEach(viewerRegistry::unsubscribe);
            viewerRegistry.disconnected(viewer.caller.subject());
        }
    }

    private boolean register(Viewer viewer, String address) {
        if (!viewer.caller.hasScope(Scope.RIDES_READ)) {
            viewer.refuse(address, "requires the scope " + Scope.RIDES_READ.value());
            return false;
        }
        if (address.equals(Addresses.RIDERS) && !viewer.caller.hasScope(Scope.RIDERS_READ)) {
            viewer.refuse(address, "requires the scope " + Scope.RIDERS_READ.value());
            return false;
        }
        if (Addresses.isRide(address)) {
            Long ride = rideOf(address);
            if (ride == null) {
                viewer.refuse(
                        address, "is not a ride address; expected live.ride.<ride id>, for example live.ride.409607");
                return false;
            }
            if (viewer.rides.size() < MAX_ADDRESSES && viewer.rides.add(ride)) {
                viewerRegistry.subscribe(ride);
            }
        }
        return true;
    }

    private void unregister(Viewer viewer, String address) {
        if (address.equals(Addresses.FLEET)) {
            viewer.clearUnacknowledged();
        } else if (Addresses.isRide(address)) {
            Long ride = rideOf(address);
            if (ride != null && viewer.rides.remove(ride)) {
                viewerRegistry.unsubscribe(ride);
            }
        }
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

    private static boolean acknowledge(Viewer viewer, JsonObject message) {
        message.remove("headers");
        message.remove("replyAddress");
        if (!Addresses.ACK.equals(message.getString("address"))) {
            return false;
        }
        try {
            viewer.acknowledge(Long.parseLong(String.valueOf(message.getValue("body"))), System.nanoTime());
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void deliver(Viewer viewer, String address, @Nullable String body) {
        if (body == null) {
            return;
        }
        long now = System.nanoTime();
        Envelope envelope = envelope(address, body);
        boolean sent = address.equals(Addresses.FLEET)
                ? viewer.sendFrame(LiveJson.seqOf(body), envelope, now)
                : viewer.send(envelope, now);
        if (!sent) {
            viewerRegistry.recordDroppedMessage();
        }
    }

    @SuppressWarnings("ReferenceEquality") // the local event bus hands the same object to all consumers
    private Envelope envelope(String address, String body) {
        Envelope cached = latest.get(address);
        if (cached != null && cached.body() == body) {
            return cached;
        }
        Envelope encoded = envelope(
                new JsonObject().put("type", "rec").put("address", address).put("body", body));
        if (!Addresses.isRide(address)) {
            latest.put(address, encoded);
        }
        return encoded;
    }

    static Envelope envelope(JsonObject message) {
        String text = message.encode();
        return new Envelope(message.getString("body", ""), text, Buffer.buffer(text));
    }

    private void closeStalled() {
        long now = System.nanoTime();
        long timeout = config.stalledAfter().toNanos();
        for (Viewer viewer : viewers.values().toArray(new Viewer[0])) {
            if (viewer.isStalled(now, timeout)) {
                viewerRegistry.recordStalled();
                viewer.close(
                        STALLED,
                        "no frame acknowledged for " + config.stalledAfter().toSeconds() + " s");
            }
        }
    }
}
