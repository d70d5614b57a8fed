package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.ingest.heartrate.RideHeartRateEvent;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.ride.RideSummary;
import com.deloton.gateway.store.StoredSeries;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one flush writes for one partition. Immutable, so that it can be written again after an outage.
 *
 * @param epoch the ownership under which it was gathered
 * @param flushNo one more than that of the partition's batch before
 * @param fromOffset the position that the warehouse must have for the batch to be written
 * @param toOffset the position that the warehouse has afterwards
 * @param oldestArrival {@link System#nanoTime} when its first record arrived; null without records
 * @param released offsets of held records of earlier batches that are used now
 */
public record FlushBatch(
        int partition,
        int sourceId,
        long epoch,
        long flushNo,
        long fromOffset,
        long toOffset,
        long lastRecordAtMicros,
        int records,
        @Nullable Long oldestArrival,
        List<Started> started,
        List<BikeStream.Chunk> chunks,
        List<Ended> ended,
        List<FlushBatch.QuarantinedRecord> quarantined,
        List<HeldRecord> held,
        List<Long> released,
        List<RideHeartRateEvent> heartRateEvents) {

    /**
     * A ride that has begun.
     *
     * @param range of the rider's heart rate; null if unknown
     * @param value the value of the record that started it
     */
    @SuppressWarnings("ArrayRecordComponent") // the value goes to the database unchanged
    public record Started(
            Ride ride,
            String streamKey,
            @Nullable HeartRateLimits range,
            long recordAtMicros,
            byte @Nullable [] value) {}

    /**
     * A ride that is over.
     *
     * @param lastOffset of the stream's records up to its end
     * @param series null for a ride without a reading
     */
    public record Ended(
            Ride ride,
            String streamKey,
            long lastOffset,
            Ending ending,
            RideSummary summary,
            List<RideSummary.Minute> minutes,
            StoredSeries.@Nullable Seconds series) {
        static Ended of(Ride ride, String streamKey, long lastOffset, Ending ending) {
            return new Ended(
                    ride,
                    streamKey,
                    lastOffset,
                    ending,
                    RideSummary.of(ride.series(), ride.heartRateLimits()),
                    RideSummary.minutes(ride.series()),
                    ride.series().readings() == 0
                            ? null
                            : StoredSeries.Seconds.of(
                                    ride.series(),
                                    ride.series().firstS(),
                                    ride.series().lastS()));
        }
    }

    /**
     * A record that is not used yet: see {@link HeldRecords}.
     *
     * @param since {@link System#nanoTime} at which it arrived
     */
    @SuppressWarnings("ArrayRecordComponent") // the value goes to the database unchanged
    public record HeldRecord(long offset, long recordAtMicros, String key, byte[] value, long since) {}

    /** A record for the quarantine. */
    @SuppressWarnings("ArrayRecordComponent") // the value goes to the database unchanged
    public record QuarantinedRecord(
            long offset,
            long recordAtMicros,
            @Nullable String key,
            String reason,
            String detail,
            byte @Nullable [] value) {}
}
