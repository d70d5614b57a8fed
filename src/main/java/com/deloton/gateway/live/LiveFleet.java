package com.deloton.gateway.live;

import com.deloton.gateway.event.Addresses;
import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.event.IngestBatch.Ended;
import com.deloton.gateway.event.IngestBatch.Measured;
import com.deloton.gateway.event.IngestBatch.Started;
import com.deloton.gateway.event.RideIds;
import com.deloton.gateway.live.LiveJson.Totals;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.heartrate.Episode;
import com.deloton.gateway.ride.heartrate.Episode.Phase;
import com.deloton.gateway.ride.heartrate.HeartRateEvent;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All open rides, and the changes since the last frame. Times are milliseconds since 1970-01-01T00:00:00Z. Confined to
 * one thread.
 */
final class LiveFleet {
    private static final int MAX_BPM = 250;

    private final long dropAfterMillis;
    private final LongObjectMap<LiveRide> rides = new LongObjectHashMap<>();
    private List<LiveRide> changed = new ArrayList<>();
    private List<LiveRide> started = new ArrayList<>();
    private List<Long> ended = new ArrayList<>();
    private List<LiveRide> silent = new ArrayList<>();
    private long seq;
    private long readings;
    private long quarantined;
    private long totalsAt;
    private Totals totals = new Totals(0, 0, 0, null, 0, 0, 0);

    /** @param dropAfterMillis a ride without a reading for this long is removed */
    LiveFleet(long dropAfterMillis, long nowMillis) {
        this.dropAfterMillis = dropAfterMillis;
        totalsAt = nowMillis;
    }

    int size() {
        return rides.size();
    }

    /** The sequence number of the last frame. */
    long seq() {
        return seq;
    }

    /**
     * Applies the events of one poll.
     *
     * @param viewerRegistry names the rides whose readings are published one by one
     * @param publish receives the address and body of each message that does not wait for a frame
     */
    void accept(IngestBatch batch, long nowMillis, ViewerRegistry viewerRegistry, BiConsumer<String, String> publish) {
        boolean subscribed = viewerRegistry.hasRideSubscribers();
        Map<Long, List<Reading>> subscribedReadings = Map.of();
        for (IngestBatch.Event event : batch.events()) {
            switch (event) {
                case Measured m -> {
                    measured(m);
                    if (subscribed && viewerRegistry.hasSubscribers(m.rideId())) {
                        subscribedReadings = subscribedReadings.isEmpty() ? new HashMap<>() : subscribedReadings;
                        subscribedReadings
                                .computeIfAbsent(m.rideId(), id -> new ArrayList<>())
                                .add(m.reading());
                    }
                }
                case Started s -> start(new LiveRide(s, nowMillis));
                case Ended e -> end(e.rideId());
                case IngestBatch.HeartRateChanged t -> heartRateChanged(t, publish);
                case IngestBatch.RecordQuarantined s -> quarantined++;
                case IngestBatch.PartitionRestored r -> restored(r);
                case IngestBatch.OpenRide r ->
                    start(new LiveRide(r, RideIds.sourceId(r.started().rideId())));
                case IngestBatch.RideMoved m -> start(new LiveRide(m.ride(), m.sourceId()));
            }
        }
        subscribedReadings.forEach(
                (id, readings) -> publish.accept(Addresses.RIDE + id, LiveJson.readings(id, readings)));
    }

    private void measured(Measured event) {
        readings++;
        LiveRide ride = rides.get(event.rideId());
        if (ride != null) {
            ride.measured(event.reading(), event.receivedAtMicros());
            touch(ride);
        }
    }

    private void touch(LiveRide ride) {
        if (!ride.changed) {
            ride.changed = true;
            changed.add(ride);
        }
    }

    private void start(LiveRide ride) {
        rides.put(ride.id, ride);
        ride.changed = true;
        started.add(ride);
    }

    private void end(long rideId) {
        if (rides.remove(rideId) != null) {
            ended.add(rideId);
        }
    }

    private void heartRateChanged(IngestBatch.HeartRateChanged event, BiConsumer<String, String> publish) {
        switch (event.signal()) {
            case HeartRateEvent.Raised raised ->
                raised.transitions().forEach(step -> changePhase(event.rideId(), raised.episode(), step, publish));
            case HeartRateEvent.Changed changed ->
                changePhase(event.rideId(), changed.episode(), changed.transition(), publish);
            case HeartRateEvent.SensorFault fault -> {}
        }
    }

