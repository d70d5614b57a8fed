package com.deloton.gateway.ingest.heartrate;

import com.deloton.gateway.config.HeartRateConfig;
import com.deloton.gateway.event.Addresses;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.ride.heartrate.HeartRateEvent;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.ride.heartrate.HeartRateWatch;
import com.deloton.gateway.ride.heartrate.RiderAlertSetting;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watches over the rides of one ingest verticle. What they tell is stored at once, ahead of the flush that will
 * store it in any case, and the event bus is told at {@link Addresses#ALERT_RAISED}. Confined to one event loop.
 */
public final class HeartRateMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(HeartRateMonitor.class);
    private static final Duration REFRESH = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String SETTINGS = "SELECT rider_id, min_bpm, max_bpm, opt_out FROM rider_alert_setting";

    private final Vertx vertx;
    private final Pool pool;
    private final HeartRatePolicy policy;
    private final AlertWriter store;
    private final Counter faults;
    private Map<Long, RiderAlertSetting> settings = Map.of();
    private List<RideHeartRateEvent> pending = new ArrayList<>();
    private boolean storing;

    public HeartRateMonitor(Vertx vertx, Pool pool, HeartRatePolicy policy, AlertWriter store, MeterRegistry registry) {
        this.vertx = vertx;
        this.pool = pool;
        this.policy = policy;
        this.store = store;
        faults = Counter.builder("deloton.alert.sensor.faults")
                .description("Steps of a heart rate that no heart makes")
                .register(registry);
    }

    public static HeartRatePolicy policy(HeartRateConfig config) {
        Duration coolDown = config.coolDown();
        return new HeartRatePolicy(
                config.readings(),
                config.recoveryReadings(),
                config.recoveryMarginBpm(),
                (int) config.longestGap().toSeconds(),
                coolDown == null ? null : (Integer) (int) coolDown.toSeconds(),
                config.criticalAboveMaxBpm(),
                config.criticalBpm(),
                config.jumpBpm());
    }

    /** Reads the riders' settings, and again from time to time; rides that begin later go by them. */
    public Future<Void> start() {
        vertx.setPeriodic(REFRESH.toMillis(), t -> refresh());
        return refresh().timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
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
                    return null;
                })
                .onFailure(e -> LOG.warn("Cannot read the riders' alert settings, keeping the last: {}", e.toString()))
                .otherwiseEmpty();
    }

    /** A watch over {@code ride} that has seen the readings it has. */
    public HeartRateWatch watch(Ride ride) {
        Rider rider = ride.rider();
        RiderAlertSetting setting =
                rider == null ? RiderAlertSetting.NONE : settings.getOrDefault(rider.id(), RiderAlertSetting.NONE);
        return new HeartRateWatch(policy, setting.limits(ride.heartRateLimits()), setting.optOut())
                .resume(ride.series());
    }

    /** Takes what a watch told; adds to {@code stored} what the next flush has to store. */
    public void tell(Ride ride, long receivedAtMicros, List<HeartRateEvent> signals, List<RideHeartRateEvent> stored) {
        for (HeartRateEvent signal : signals) {
            if (signal instanceof HeartRateEvent.SensorFault) {
                faults.increment();
                continue;
            }
            Rider rider = ride.rider();
            RideHeartRateEvent event = new RideHeartRateEvent(
                    ride.id(), rider == null ? null : (Long) rider.id(), receivedAtMicros, signal);
            stored.add(event);
            pending.add(event);
        }
    }

    /** Stores what was told since the last call, in one statement; does nothing while one is under way. */
    public void store() {
        if (pending.isEmpty() || storing) {
            return;
        }
        List<RideHeartRateEvent> events = pending;
        pending = new ArrayList<>();
        storing = true;
        store.write(pool, events).onComplete(done -> {
            storing = false;
            if (done.failed()) {
                LOG.warn("Episodes wait for the next flush: {}", done.cause().toString());
            } else {
                wake(events);
            }
            store();
        });
    }

    /** Forgets what was told since the last call: for a reader that writes nothing. */
    public void skip() {
        pending.clear();
    }

    /** To be called when a flush has stored these. */
    public void wake(List<RideHeartRateEvent> events) {
        if (!events.isEmpty()) {
            vertx.eventBus().publish(Addresses.ALERT_RAISED, null);
        }
    }
}
