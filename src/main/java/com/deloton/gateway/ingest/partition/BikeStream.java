package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.ride.PendingRideLine;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.RideTracker;
import com.deloton.gateway.ride.heartrate.HeartRateWatch;
import com.deloton.gateway.store.StoredSeries;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A bike's stream: its tracker, and which of the open ride's seconds are not in the warehouse yet. */
public final class BikeStream {
    private static final int NOTHING = -1;

    /** The text of the Kafka key. */
    final String key;

    final RideTracker tracker;
    /** The Kafka key itself; null while {@link StreamMap} has the stream by the text. */
    byte @Nullable [] keyBytes;

    /** Of the open ride, or null. */
    @Nullable
    HeartRateWatch watch;

    /** {@link System#nanoTime} when the latest record arrived. */
    long lastArrival;

    /** The offset of the latest record that was used. */
    long lastOffset;

    /** Whether it had records since the last flush. */
    boolean changed;

    /** The id of a ride that the warehouse has refused. */
    long refusedRide = NOTHING;

    private PendingRideLine storedPendingLine = PendingRideLine.NONE;
    private int storedTo = NOTHING;
    private int newFrom = NOTHING;
    private int newTo = NOTHING;
    private final List<Integer> late = new ArrayList<>(0);

    BikeStream(String key) {
        this.key = key;
        this.tracker = new RideTracker();
    }

    BikeStream(
            String key,
            Ride ride,
            PendingRideLine pendingLine,
            long lastRecordAtMicros,
            HeartRateWatch watch,
            long lastArrival) {
        this.key = key;
        this.watch = watch;
        this.lastArrival = lastArrival;
        this.tracker = new RideTracker(ride, pendingLine, lastRecordAtMicros);
        storedPendingLine = pendingLine;
        storedTo = ride.series().readings() == 0 ? NOTHING : ride.series().lastS();
    }

    /** See {@link RideTracker#touch}. */
    int touch() {
        int touched = newTo + (keyBytes == null ? 0 : keyBytes.length) + tracker.touch();
        return watch == null ? touched : touched + watch.touch();
    }

    boolean isOpen(long rideId) {
        Ride ride = tracker.ride();
        return ride != null && ride.id() == rideId;
    }

    void start(HeartRateWatch newWatch) {
        watch = newWatch;
        storedPendingLine = PendingRideLine.NONE;
        storedTo = NOTHING;
        clearUnstored();
    }

    void add(Reading reading) {
        int second = reading.elapsedS();
        if (second <= storedTo) {
            late.add(second);
        } else {
            newFrom = newFrom == NOTHING ? second : Math.min(newFrom, second);
            newTo = Math.max(newTo, second);
        }
    }

    /** Adds the chunks of the open ride that are not stored yet; from now on they count as stored. */
    void takeChunks(long nextOffset, List<Chunk> chunks) {
        Ride ride = tracker.ride();
        if (ride == null) {
            return;
        }
        PendingRideLine pendingLine = tracker.pendingLine();
        if (newFrom != NOTHING) {
            chunks.add(Chunk.of(this, ride, nextOffset, newFrom, newTo, pendingLine));
        } else if (late.isEmpty() && !pendingLine.equals(storedPendingLine)) {
            chunks.add(Chunk.of(this, ride, nextOffset, 0, NOTHING, pendingLine));
        }
        for (int second : late) {
            chunks.add(Chunk.of(this, ride, nextOffset, second, second, pendingLine));
        }
        storedPendingLine = pendingLine;
        storedTo = Math.max(storedTo, newTo);
        clearUnstored();
    }

    /** From now on, the readings so far count as stored. */
    void discardChunks() {
        storedTo = Math.max(storedTo, newTo);
        clearUnstored();
    }

    private void clearUnstored() {
        newFrom = NOTHING;
        newTo = NOTHING;
        late.clear();
    }

    /**
     * Seconds of a ride as a row of {@code reading_chunk}; none if only the pending line has changed.
     *
     * @param lastOffset of the records that it is made of
     * @param nextOffset of the flush
     */
    public record Chunk(
            String streamKey,
            long lastOffset,
            long rideId,
            long nextOffset,
            @Nullable Long zeroAtMicros,
            StoredSeries.Seconds seconds,
            PendingRideLine pendingLine) {

        static Chunk of(
                BikeStream stream, Ride ride, long nextOffset, int fromS, int toS, PendingRideLine pendingLine) {
            RideSeries series = ride.series();
            Long zeroAt = series.readings() == 0 ? null : (Long) series.zeroAtMicros();
            return new Chunk(
                    stream.key,
                    stream.lastOffset,
                    ride.id(),
                    nextOffset,
                    zeroAt,
                    StoredSeries.Seconds.of(series, fromS, toS),
                    pendingLine);
        }

        /** The readings of the seconds from slot {@code from} to before slot {@code to}. */
        public Chunk slice(int from, int to) {
            return new Chunk(
                    streamKey, lastOffset, rideId, nextOffset, zeroAtMicros, seconds.slice(from, to), pendingLine);
        }
    }
}
