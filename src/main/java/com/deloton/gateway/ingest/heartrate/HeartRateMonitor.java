package com.deloton.gateway.ingest.heartrate;

import com.deloton.gateway.config.HeartRateConfig;
import com.deloton.gateway.event.Addresses;
import com.deloton.gateway.ingest.tracing.IngestTraces;
import com.deloton.gateway.ingest.tracing.IngestTraces.AlertTrace;
import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.ride.heartrate.HeartRateEvent;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.ride.heartrate.HeartRateWatch;
import com.deloton.gateway.ride.heartrate.PersonalWatch;
import com.deloton.gateway.ride.heartrate.RiderAlertSetting;
import com.deloton.gateway.store.DatabaseFailure;
import com.deloton.gateway.store.StoredRider;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the heart rates of all rides of one ingest verticle. Their events are stored at once, ahead of the flush that
 * stores them in any case, and announced at {@link Addresses#ALERT_RAISED}. Confined to one event loop.
 */
public final class HeartRateMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(HeartRateMonitor.class);
    /** With more waiting than this, events are left to the flush. */
    private static final int MAX_PENDING = 10_000;

    private static final Duration REFRESH = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String SETTINGS = "SELECT rider_id, min_bpm, max_bpm, opt_out FROM rider_alert_setting";

    private final Vertx vertx;
    private final Pool pool;
    private final HeartRatePolicy policy;
    private final AlertWriter writer;
    private final IngestTraces traces;
    private final Counter faults;
    private final @Nullable LearntMaxima maxima;
    private final FaultLog readingSettings = new FaultLog(LOG, "Reading the riders' alert settings");
    private final FaultLog storingAlerts = new FaultLog(LOG, "Storing heart-rate alerts ahead of the flush");
    private Map<Long, RiderAlertSetting> settings = Map.of();
    private List<RideHeartRateEvent> pending = new ArrayList<>();
    private List<Ride> pendingRiders = new ArrayList<>();
    private List<AlertTrace> pendingTraces = new ArrayList<>();
    private Runnable onDeferred = () -> {};
    private boolean storing;
    private boolean deferred;

    /**
     * A monitor of one verticle.
     *
     * @param maxima of the policy {@code personal}; null for the policy {@code customer}
     */
    public HeartRateMonitor(
            Vertx vertx,
            Pool pool,
            HeartRatePolicy policy,
            @Nullable LearntMaxima maxima,
            AlertWriter writer,
            IngestTraces traces,
            MeterRegistry registry) {
        this.vertx = vertx;
        this.pool = pool;
        this.policy = policy;
        this.maxima = maxima;
        this.writer = writer;
        this.traces = traces;
        faults = Counter.builder("deloton.alert.sensor.faults")
                .description("Implausible heart-rate jumps (sensor faults)")
                .register(registry);
    }

    /** What {@code heart-rate.policy} needs besides the policy; null if it is {@code customer}. */
    public static @Nullable LearntMaxima maxima(HeartRateConfig config, Vertx vertx, Pool pool) {
        return config.policy() == HeartRateConfig.Policy.PERSONAL ? new LearntMaxima(vertx, pool) : null;
    }

    public static HeartRatePolicy policy(HeartRateConfig config) {
        Duration coolDown = config.coolDown();
        return new HeartRatePolicy(
                config.readings(),
                config.recoveryReadings(),
                config.recoveryMarginBpm(),
                (int) config.longestGap().toSeconds(),
                coolDown == null ? null : (Integer) (int) coolDown.toSeconds(),
                (int) config.flapWindow().toSeconds(),
                config.criticalAboveMaxBpm(),
                config.criticalBpm(),
                config.jumpBpm());
    }

    /** Reads the riders' settings, now and every ten seconds; they apply to rides that begin later. */
    public Future<Void> start() {
        vertx.setPeriodic(REFRESH.toMillis(), t -> refresh());
        Future<Void> learnt = maxima == null ? Future.succeededFuture() : maxima.start();
        return Future.join(refresh(), learnt)
                .<Void>mapEmpty()
                .timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .otherwiseEmpty();
    }

    private Future<Void> refresh() {
        return pool.query(SETTINGS)
                .execute()
                .<Void>map(rows -> {
                    Map<Long, RiderAlertSetting> read = new HashMap<>();
                    rows.forEach(row -> read.put(
                            row.getLong(0),
                            new RiderAlertSetting(row.getInteger(1), row.getInteger(2), row.getBoolean(3))));
                    settings = read;
                    readingSettings.succeeded();
                    return null;
                })
                .onFailure(readingSettings::failed)
                .otherwiseEmpty();
    }

    /** A watch that has seen all readings of {@code ride}. */
    public HeartRateWatch watch(Ride ride) {
        Rider rider = ride.rider();
        RiderAlertSetting setting =
                rider == null ? RiderAlertSetting.NONE : settings.getOrDefault(rider.id(), RiderAlertSetting.NONE);
        HeartRateWatch watch = maxima == null
                ? new HeartRateWatch(policy, setting.limits(ride.heartRateLimits()), setting.optOut())
                : new PersonalWatch(policy, setting.limits(maxima.limits(ride)), setting.optOut());
        return watch.resume(ride.series());
    }

    /**
     * Takes the events of a ride's watch.
     *
     * @param streamKey of the records that the events come from
     * @return those that the next flush has to store
     */
    public List<RideHeartRateEvent> accept(
            String streamKey, Ride ride, long receivedAtMicros, List<HeartRateEvent> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        List<RideHeartRateEvent> toStore = new ArrayList<>(events.size());
        for (HeartRateEvent event : events) {
            if (event instanceof HeartRateEvent.SensorFault) {
                faults.increment();
            } else {
                if (event instanceof HeartRateEvent.Raised && pendingRiders.size() < MAX_PENDING) {
                    pendingRiders.add(ride);
                }
                toStore.add(RideHeartRateEvent.of(ride, receivedAtMicros, event, trace(streamKey, ride, event)));
            }
        }
        if (pending.size() < MAX_PENDING) {
            pending.addAll(toStore);
        } else {
            deferred = true;
        }
        return toStore;
    }

    private @Nullable String trace(String streamKey, Ride ride, HeartRateEvent event) {
        AlertTrace trace = event instanceof HeartRateEvent.Raised raised
                ? traces.alert(streamKey, ride.id(), raised.episode().firstS())
                : null;
        if (trace == null) {
            return null;
        }
        if (pendingTraces.size() < MAX_PENDING) {
            pendingTraces.add(trace);
        } else {
            trace.deferred("many alerts wait to be stored");
        }
        return trace.traceparent();
    }

    /** {@code request} is called when events are left to the flush, which should then start soon. */
    public void onDeferred(Runnable request) {
        onDeferred = request;
    }

    /**
     * Stores the events since the last call, behind the riders whom mails about them will reach; does nothing while
     * earlier ones are unanswered.
     */
    public void storePending() {
        if (deferred) {
            deferred = false;
            onDeferred.run();
        }
        if (pending.isEmpty() || storing) {
            return;
        }
        List<RideHeartRateEvent> events = pending;
        List<Ride> riders = pendingRiders;
        List<AlertTrace> stored = pendingTraces;
        pending = new ArrayList<>();
        pendingRiders = new ArrayList<>();
        pendingTraces = new ArrayList<>();
        storing = true;
        saveRiders(riders).compose(v -> writer.write(pool, events)).onComplete(done -> {
            storing = false;
            if (done.failed()) {
                storingAlerts.failed("they wait for the next flush: " + done.cause());
                deferred = true;
                stored.forEach(trace -> trace.deferred(done.cause().toString()));
            } else {
                storingAlerts.succeeded();
                stored.forEach(AlertTrace::stored);
                announce(events);
            }
            storePending();
        });
    }

    /** A rider whom the database refuses does not hold up the alerts: the flush quarantines the log-on. */
    private Future<Void> saveRiders(List<Ride> rides) {
        return Future.join(StoredRider.steps(rides).stream()
                        .map(step -> step.send(pool))
                        .toList())
                .<Void>mapEmpty()
                .recover(failure -> DatabaseFailure.of(failure) == DatabaseFailure.DATA
                        ? Future.succeededFuture()
                        : Future.failedFuture(failure));
    }

    /** Discards the events since the last call: for a reader that writes nothing. */
    public void discardPending() {
        pending.clear();
        pendingRiders.clear();
        pendingTraces.clear();
    }

    /** To be called when a flush has stored these. */
    public void announce(List<RideHeartRateEvent> events) {
        if (!events.isEmpty()) {
            vertx.eventBus().publish(Addresses.ALERT_RAISED, null);
        }
    }
}
