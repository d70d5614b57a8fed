package com.deloton.gateway.ingest.fleet;

import com.deloton.gateway.event.IngestBatch.Measured;
import com.deloton.gateway.event.IngestBatch.OpenRide;
import com.deloton.gateway.event.IngestBatch.Started;
import com.deloton.gateway.ingest.fleet.FleetRecord.RideState;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.heartrate.Episode;
import com.deloton.gateway.ride.heartrate.HeartRateEvent;
import com.deloton.gateway.ride.heartrate.HeartRateState;
import com.deloton.gateway.ride.heartrate.HeartRateState.Firing;
import com.deloton.gateway.ride.heartrate.HeartRateState.Recovering;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An open ride as the fleet topic has it, and what has changed since it was written. Confined to one thread. */
final class WrittenRide {
    private static final int MAX_EVENTS = 100;

    private final Started started;
    private final List<HeartRateEvent> events = new ArrayList<>();
    private @Nullable Reading last;
    private long receivedAtMicros;
    private double joules;
    private HeartRateState heart = HeartRateState.normal();
    private boolean due = true;
    private boolean replaces = true;
    private long writtenAtMillis;

    WrittenRide(Started started) {
        this.started = started;
        receivedAtMicros = started.startedAtMicros();
    }

    WrittenRide(OpenRide ride) {
        started = ride.started();
        last = ride.last();
        receivedAtMicros = ride.receivedAtMicros();
        joules = ride.energyKj() * 1_000;
        heart = ride.heart();
    }

    long id() {
        return started.rideId();
    }

    void measured(Measured event) {
        Reading reading = event.reading();
        if (reading.hasPower()) {
            joules += reading.powerW();
        }
        if (last == null || reading.elapsedS() >= last.elapsedS()) {
            last = reading;
        }
        receivedAtMicros = Math.max(receivedAtMicros, event.receivedAtMicros());
    }

    /** Returns whether it changes an alert. */
    boolean heartRateChanged(HeartRateEvent event) {
        switch (event) {
            case HeartRateEvent.Raised raised -> raised.transitions().forEach(step -> step(raised.episode(), step));
            case HeartRateEvent.Changed changed -> step(changed.episode(), changed.transition());
            case HeartRateEvent.SensorFault fault -> {
                return false;
            }
        }
        if (events.size() == MAX_EVENTS) {
            events.removeFirst();
        }
        events.add(event);
        due = true;
        return true;
    }

    private void step(Episode episode, Episode.Transition step) {
        Firing firing = new Firing(episode, step.worstBpm(), step.severity());
        heart = switch (step.phase()) {
            case FIRING -> firing;
            case RECOVERING -> new Recovering(firing, 1);
            case PENDING, NORMAL, ENDED -> HeartRateState.normal();
        };
    }

    /** Writes the ride again, in place of what readers have. */
    void repeat() {
        due = true;
        replaces = true;
    }

    boolean isDue(long nowMillis) {
        return due || nowMillis - writtenAtMillis >= FleetChanges.REFRESH.toMillis();
    }

    RideState write(long nowMillis) {
        RideState state = new RideState(
                new OpenRide(started, last, receivedAtMicros, joules / 1_000, heart), List.copyOf(events), replaces);
        events.clear();
        due = false;
        replaces = false;
        writtenAtMillis = nowMillis;
        return state;
    }
}
