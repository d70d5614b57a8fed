package com.deloton.gateway.ingest.fleet;

import com.deloton.gateway.event.IngestBatch.Measured;
import com.deloton.gateway.event.IngestBatch.OpenRide;
import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.ride.heartrate.HeartRateEvent;
import com.deloton.gateway.telemetry.LogLine.Reason;
import java.util.List;

/** What a record of the fleet topic says. */
sealed interface FleetRecord {
    /**
     * A ride is open.
     *
     * @param ride its values up to the frames before this record
     * @param events of its heart-rate watch since its record before
     * @param replaces whether readers that know the ride take these values instead of theirs: its writer has just begun to
     *     write it, or could not write all of its readings
     */
    record RideState(OpenRide ride, List<HeartRateEvent> events, boolean replaces) implements FleetRecord {}

    record RideEnded(long rideId, Ending ending) implements FleetRecord {}

    /**
     * What was measured since the frame before.
     *
     * @param quarantined the reasons of the records that were quarantined
     */
    record Frame(List<Measured> measured, List<Reason> quarantined) implements FleetRecord {}
}
