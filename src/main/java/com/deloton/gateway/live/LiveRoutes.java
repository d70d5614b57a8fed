package com.deloton.gateway.live;

import com.deloton.gateway.auth.BearerAuth;
import com.deloton.gateway.auth.Caller;
import com.deloton.gateway.auth.Scope;
import com.deloton.gateway.auth.TokenVerifier;
import com.deloton.gateway.config.LiveConfig;
import com.deloton.gateway.event.Addresses;
import com.deloton.gateway.http.Problem;
import com.deloton.gateway.live.LiveVerticle.SnapshotKind;
import com.deloton.gateway.wall.WallToken;
import com.deloton.gateway.wall.WallTokens;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP routes of the dashboard: its configuration, tickets, the fleet snapshot and the event-bus bridge; and the
 * {@link #streams}. Mount it once per HTTP server instance; each gets a bridge on its own event loop.
 */
public final class LiveRoutes implements Consumer<Router> {

    /** Mounted only by {@code local}. */
    private static final String DEVELOPMENT_TOKENS = "/v1/token";

    private static final String BRIDGE = "/eventbus";
    private static final String FOREIGN_ORIGIN =
            "Pages of this origin may not open sockets here; add it to live.origins.";
    private static final int RETRY_AFTER_S = 10;
    private static final int MIN_TICKETS = 30;
    private static final long SNAPSHOT_TIMEOUT_MS = 5_000;

    private final Vertx vertx;
    private final LiveConfig config;
    private final String publicUrl;
    private final String version;
    private final TokenVerifier tokens;
    private final WallTokens wallTokens;
    private final ViewerRegistry viewerRegistry;
    private final InstantSource clock;
    private final Tickets tickets;

    /**
     * Routes of the live view for all HTTP server instances of one process.
     *
     * @param publicUrl an origin whose pages may open sockets
     * @param viewerRegistry shared with the {@link LiveVerticle}
     */
    public LiveRoutes(
            Vertx vertx,
            LiveConfig config,
            String publicUrl,
            String version,
            TokenVerifier tokens,
            WallTokens wallTokens,
            ViewerRegistry viewerRegistry,
            InstantSource clock) {
        this.vertx = vertx;
        this.config = config;
        this.publicUrl = publicUrl;
        this.version = version;
        this.tokens = tokens;
        this.wallTokens = wallTokens;
        this.viewerRegistry = viewerRegistry;
        this.clock = clock;
        tickets = new Tickets(clock, Math.max(MIN_TICKETS, 2 * config.maxViewersPerSubject()));
    }

    @Override
    public void accept(Router router) {
        LiveBridge bridge = new LiveBridge(vertx, config, viewerRegistry, wallTokens, clock);
        Handler<RoutingContext> requireRidesRead = ridesReadOrWall();
        boolean issuesTokens =
                router.getRoutes().stream().anyMatch(route -> DEVELOPMENT_TOKENS.equals(route.getPath()));
        JsonObject settings = settings(issuesTokens);
        router.get("/live/config").handler(context -> json(context, 200, settings.toBuffer()));
        router.get("/live/fleet").handler(requireRidesRead).handler(this::snapshot);
        router.post("/live/tickets").handler(requireRidesRead).handler(this::issue);
        router.get(BRIDGE + "/info").handler(this::info);
        router.get(BRIDGE + "/websocket").handler(context -> admit(context, bridge, true));
        router.get(BRIDGE + "/:server/:session/websocket").handler(context -> admit(context, bridge, false));
    }

    /** Wall tokens open the snapshot and the socket of the fleet; the bridge limits what they may register for. */
    private Handler<RoutingContext> ridesReadOrWall() {
        BearerAuth ridesRead = new BearerAuth(tokens, Set.of(Scope.RIDES_READ.value()));
        BearerAuth wall = new BearerAuth(wallTokens::verify, Set.of(Scope.LIVE_READ.value()));
        return context -> {
            boolean isWall = WallToken.hasPrefix(BearerAuth.presentedToken(context.request()));
            (isWall ? wall : ridesRead).handle(context);
        };
    }

    /** The event streams, below the prefix of the API. */
    public Consumer<Router> streams() {
        return router -> new EventStreams(vertx, config, viewerRegistry, clock).mount(router, tokens);
    }

    private JsonObject settings(boolean issuesTokens) {
        LiveConfig.SignIn oidc = config.signIn();
        JsonObject signIn = oidc == null
                ? new JsonObject().put("kind", issuesTokens ? "local" : "none")
                : new JsonObject()
                        .put("kind", "oidc")
                        .put("authorizationUrl", oidc.authorizationUrl())
                        .put("tokenUrl", oidc.tokenUrl())
                        .put("clientId", oidc.clientId())
                        .put("endSessionUrl", oidc.endSessionUrl())
                        .put("scope", oidc.scope())
                        .put("riderScope", oidc.riderScope());
        return new JsonObject()
                .put("signIn", signIn)
                .put("frameIntervalMs", config.frameInterval().toMillis())
                .put("version", version);
    }

    private void snapshot(RoutingContext context) {
        boolean names = BearerAuth.caller(context).hasScope(Scope.RIDERS_READ);
        boolean gzip = acceptsGzip(context.request().getHeader(HttpHeaders.ACCEPT_ENCODING));
        vertx.eventBus()
                .<Buffer>request(
                        Addresses.SNAPSHOT,
                        new SnapshotKind(names, gzip).text(),
                        new DeliveryOptions().setLocalOnly(true).setSendTimeout(SNAPSHOT_TIMEOUT_MS))
                .onSuccess(answer -> {
                    context.response().putHeader(HttpHeaders.VARY, "authorization, accept-encoding");
                    if (gzip) {
                        context.response().putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
                    }
                    json(context, 200, answer.body());
                })
                .onFailure(e -> sendUnavailable(context, "The live view has not started yet."));
    }

    private static boolean acceptsGzip(@Nullable String accepted) {
        return accepted != null && List.of(accepted.split("\\s*[,;]\\s*")).contains("gzip");
    }

    private void issue(RoutingContext context) {
        Caller caller = BearerAuth.caller(context);
        ViewerRegistry.Refusal refusal = viewerRegistry.refusal(caller.subject(), remoteAddress(context), config);
        if (refusal != null) {
            refuse(context, refusal);
            return;
        }
        String ticket = tickets.issue(caller);
        if (ticket != null) {
            json(
                    context,
                    201,
                    new JsonObject()
                            .put("ticket", ticket)
                            .put("expiresInS", Tickets.VALIDITY.toSeconds())
                            .toBuffer());
        } else if (tickets.isLimited(caller.subject())) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(Tickets.VALIDITY.toSeconds()));
            new Problem(429, "Too many tickets requested; try again in 30 seconds.").send(context);
        } else {
            sendUnavailable(context, "Too many unused tickets.");
        }
    }

    static void refuse(RoutingContext context, ViewerRegistry.Refusal refusal) {
        switch (refusal) {
            case PROCESS_FULL ->
                sendUnavailable(context, "The gateway has reached its limit of live viewers (live.max-viewers).");
            case SUBJECT_FULL ->
                new Problem(
                                429,
                                "You have reached the limit of open dashboards per user (live.max-viewers-per-subject).")
                        .send(context);
            case ADDRESS_FULL ->
                new Problem(
                                429,
                                "Your network address has reached its limit of open dashboards (live.max-viewers-per-address).")
                        .send(context);
        }
    }

    static String remoteAddress(RoutingContext context) {
        return context.request().remoteAddress().hostAddress();
    }

    /** What a SockJS client reads before it opens a socket. */
    private void info(RoutingContext context) {
        if (!hasAllowedOrigin(context)) {
            new Problem(403, FOREIGN_ORIGIN).send(context);
            return;
        }
        json(
                context,
                200,
                new JsonObject()
                        .put("websocket", true)
                        .put("cookie_needed", false)
                        .put("origins", new JsonArray().add("*:*"))
                        .put("entropy", ThreadLocalRandom.current().nextLong(1L << 32))
                        .toBuffer());
    }

    /** Opens a socket for a request with an allowed origin and a valid ticket, within the limits. */
    private void admit(RoutingContext context, LiveBridge bridge, boolean raw) {
        if (!hasAllowedOrigin(context)) {
            new Problem(403, FOREIGN_ORIGIN).send(context);
            return;
        }
        if (!context.request().canUpgradeToWebSocket()) {
            new Problem(400, "This address serves WebSocket connections only.").send(context);
            return;
        }
        Caller caller = tickets.redeem(context.request().getParam("ticket"));
        if (caller == null) {
            new Problem(
                            401,
                            "The socket needs a ticket from POST /live/tickets; a ticket is valid once and for 30 seconds.")
                    .send(context);
            return;
        }
        String address = remoteAddress(context);
        ViewerRegistry.Refusal refusal = viewerRegistry.connect(caller.subject(), address, config);
        if (refusal == null) {
            bridge.upgrade(context, caller, address, raw);
        } else {
            refuse(context, refusal);
        }
    }

    /** Requests without an Origin header are not from a browser page and pass. */
    private boolean hasAllowedOrigin(RoutingContext context) {
        String origin = context.request().getHeader(HttpHeaders.ORIGIN);
        if (origin == null || origin.equals(publicUrl) || config.origins().contains(origin)) {
            return true;
        }
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority != null
                    && authority.equalsIgnoreCase(context.request().getHeader(HttpHeaders.HOST));
        } catch (IllegalArgumentException malformedOrigin) {
            return false;
        }
    }

    static void sendUnavailable(RoutingContext context, String detail) {
        Problem.sendUnavailable(context, detail, RETRY_AFTER_S);
    }

    private static void json(RoutingContext context, int status, Buffer body) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body);
    }
}
