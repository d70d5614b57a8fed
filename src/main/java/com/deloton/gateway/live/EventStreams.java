package com.deloton.gateway.live;

import com.deloton.gateway.auth.BearerAuth;
import com.deloton.gateway.auth.Caller;
import com.deloton.gateway.auth.Scope;
import com.deloton.gateway.auth.TokenVerifier;
import com.deloton.gateway.config.LiveConfig;
import com.deloton.gateway.event.Addresses;
import com.deloton.gateway.http.Problem;
import com.deloton.gateway.live.LiveVerticle.CatchUp;
import io.netty.channel.Channel;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The server-sent events of one HTTP server instance: what the bridge sends, for clients that speak HTTP only. A stream
 * whose connection takes the events too slowly skips some, and catches up when all that is pending has been written.
 * Confined to the event loop of the HTTP server.
 */
final class EventStreams {
    static final String MEDIA_TYPE = "text/event-stream";
    static final String PREFIX = "/v1/live";
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final long KEEP_ALIVE_MS = 15_000;
    private static final long STALL_CHECK_MS = 1_000;
    private static final long CATCH_UP_TIMEOUT_MS = 5_000;
    /** How long the readings of a ride are remembered for a stream that was interrupted. */
    private static final long REMEMBER_MS = 60_000;

    private static final int MAX_REMEMBERED_RIDES = 1_000;
    private static final int MAX_ID_LENGTH = 80;
    private static final Buffer KEEP_ALIVE = Buffer.buffer(": keep-alive\n\n");
    private static final String RETRY = "retry: 3000\n\n";

    private final Vertx vertx;
    private final LiveConfig config;
    private final ViewerRegistry viewerRegistry;
    private final InstantSource clock;
    private final Subscriptions<Stream> subscriptions;
    private final Set<Stream> streams = new LinkedHashSet<>();

    EventStreams(Vertx vertx, LiveConfig config, ViewerRegistry viewerRegistry, InstantSource clock) {
        this.vertx = vertx;
        this.config = config;
        this.viewerRegistry = viewerRegistry;
        this.clock = clock;
        subscriptions = new Subscriptions<>(vertx, this::deliver);
        vertx.eventBus().<String>localConsumer(Addresses.RIDES_ENDED, message -> ridesEnded(message.body()));
        vertx.setPeriodic(KEEP_ALIVE_MS, t -> streams.forEach(Stream::keepAlive));
        vertx.setPeriodic(Math.min(STALL_CHECK_MS, config.stalledAfter().toMillis()), t -> dropStalled());
    }

    void mount(Router router, TokenVerifier tokens) {
        BearerAuth requireRidesRead = new BearerAuth(tokens, Set.of(Scope.RIDES_READ.value()));
        mount(router, requireRidesRead, "/fleet", context -> CatchUp.FLEET);
        mount(router, requireRidesRead, "/alerts", context -> CatchUp.ALERTS);
        mount(router, requireRidesRead, "/rides/:ride", context -> Objects.requireNonNull(context.pathParam("ride")));
    }

    private void mount(Router router, BearerAuth auth, String path, Function<RoutingContext, String> topic) {
        router.route(PREFIX + path)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(auth)
                .handler(context -> open(context, topic.apply(context)));
    }

    private void open(RoutingContext context, String topic) {
        String lastEventId = context.request().getHeader(LAST_EVENT_ID);
        String after = lastEventId == null ? "" : lastEventId;
        boolean isRide = !topic.equals(CatchUp.FLEET) && !topic.equals(CatchUp.ALERTS);
        Long ride = isRide ? rideId(topic) : null;
        if (context.request().query() != null) {
            new Problem(400, "Event streams have no query parameters.").send(context);
        } else if (isRide && ride == null) {
            new Problem(400, "'%s' is not the id of a ride; expected a number, for example 4194305.".formatted(topic))
                    .send(context);
        } else if (after.length() > MAX_ID_LENGTH || (isRide && !after.matches("\\d{0,9}"))) {
            new Problem(400, "Last-Event-ID is not an id of this stream; expected that of the last event, or none.")
                    .send(context);
        } else if (context.request().method().equals(HttpMethod.HEAD)) {
            head(context.response()).end();
        } else {
            admit(context, new CatchUp(topic, BearerAuth.caller(context).hasScope(Scope.RIDERS_READ), after), ride);
        }
    }