    private void changePhase(
            long rideId, Episode episode, Episode.Transition step, BiConsumer<String, String> publish) {
        LiveRide ride = rides.get(rideId);
        if (ride != null) {
            ride.changePhase(step);
            touch(ride);
        }
        publish.accept(Addresses.ALERTS, LiveJson.alert(rideId, episode, step, false));
        publish.accept(Addresses.ALERTS_WITH_LIMITS, LiveJson.alert(rideId, episode, step, true));
    }

    private void restored(IngestBatch.PartitionRestored event) {
        List<Long> before = rides.values().stream()
                .filter(ride -> ride.sourceId == event.sourceId())
                .map(ride -> ride.id)
                .toList();
        before.forEach(this::end);
        for (IngestBatch.OpenRide ride : event.rides()) {
            start(new LiveRide(ride, event.sourceId()));
        }
    }

    /**
     * Completes a frame and starts the next one.
     *
     * @param publish receives the frame and the names of the riders who started, if {@code hasViewers}
     */
    void frame(long nowMillis, boolean hasViewers, BiConsumer<String, String> publish) {
        seq++;
        detectSilence(nowMillis);
        ended.removeIf(rides::containsKey);
        started.removeIf(ride -> rides.get(ride.id) != ride);
        changed.removeIf(ride -> rides.get(ride.id) != ride);
        if (hasViewers) {
            publish.accept(Addresses.FLEET, LiveJson.frame(seq, nowMillis, changed, started, ended, silent));
            if (!started.isEmpty()) {
                publish.accept(Addresses.RIDERS, LiveJson.riders(started));
            }
            if (!ended.isEmpty()) {
                publish.accept(Addresses.RIDES_ENDED, LiveJson.ended(ended));
            }
        }
        changed.forEach(ride -> ride.changed = false);
        started.forEach(ride -> ride.changed = false);
        changed = new ArrayList<>();
        started = new ArrayList<>();
        ended = new ArrayList<>();
        silent = new ArrayList<>();
    }

    private void detectSilence(long nowMillis) {
        List<Long> expired = new ArrayList<>();
        for (LiveRide ride : rides.values()) {
            if (!ride.isInUse(nowMillis)) {
                if (!ride.silent) {
                    ride.silent = true;
                    silent.add(ride);
                }
                if (nowMillis - ride.atMillis > dropAfterMillis) {
                    expired.add(ride.id);
                }
            }
        }
        expired.forEach(this::end);
    }

    /** The totals as JSON; rates cover the time since the last call. */
    String totals(long nowMillis) {
        int[] byBpm = new int[MAX_BPM + 1];
        int riding = 0;
        int firing = 0;
        int noSignal = 0;
        double power = 0;
        for (LiveRide ride : rides.values()) {
            if (ride.isInUse(nowMillis)) {
                riding++;
                firing += ride.phase == Phase.FIRING ? 1 : 0;
                noSignal += ride.heartRateBpm() == 0 ? 1 : 0;
                byBpm[Math.min(MAX_BPM, ride.heartRateBpm())]++;
                power += ride.last == null || !ride.last.hasPower() ? 0 : ride.last.powerW();
            }
        }
        double seconds = Math.max(1, nowMillis - totalsAt) / 1_000.0;
        totals = new Totals(
                riding, firing, noSignal, median(byBpm, riding - noSignal), power, readings / seconds, quarantined);
        totalsAt = nowMillis;
        readings = 0;
        return LiveJson.totals(seq, nowMillis, totals);
    }

    private static @Nullable Integer median(int[] byBpm, int measured) {
        int below = 0;
        for (int bpm = 1; bpm < byBpm.length; bpm++) {
            below += byBpm[bpm];
            if (below * 2 >= measured && measured > 0) {
                return bpm;
            }
        }
        return null;
    }

    /** The current values of one ride; null if it is not open. */
    @Nullable
    String ride(long rideId, long nowMillis, boolean names) {
        LiveRide ride = rides.get(rideId);
        return ride == null ? null : LiveJson.ride(ride, nowMillis, names);
    }

    /** The complete state after frame {@link #seq()}, including changes that the next frame will repeat. */
    String snapshot(long nowMillis, boolean names) {
        return LiveJson.snapshot(seq, nowMillis, rides.values(), totals, names);
    }
}
