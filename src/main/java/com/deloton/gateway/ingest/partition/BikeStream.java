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

    final String key;
    final RideTracker tracker;
    /** Of the open ride, or null. */
    @Nullable
    HeartRateWatch watch;

    private PendingRideLine storedPendingLine = PendingRideLine.NONE;
    private int storedTo = NOTHING;
    private int newFrom = NOTHING;
    private int newTo = NOTHING;
    private final List<Integer> late = new ArrayList<>(0);

    BikeStream(String key) {
        this.key = key;
        this.tracker = new RideTracker();
    }

    BikeStream(String key, Ride ride, PendingRideLine pendingLine, long lastRecordAtMicros, HeartRateWatch watch) {
        this.key = key;
        this.watch = watch;
        this.tracker = new RideTracker(ride, pendingLine, lastRecordAtMicros);
        storedPendingLine = pendingLine;
        storedTo = ride.series().readings() == 0 ? NOTHING : ride.series().lastS();
    }

    void started(HeartRateWatch newWatch) {
        watch = newWatch;
        storedPendingLine = PendingRideLine.NONE;
        storedTo = NOTHING;
        taken();
    }

    void added(Reading reading) {
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
            chunks.add(Chunk.of(ride, nextOffset, newFrom, newTo, pendingLine));
        } else if (late.isEmpty() && !pendingLine.equals(storedPendingLine)) {
            chunks.add(Chunk.of(ride, nextOffset, 0, NOTHING, pendingLine));
        }
        for (int second : late) {
            chunks.add(Chunk.of(ride, nextOffset, second, second, pendingLine));
        }
        storedPendingLine = pendingLine;
        storedTo = Math.max(storedTo, newTo);
        taken();
    }

    /** From now on, the readings so far count as stored. */
    void skipChunks() {
        storedTo = Math.max(storedTo, newTo);
        taken();
    }

    private void taken() {
        newFrom = NOTHING;
        newTo = NOTHING;
        late.clear();
    }

    /** Seconds of a ride as a row of {@code reading_chunk}; none if only the pending line has changed. */
    public record Chunk(
            long rideId,
            long nextOffset,
            @Nullable Long zeroAtMicros,
            StoredSeries.Seconds seconds,
            PendingRideLine pendingLine) {

        static Chunk of(Ride ride, long nextOffset, int fromS, int toS, PendingRideLine pendingLine) {
            RideSeries series = ride.series();
            Long zeroAt = series.readings() == 0 ? null : (Long) series.zeroAtMicros();
            return new Chunk(ride.id(), nextOffset, zeroAt, StoredSeries.Seconds.of(series, fromS, toS), pendingLine);
        }
    }
}
