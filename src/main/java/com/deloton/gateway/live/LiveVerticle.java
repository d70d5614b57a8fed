package com.deloton.gateway.live;

import com.deloton.gateway.config.LiveConfig;
import com.deloton.gateway.event.Addresses;
import com.deloton.gateway.event.IngestBatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Keeps the current values of each open ride from the process's {@link IngestBatch}es and publishes them on the local
 * event bus: frames, names and totals at fixed rates; alerts, and the readings of subscribed rides, immediately. One
 * instance per process; {@link LiveRoutes} forwards its messages to browsers.
 */
public final class LiveVerticle extends VerticleBase {
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
    private static final long TOTALS_EVERY_MILLIS = 1_000;

    private final LiveConfig config;
    private final Duration dropAfter;
    private final ViewerRegistry viewerRegistry;
    private final MeterRegistry registry;
    private final InstantSource clock;
    private final Map<SnapshotKind, Snapshot> snapshots = new HashMap<>();
    private LiveFleet fleet;
    private final StreamHistory history = new StreamHistory();
    private volatile int rides;
    private long totalsDue;

    /** The request body of {@link Addresses#SNAPSHOT}. */
    record SnapshotKind(boolean names, boolean gzip) {
        static SnapshotKind parse(String text) {
            return new SnapshotKind(text.contains("names"), text.contains("gzip"));
        }

        String text() {
            return (names ? "names " : "") + (gzip ? "gzip" : "plain");
        }
    }

    /**
     * The request body of {@link Addresses#CATCH_UP}: what an event stream begins with.
     *
     * @param topic {@link #FLEET}, {@link #ALERTS} or the id of a ride
     * @param personal whether the viewer may see names, ages and heart-rate limits
     * @param after the id of the last event that was received; empty for none
     */
    record CatchUp(String topic, boolean personal, String after) {
        static final String FLEET = "fleet";
        static final String ALERTS = "alerts";

        JsonObject toJson() {
            return new JsonObject()
                    .put("topic", topic)
                    .put("personal", personal)
                    .put("after", after);
        }

        static CatchUp of(JsonObject json) {
            return new CatchUp(json.getString("topic"), json.getBoolean("personal"), json.getString("after"));
        }
    }

    private record Snapshot(long seq, Buffer body) {}

    /**
     * The live view of this process.
     *
     * @param dropAfter a ride without a reading for this long is removed
     * @param viewerRegistry shared with {@link LiveRoutes}
     */
    @SuppressWarnings("NullAway") // start() sets the fleet
    public LiveVerticle(
            LiveConfig config,
            Duration dropAfter,
            ViewerRegistry viewerRegistry,
            MeterRegistry registry,
            InstantSource clock) {
        this.config = config;
        this.dropAfter = dropAfter;
        this.viewerRegistry = viewerRegistry;
        this.registry = registry;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        fleet = new LiveFleet(dropAfter.toMillis(), clock.millis());
        Gauge.builder("deloton.live.rides", () -> rides)
                .description("Open rides in the live view")
                .register(registry);
        IngestBatch.consume(
                vertx.eventBus(), batch -> fleet.accept(batch, clock.millis(), viewerRegistry, this::publish));
        vertx.eventBus().localConsumer(Addresses.SNAPSHOT, this::snapshot);
        vertx.eventBus().<JsonObject>localConsumer(Addresses.CATCH_UP, this::catchUp);
        vertx.setPeriodic(config.frameInterval().toMillis(), t -> frame());
        return Future.succeededFuture();
    }

    private void frame() {
        long now = clock.millis();
        fleet.frame(now, viewerRegistry.viewers() > 0, this::publish);
        history.retainRides(viewerRegistry::hasSubscribers);
        rides = fleet.size();
        if (now >= totalsDue) {
            totalsDue = now + TOTALS_EVERY_MILLIS - config.frameInterval().toMillis() / 2;
            publish(Addresses.TOTALS, fleet.totals(now));
        }
    }

    private void publish(String address, String body) {
        if (address.equals(Addresses.FLEET)) {
            viewerRegistry.recordFrame(body.length());
        }
        history.published(address, body);
        vertx.eventBus().publish(address, body, LOCAL);
    }

    /** Replies with the text of the events and the id of the last one; with nothing if the ride is not open. */
    private void catchUp(Message<JsonObject> request) {
        CatchUp wanted = CatchUp.of(request.body());
        long now = clock.millis();
        List<StreamEvent> events = switch (wanted.topic()) {
            case CatchUp.FLEET ->
                List.of(new StreamEvent(
                        "snapshot", String.valueOf(fleet.seq()), fleet.snapshot(now, wanted.personal())));
            case CatchUp.ALERTS ->
                history.alertsAfter(
                        wanted.personal() ? Addresses.ALERTS_WITH_LIMITS : Addresses.ALERTS, wanted.after(), now);
            default -> rideEvents(Long.parseLong(wanted.topic()), wanted, now);
        };
        JsonObject reply = new JsonObject();
        if (!events.isEmpty()) {
            reply.put("text", events.stream().map(StreamEvent::text).collect(Collectors.joining()))
                    .put("lastId", events.getLast().id());
        }
        request.reply(reply);
    }

    private List<StreamEvent> rideEvents(long ride, CatchUp wanted, long now) {
        String current = fleet.ride(ride, now, wanted.personal());
        return current == null
                ? List.of()
                : history.readingsAfter(
                        ride, wanted.after().isEmpty() ? null : Integer.valueOf(wanted.after()), current);
    }

    /** Built once per frame and kind, and reused for all requests until the next frame. */
    private void snapshot(Message<String> request) {
        SnapshotKind kind = SnapshotKind.parse(request.body());
        Snapshot known = snapshots.get(kind);
        if (known == null || known.seq() != fleet.seq()) {
            Buffer body = Buffer.buffer(fleet.snapshot(clock.millis(), kind.names()));
            known = new Snapshot(fleet.seq(), kind.gzip() ? gzip(body) : body);
            snapshots.put(kind, known);
        }
        request.reply(known.body());
    }

    private static Buffer gzip(Buffer body) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(body.length() / 4 + 64);
        try (OutputStream out = new FastGzip(compressed)) {
            out.write(body.getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(compressed.toByteArray());
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
