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
 * All rides under way, and what has changed since the last frame. Times are milliseconds since 1970-01-01T00:00:00Z.
 * Confined to one thread.
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

    /** A fleet that forgets rides of which nothing was heard for so long. */
    LiveFleet(long dropAfterMillis, long nowMillis) {
        this.dropAfterMillis = dropAfterMillis;
        totalsAt = nowMillis;
    }

    int size() {
        return rides.size();
    }

    /** The number of the last frame. */
    long seq() {
        return seq;
    }

    /**
     * Takes in what one poll brought.
     *
     * @param audience which rides are looked at
     * @param publish called with address and text for what does not wait for a frame
     */
    void accept(IngestBatch batch, long nowMillis, ViewerRegistry audience, BiConsumer<String, String> publish) {
        boolean looking = audience.looksAtRides();
        Map<Long, List<Reading>> lookedAt = Map.of();
        for (IngestBatch.Event event : batch.events()) {
            switch (event) {
                case Measured m -> {
                    measured(m);
                    if (looking && audience.looksAt(m.rideId())) {
                        lookedAt = lookedAt.isEmpty() ? new HashMap<>() : lookedAt;
                        lookedAt.computeIfAbsent(m.rideId(), id -> new ArrayList<>())
                                .add(m.reading());
                    }
                }
                case Started s -> start(new LiveRide(s, nowMillis));
                case Ended e -> end(e.rideId());
                case IngestBatch.HeartRateChanged t -> told(t, publish);
                case IngestBatch.RecordQuarantined s -> quarantined++;
                case IngestBatch.PartitionRestored r -> resumed(r);
            }
        }
        lookedAt.forEach((id, news) -> publish.accept(Addresses.RIDE + id, LiveJson.readings(id, news)));
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

    private void told(IngestBatch.HeartRateChanged event, BiConsumer<String, String> publish) {
        switch (event.signal()) {
            case HeartRateEvent.Raised raised ->
                raised.transitions().forEach(step -> moved(event.rideId(), raised.episode(), step, publish));
            case HeartRateEvent.Changed moved -> moved(event.rideId(), moved.episode(), moved.transition(), publish);
            case HeartRateEvent.SensorFault fault -> {}
        }
    }

    private void moved(long rideId, Episode episode, Episode.Transition step, BiConsumer<String, String> publish) {
        LiveRide ride = rides.get(rideId);
        if (ride != null) {
            ride.moved(step);
            touch(ride);
        }
        publish.accept(Addresses.ALERTS, LiveJson.alert(rideId, episode, step));
    }

    private void resumed(IngestBatch.PartitionRestored event) {
        List<Long> before = rides.values().stream()
                .map(ride -> ride.id)
                .filter(id -> RideIds.sourceId(id) == event.sourceId())
                .toList();
        before.forEach(this::end);
        for (IngestBatch.OpenRide ride : event.rides()) {
            start(new LiveRide(ride));
        }
    }

    /**
     * Ends a frame; the next one holds what changes from now on.
     *
     * @param publish told of the frame, and of the names of those who started, if {@code seen}
     */
    void frame(long nowMillis, boolean seen, BiConsumer<String, String> publish) {
        seq++;
        lookForSilence(nowMillis);
        ended.removeIf(rides::containsKey);
        started.removeIf(ride -> rides.get(ride.id) != ride);
        changed.removeIf(ride -> rides.get(ride.id) != ride);
        if (seen) {
            publish.accept(Addresses.FLEET, LiveJson.frame(seq, nowMillis, changed, started, ended, silent));
            if (!started.isEmpty()) {
                publish.accept(Addresses.RIDERS, LiveJson.riders(started));
            }
        }
        changed.forEach(ride -> ride.changed = false);
        started.forEach(ride -> ride.changed = false);
        changed = new ArrayList<>();
        started = new ArrayList<>();
        ended = new ArrayList<>();
        silent = new ArrayList<>();
    }

    private void lookForSilence(long nowMillis) {
        List<Long> over = new ArrayList<>();
        for (LiveRide ride : rides.values()) {
            if (!ride.isInUse(nowMillis)) {
                if (!ride.silent) {
                    ride.silent = true;
                    silent.add(ride);
                }
                if (nowMillis - ride.atMillis > dropAfterMillis) {
                    over.add(ride.id);
                }
            }
        }
        over.forEach(this::end);
    }

    /** Sums up; rates are over the time since the last call. */
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

    /** All there is to know after frame {@link #seq()}; it may be a little ahead of it. */
    String snapshot(long nowMillis, boolean names) {
        return LiveJson.snapshot(seq, nowMillis, rides.values(), totals, names);
    }
}
