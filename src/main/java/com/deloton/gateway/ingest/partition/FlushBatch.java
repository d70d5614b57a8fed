package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.ingest.heartrate.RideHeartRateEvent;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.RideSummary;
import com.deloton.gateway.store.StoredSeries;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one flush writes for one partition. Immutable, so that it can be written again after an outage.
 *
 * @param epoch the ownership under which it was gathered
 * @param fromOffset the position the warehouse must have for it to be written
 * @param toOffset the position the warehouse has then
 */
public record FlushBatch(
        int partition,
        int sourceId,
        long epoch,
        long fromOffset,
        long toOffset,
        long lastRecordAtMicros,
        int records,
        List<Started> started,
        List<BikeStream.Chunk> chunks,
        List<Ended> ended,
        List<FlushBatch.QuarantinedRecord> unused,
        List<RideHeartRateEvent> hearts) {

    public record Started(Ride ride, String streamKey) {}

    /**
     * A ride that is over.
     *
     * @param series null for a ride without a reading
     */
    public record Ended(
            Ride ride,
            Ride.Ending ending,
            RideSummary summary,
            List<RideSummary.Minute> minutes,
            StoredSeries.@Nullable Seconds series) {}

    /** A record for the quarantine. */
    @SuppressWarnings("ArrayRecordComponent") // the value goes to the database as it is
    public record QuarantinedRecord(
            long offset,
            long recordAtMicros,
            @Nullable String key,
            String reason,
            String detail,
            byte @Nullable [] value) {}
}
