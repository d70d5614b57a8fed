package com.deloton.gateway.ingest.fleet;

import com.deloton.gateway.event.IngestBatch.Ended;
import com.deloton.gateway.event.IngestBatch.Event;
import com.deloton.gateway.event.IngestBatch.HeartRateChanged;
import com.deloton.gateway.event.IngestBatch.Measured;
import com.deloton.gateway.event.IngestBatch.RecordQuarantined;
import com.deloton.gateway.event.RideIds;
import com.deloton.gateway.ingest.fleet.FleetRecord.Frame;
import com.deloton.gateway.ingest.fleet.FleetRecord.RideEnded;
import com.deloton.gateway.ingest.fleet.FleetRecord.RideState;
import com.deloton.gateway.ride.Ride.Ending;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Turns the records of the fleet topic into the events of the live view. Confined to one thread. */
final class FleetReader {
    /** A ride that was not written while its source was, for this long, has ended. */
    private static final long GONE_AFTER_MILLIS = 3 * FleetChanges.REFRESH.toMillis();

    private final List<Event> events;
    private final Map<Long, Long> writtenAt = new HashMap<>();
    private final Map<Integer, Long> sourceWrittenAt = new HashMap<>();

    /** @param events takes the events */
    FleetReader(List<Event> events) {
        this.events = events;
    }

    int rides() {
        return writtenAt.size();
    }

    /** @param atMillis Kafka's timestamp of the record */
    void accept(FleetRecord record, long atMillis) {
        switch (record) {
            case RideState state -> {
                long id = state.ride().started().rideId();
                if (writtenAt.put(id, atMillis) == null || state.replaces()) {
                    events.add(state.ride());
                }
                state.events().forEach(event -> events.add(new HeartRateChanged(id, event)));
                sourceWrittenAt.merge(RideIds.sourceId(id), atMillis, Math::max);
            }
            case RideEnded end -> end(end.rideId(), end.ending());
            case Frame frame -> {
                for (Measured measured : frame.measured()) {
                    if (writtenAt.containsKey(measured.rideId())) {
                        events.add(measured);
                    }
                }
                frame.quarantined().forEach(reason -> events.add(new RecordQuarantined(reason)));
            }
        }
    }

    private void end(long rideId, Ending ending) {
        if (writtenAt.remove(rideId) != null) {
            events.add(new Ended(rideId, ending));
        }
    }

    /** Ends the rides whose writer forgot them, as after a crash. */
    void endGone() {
        List<Long> gone = writtenAt.entrySet().stream()
                .filter(entry -> sourceWrittenAt.getOrDefault(RideIds.sourceId(entry.getKey()), 0L) - entry.getValue()
                        > GONE_AFTER_MILLIS)
                .map(Map.Entry::getKey)
                .toList();
        gone.forEach(id -> end(id, Ending.ABANDONED));
    }

    /** Forgets the rides of a source that this process ingests now; its events come from there. */
    void forget(int sourceId) {
        Predicate<Long> ofSource = id -> RideIds.sourceId(id) == sourceId;
        writtenAt.keySet().removeIf(ofSource);
    }

    /** Forgets a ride that moved to a partition which this process ingests. */
    void forgetRide(long rideId) {
        writtenAt.remove(rideId);
    }
}