    private static @Nullable Long rideId(String text) {
        return text.matches("[1-9]\\d{0,17}") ? Long.valueOf(text) : null;
    }

    private void admit(RoutingContext context, CatchUp first, @Nullable Long ride) {
        Caller caller = BearerAuth.caller(context);
        String remoteAddress = LiveRoutes.remoteAddress(context);
        ViewerRegistry.Refusal refusal = viewerRegistry.connect(caller.subject(), remoteAddress, config);
        if (refusal != null) {
            LiveRoutes.refuse(context, refusal);
            return;
        }
        Stream stream = new Stream(context, caller, remoteAddress, first, ride);
        streams.add(stream);
        context.response().closeHandler(v -> closed(stream)).endHandler(v -> closed(stream));
        context.response().exceptionHandler(e -> closed(stream));
        context.request().connection().shutdownHandler(v -> stream.end("shutdown"));
        if (ride != null) {
            viewerRegistry.subscribe(ride);
        }
        stream.addresses.forEach(address -> subscriptions.add(address, stream));
        stream.expiryTimer = vertx.setTimer(
                Math.max(1, caller.expiresAt().toEpochMilli() - clock.millis()), t -> stream.end("token expired"));
        catchUp(stream, first);
    }

    private static HttpServerResponse head(HttpServerResponse response) {
        return response.putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.CONTENT_ENCODING, "identity") // compression would delay events
                .putHeader("x-accel-buffering", "no");
    }

    private void catchUp(Stream stream, CatchUp request) {
        stream.catchingUp = true;
        vertx.eventBus()
                .<JsonObject>request(
                        Addresses.CATCH_UP,
                        request.toJson(),
                        new DeliveryOptions().setLocalOnly(true).setSendTimeout(CATCH_UP_TIMEOUT_MS))
                .map(reply -> reply.body())
                .onComplete(reply -> caughtUp(stream, reply));
    }

    /** A reply without text means that the ride is not open. */
    private void caughtUp(Stream stream, AsyncResult<JsonObject> reply) {
        stream.catchingUp = false;
        if (!streams.contains(stream)) {
            return;
        }
        if (reply.failed()) {
            stream.fail(context -> LiveRoutes.sendUnavailable(context, "The live view has not started yet."));
        } else if (reply.result().containsKey("text")) {
            stream.send(reply.result().getString("text"), reply.result().getString("lastId"));
        } else if (stream.first.after().isEmpty()) {
            stream.fail(context -> new Problem(
                            404,
                            "The ride %s is not live; GET /v1/rides/%s/readings has the readings of an ended ride."
                                    .formatted(stream.ride, stream.ride))
                    .send(context));
        } else {
            stream.fail(context -> context.response().setStatusCode(204).end()); // ends the retries of an EventSource
        }
    }

    private void deliver(String busAddress, String body, Set<Stream> subscribers) {
        StreamEvent event = StreamEvent.of(busAddress, body);
        Buffer text = Buffer.buffer(event.text());
        for (Stream stream : List.copyOf(subscribers)) {
            if (!stream.offer(event, text)) {
                viewerRegistry.recordDroppedMessage();
            }
        }
    }

    private void ridesEnded(String body) {
        if (streams.isEmpty()) {
            return;
        }
        for (Object id : new JsonObject(body).getJsonArray("ended")) {
            subscriptions.of(Addresses.RIDE + id).forEach(stream -> stream.end("ride ended"));
        }
    }

    private void dropStalled() {
        long now = System.nanoTime();
        for (Stream stream : List.copyOf(streams)) {
            if (stream.pending.isStalled(now, config.stalledAfter().toNanos())) {
                viewerRegistry.recordStalled();
                Viewer.drop(stream.channel);
                closed(stream);
            }
        }
    }

    private void closed(Stream stream) {
        if (!streams.remove(stream)) {
            return;
        }
        vertx.cancelTimer(stream.expiryTimer);
        stream.addresses.forEach(address -> subscriptions.remove(address, stream));
        viewerRegistry.disconnected(stream.caller.subject(), stream.remoteAddress);
        Long ride = stream.ride;
        if (ride != null && viewerRegistry.subscribedRides() <= MAX_REMEMBERED_RIDES) {
            vertx.setTimer(REMEMBER_MS, t -> viewerRegistry.unsubscribe(ride));
        } else if (ride != null) {
            viewerRegistry.unsubscribe(ride);
        }
    }

    /** One response. */
    private final class Stream {
        final Caller caller;
        final String remoteAddress;
        final CatchUp first;
        final @Nullable Long ride;
        final List<String> addresses;
        final Channel channel;
        final PendingWrites pending = new PendingWrites();
        long expiryTimer;
        boolean catchingUp;
        private final RoutingContext context;
        private boolean behind;
        private String lastId;

        Stream(RoutingContext context, Caller caller, String remoteAddress, CatchUp first, @Nullable Long ride) {
            this.context = context;
            this.caller = caller;
            this.remoteAddress = remoteAddress;
            this.first = first;
            this.ride = ride;
            lastId = first.after();
            addresses = addresses(caller, first.topic(), ride);
            channel = ((ConnectionBase) context.request().connection()).channel();
        }

        private static List<String> addresses(Caller caller, String topic, @Nullable Long ride) {
            if (ride != null) {
                return List.of(Addresses.RIDE + ride);
            }
            if (topic.equals(CatchUp.ALERTS)) {
                return List.of(LiveBridge.busAddress(caller, Addresses.ALERTS));
            }
            return caller.hasScope(Scope.RIDERS_READ)
                    ? List.of(Addresses.FLEET, Addresses.TOTALS, Addresses.RIDERS)
                    : List.of(Addresses.FLEET, Addresses.TOTALS);
        }

        /** False if the event is left to the next catching up because too many bytes are pending. */
        boolean offer(StreamEvent event, Buffer text) {
            if (catchingUp) {
                return true; // the reply contains it
            }
            if (behind || pending.isFull()) {
                behind = true;
                return false;
            }
            if (event.id() != null) {
                lastId = event.id();
            }
            write(text);
            return true;
        }

        void send(String events, String newLastId) {
            HttpServerResponse response = context.response();
            boolean begins = !response.headWritten();
            if (begins) {
                head(response).setChunked(true);
            }
            lastId = newLastId;
            write(Buffer.buffer(begins ? RETRY + events : events));
        }

        void keepAlive() {
            if (pending.isEmpty() && !catchingUp) {
                write(KEEP_ALIVE);
            }
        }

        private void write(Buffer text) {
            int size = text.length();
            pending.started(size, System.nanoTime());
            context.response().write(text).onComplete(written -> {
                pending.ended(size, System.nanoTime());
                if (behind && pending.isEmpty() && streams.contains(this)) {
                    behind = false;
                    catchUp(this, new CatchUp(first.topic(), first.personal(), lastId));
                }
            });
        }

        /** Sends the last event, {@code end}. A client may open the stream again with a new token, or elsewhere. */
        void end(String reason) {
            HttpServerResponse response = context.response();
            if (response.ended() || !streams.contains(this)) {
                return;
            }
            if (!response.headWritten()) {
                head(response).setChunked(true);
            }
            StreamEvent event = new StreamEvent(
                    "end", null, new JsonObject().put("reason", reason).encode());
            closed(this);
            response.end(Buffer.buffer(event.text()));
            if (!pending.isEmpty()) {
                vertx.setTimer(STALL_CHECK_MS, t -> Viewer.drop(channel)); // a peer that reads nothing
            }
        }

        /** Answers instead of a stream; ends one that has begun. */
        void fail(Consumer<RoutingContext> answer) {
            if (context.response().headWritten()) {
                end(ride == null ? "unavailable" : "ride ended");
            } else {
                closed(this);
                answer.accept(context);
            }
        }
    }
}
