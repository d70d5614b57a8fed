package com.deloton.gateway.ingest.fleet;

import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.event.IngestBatch.Ended;
import com.deloton.gateway.event.IngestBatch.HeartRateChanged;
import com.deloton.gateway.event.IngestBatch.Measured;
import com.deloton.gateway.event.IngestBatch.OpenRide;
import com.deloton.gateway.event.IngestBatch.PartitionRestored;
import com.deloton.gateway.event.IngestBatch.RecordQuarantined;
import com.deloton.gateway.event.IngestBatch.RideMoved;
import com.deloton.gateway.event.IngestBatch.Started;
import com.deloton.gateway.event.RideIds;
import com.deloton.gateway.ingest.fleet.FleetRecord.Frame;
import com.deloton.gateway.ingest.fleet.FleetRecord.RideEnded;
import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.telemetry.LogLine.Reason;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * What this process has to write to the fleet topic: the readings since the last frame, and the rides that have changed or
 * were last written {@link #REFRESH} ago. While nothing can be written, it keeps the latest state of each ride and at most
 * {@link #MAX_WAITING} readings; the state of a ride with more replaces what readers have. Confined to one thread.
 */
final class FleetChanges {
    /** Each open ride is written this often, so that a reader knows all rides after reading twice as long. */
    static final Duration REFRESH = Duration.ofMinutes(1);

    static final int MAX_WAITING = 300_000;
    private static final int MAX_READINGS_IN_FRAME = 10_000;
    private static final int MAX_RIDES_IN_WRITE = 10_000;

    private final LongObjectMap<WrittenRide> rides = new LongObjectHashMap<>();
    /** By ride that moved to another partition: the source of that. */
    private final Map<Long, Integer> movedTo = new HashMap<>();

    private final Map<Integer, Integer> partitionOfSource = new HashMap<>();
    private final Map<Long, Ending> ended = new LinkedHashMap<>();
    private final List<Reason> quarantined = new ArrayList<>();
    private List<Measured> measured = new ArrayList<>();

    /** A record and the source of its rides; records of one source keep their order. */
    record Change(int sourceId, FleetRecord record) {}

    /** Returns whether the batch has a change of an alert, which readers should see at once. */
    boolean accept(IngestBatch batch) {
        boolean urgent = false;
        for (IngestBatch.Event event : batch.events()) {
            switch (event) {
                case Measured m -> measured(m);
                case Started started -> open(new WrittenRide(started), RideIds.sourceId(started.rideId()));
                case OpenRide ride ->
                    open(new WrittenRide(ride), RideIds.sourceId(ride.started().rideId()));
                case RideMoved moved -> open(new WrittenRide(moved.ride()), moved.sourceId());
                case Ended end -> end(end.rideId(), end.ending());
                case RecordQuarantined record -> {
                    if (quarantined.size() < MAX_WAITING) {
                        quarantined.add(record.reason());
                    }
                }
                case PartitionRestored restored -> restored(restored);
                case HeartRateChanged changed -> {
                    WrittenRide ride = rides.get(changed.rideId());
                    urgent |= ride != null && ride.heartRateChanged(changed.signal());
                }
            }
        }
        return urgent;
    }

    private void measured(Measured event) {
        WrittenRide ride = rides.get(event.rideId());
        if (ride != null) {
            ride.measured(event);
        }
        if (measured.size() < MAX_WAITING) {
            measured.add(event);
        } else if (ride != null) {
            ride.repeat();
        }
    }

    private void open(WrittenRide ride, int sourceId) {
        rides.put(ride.id(), ride);
        if (sourceId == RideIds.sourceId(ride.id())) {
            movedTo.remove(ride.id());
        } else {
            movedTo.put(ride.id(), sourceId);
        }
        ended.remove(ride.id());
    }

    private void end(long rideId, Ending ending) {
        movedTo.remove(rideId);
        if (rides.remove(rideId) != null) {
            ended.put(rideId, ending);
        }
    }

    private void restored(PartitionRestored event) {
        partitionOfSource.put(event.sourceId(), event.partition());
        List<Long> before = idsOf(event.sourceId());
        before.forEach(id -> end(id, Ending.ABANDONED));
        event.rides().forEach(ride -> open(new WrittenRide(ride), event.sourceId()));
    }

    /** The source of the partition that the ride is read from. */
    private int sourceOf(long rideId) {
        return movedTo.getOrDefault(rideId, RideIds.sourceId(rideId));
    }

    private List<Long> idsOf(int sourceId) {
        return rides.keySet().stream().filter(id -> sourceOf(id) == sourceId).toList();
    }

    /**
     * Takes the next records to write, in order. The rides of partitions that are no longer ingested are forgotten: their
     * new owner writes them.
     */
    List<Change> drain(long nowMillis, IntPredicate isIngested) {
        forget(isIngested);
        List<Change> changes = frames();
        int written = 0;
        for (WrittenRide ride : rides.values()) {
            if (written < MAX_RIDES_IN_WRITE && ride.isDue(nowMillis)) {
                written++;
                changes.add(new Change(RideIds.sourceId(ride.id()), ride.write(nowMillis)));
            }
        }
        ended.forEach((id, ending) -> changes.add(new Change(RideIds.sourceId(id), new RideEnded(id, ending))));
        ended.clear();
        return changes;
    }

    private void forget(IntPredicate isIngested) {
        List<Integer> lost = partitionOfSource.entrySet().stream()
                .filter(entry -> !isIngested.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        for (int sourceId : lost) {
            partitionOfSource.remove(sourceId);
            idsOf(sourceId).forEach(id -> {
                rides.remove(id);
                movedTo.remove(id);
            });
            ended.keySet().removeIf(id -> RideIds.sourceId(id) == sourceId);
        }
    }

    private List<Change> frames() {
        Map<Integer, List<Measured>> bySource = new HashMap<>();
        for (Measured event : measured) {
            int sourceId = RideIds.sourceId(event.rideId());
            if (partitionOfSource.containsKey(sourceOf(event.rideId()))) {
                bySource.computeIfAbsent(sourceId, id -> new ArrayList<>()).add(event);
            }
        }
        measured = new ArrayList<>();
        List<Change> frames = new ArrayList<>();
        bySource.forEach((sourceId, readings) -> {
            for (int from = 0; from < readings.size(); from += MAX_READINGS_IN_FRAME) {
                int to = Math.min(readings.size(), from + MAX_READINGS_IN_FRAME);
                frames.add(new Change(sourceId, new Frame(List.copyOf(readings.subList(from, to)), List.of())));
            }
        });
        for (int from = 0; from < quarantined.size(); from += MAX_READINGS_IN_FRAME) {
            int to = Math.min(quarantined.size(), from + MAX_READINGS_IN_FRAME);
            frames.add(new Change(0, new Frame(List.of(), List.copyOf(quarantined.subList(from, to)))));
        }
        quarantined.clear();
        return frames;
    }

    /** To be called when records of {@link #drain} were not written: all rides are written again. */
    void writeAll() {
        rides.values().forEach(WrittenRide::repeat);
    }
}
