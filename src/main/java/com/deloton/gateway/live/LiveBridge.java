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
 * The event-bus bridge of one HTTP server: nothing comes in but acknowledgements, and out goes what a viewer has asked
 * for and may see. Vert.x's bridge neither bounds what waits for a slow socket nor encodes a message once for all, so
 * messages are written here and not by it. Confined to the event loop of the HTTP server.
 */
final class LiveBridge {
    private static final String CALLER = LiveBridge.class.getName();
    private static final String RAW_PATH = "/websocket";
    private static final int MAX_ADDRESSES = 16;
    private static final int MAX_ADDRESS = 32;
    /** Browsers run the timers of hidden pages once a minute. */
    private static final long PING_WITHIN_MS = 90_000;

    private static final long REPLY_WITHIN_MS = 1_000;
    private static final long LOOK_FOR_STALLED_MS = 1_000;

    private static final int TOKEN_EXPIRED = 4401;
    private static final int STALLED = 4408;
    private static final int TOO_MANY = 4429;

    private final Vertx vertx;
    private final LiveConfig config;
    private final ViewerRegistry audience;
    private final InstantSource clock;
    private final IdentityHashMap<SockJSSocket, Viewer> viewers = new IdentityHashMap<>();
    private final Map<String, Envelope> latest = new HashMap<>();

    LiveBridge(Vertx vertx, LiveConfig config, ViewerRegistry audience, InstantSource clock) {
        this.vertx = vertx;
        this.config = config;
        this.audience = audience;
        this.clock = clock;
    }

    /** To be called before the bridge's router with whoever has shown a ticket. */
    static void admit(RoutingContext context, Caller caller) {
        context.put(CALLER, caller);
    }

    boolean isFull() {
        return audience.viewers() >= config.maxViewers();
    }

    boolean isFullFor(String subject) {
        return audience.viewersOf(subject) >= config.maxViewersPerSubject();
    }

    Router router() {
        vertx.setPeriodic(Math.min(LOOK_FOR_STALLED_MS, config.stalledAfter().toMillis()), t -> closeStalled());
        SockJSHandlerOptions sockJs = new SockJSHandlerOptions()
                .setInsertJSESSIONID(false)
                .setLibraryURL("/vendor/sockjs/sockjs.min.js")
                .addDisabledTransport("XHR")
                .addDisabledTransport("EVENT_SOURCE")
                .addDisabledTransport("HTML_FILE")
                .addDisabledTransport("JSON_P");
        SockJSBridgeOptions bridge = new SockJSBridgeOptions()
                .setPingTimeout(PING_WITHIN_MS)
                .setReplyTimeout(REPLY_WITHIN_MS)
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
            case SOCKET_CREATED -> event.complete(created(event.socket()));
            case SOCKET_CLOSED, SOCKET_ERROR -> {
                left(event.socket());
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

    private boolean created(SockJSSocket socket) {
        Caller caller = socket.routingContext().get(CALLER);
        if (caller == null || isFull() || isFullFor(caller.subject())) {
            socket.close(TOO_MANY, "too many viewers");
            return false;
        }
        boolean raw = socket.routingContext().normalizedPath().endsWith("/eventbus" + RAW_PATH);
        Viewer viewer = new Viewer(socket, caller, raw);
        viewers.put(socket, viewer);
        audience.came(caller.subject());
        long validMillis = caller.expiresAt().toEpochMilli() - clock.millis();
        viewer.expiryTimer =
                vertx.setTimer(Math.max(1, validMillis), t -> viewer.close(TOKEN_EXPIRED, "the token has expired"));
        return true;
    }

    private void left(SockJSSocket socket) {
        Viewer viewer = viewers.remove(socket);
        if (viewer != null) {
            vertx.cancelTimer(viewer.expiryTimer);
            viewer.rides.forEach(audience::lookAway);
            audience.left(viewer.caller.subject());
        }
    }

    private boolean register(Viewer viewer, String address) {
        if (!viewer.caller.may(Scope.RIDES_READ)) {
            viewer.refuse(address, "needs the scope " + Scope.RIDES_READ.value());
            return false;
        }
        if (address.equals(Addresses.RIDERS) && !viewer.caller.may(Scope.RIDERS_READ)) {
            viewer.refuse(address, "needs the scope " + Scope.RIDERS_READ.value());
            return false;
        }
        if (Addresses.isRide(address)) {
            Long ride = rideOf(address);
            if (ride == null) {
                viewer.refuse(address, "is not the number of a ride");
                return false;
            }
            if (viewer.rides.size() < MAX_ADDRESSES && viewer.rides.add(ride)) {
                audience.lookAt(ride);
            }
        }
        return true;
    }

    private void unregister(Viewer viewer, String address) {
        if (address.equals(Addresses.FLEET)) {
            viewer.forgetFrames();
        } else if (Addresses.isRide(address)) {
            Long ride = rideOf(address);
            if (ride != null && viewer.rides.remove(ride)) {
                audience.lookAway(ride);
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
                ? viewer.frame(LiveJson.seqOf(body), envelope, now)
                : viewer.send(envelope, now);
        if (!sent) {
            audience.droppedMessage();
        }
    }

    @SuppressWarnings("ReferenceEquality") // one published text is one object for all its receivers
    private Envelope envelope(String address, String body) {
        Envelope known = latest.get(address);
        if (known != null && known.body() == body) {
            return known;
        }
        Envelope fresh = envelope(
                new JsonObject().put("type", "rec").put("address", address).put("body", body));
        if (!Addresses.isRide(address)) {
            latest.put(address, fresh);
        }
        return fresh;
    }

    static Envelope envelope(JsonObject message) {
        String text = message.encode();
        return new Envelope(message.getString("body", ""), text, Buffer.buffer(text));
    }

    private void closeStalled() {
        long now = System.nanoTime();
        long patience = config.stalledAfter().toNanos();
        for (Viewer viewer : viewers.values().toArray(new Viewer[0])) {
            if (viewer.isStalled(now, patience)) {
                audience.closedStalled();
                viewer.close(
                        STALLED,
                        "no frame acknowledged for " + config.stalledAfter().toSeconds() + " s");
            }
        }
    }
}
