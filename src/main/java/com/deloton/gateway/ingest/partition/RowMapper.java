package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.PendingRideLine;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.store.StoredRide;
import com.deloton.gateway.store.StoredSeries;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rows that a checkpoint writes, each in the order of its statement's parameters. */
public final class RowMapper {
    private RowMapper() {}

    public static Tuple rideStart(FlushBatch.Started started, int sourceId) {
        Ride ride = started.ride();
        Rider rider = ride.rider();
        HeartRateLimits range = started.range();
        return row(
                ride.id(),
                sourceId,
                started.streamKey(),
                rider == null ? null : (Long) rider.id(),
                ride.bikeSerial(),
                Timestamps.of(ride.startedAtMicros()),
                (rider == null ? Rider.Gender.UNKNOWN : rider.gender()).label(),
                ride.ageYears(),
                range == null ? null : (Integer) range.minBpm(),
                range == null ? null : (Integer) range.maxBpm());
    }

    /** The ride without its rider and bike. */
    public static Tuple anonymousRideStart(FlushBatch.Started started, int sourceId) {
        Ride ride = started.ride();
        return row(
                ride.id(),
                sourceId,
                started.streamKey(),
                null,
                null,
                Timestamps.of(ride.startedAtMicros()),
                Rider.Gender.UNKNOWN.label(),
                null,
                null,
                null);
    }

    public static Tuple quarantined(int sourceId, FlushBatch.QuarantinedRecord record) {
        byte[] value = record.value();
        return row(
                sourceId,
                record.offset(),
                Timestamps.of(record.recordAtMicros()),
                record.key(),
                record.reason(),
                record.detail(),
                value == null ? null : Buffer.buffer(value));
    }

    public static Tuple held(int sourceId, FlushBatch.HeldRecord record) {
        return row(
                sourceId,
                record.offset(),
                Timestamps.of(record.recordAtMicros()),
                record.key(),
                Buffer.buffer(record.value()));
    }

    public static Tuple chunk(BikeStream.Chunk chunk) {
        Long zeroAt = chunk.zeroAtMicros();
        StoredSeries.Seconds seconds = chunk.seconds();
        PendingRideLine pending = chunk.pendingLine();
        boolean none = pending.isNone();
        return row(
                chunk.rideId(),
                chunk.nextOffset(),
                seconds.firstS(),
                zeroAt == null ? null : Timestamps.of(zeroAt),
                seconds.delayMs(),
                seconds.heartRateBpm(),
                seconds.cadenceRpm(),
                seconds.resistance(),
                seconds.powerW(),
                seconds.cleanedS(),
                none ? null : Timestamps.of(pending.atMicros()),
                none ? null : (Integer) pending.elapsedS(),
                none ? null : (Integer) pending.resistance());
    }

    /** Of a ride with readings. */
    public static Tuple series(FlushBatch.Ended end) {
        Ride ride = end.ride();
        StoredSeries.Seconds seconds = Objects.requireNonNull(end.series());
        return row(
                ride.day(),
                ride.id(),
                seconds.firstS(),
                Timestamps.of(ride.series().zeroAtMicros()),
                seconds.delayMs(),
                seconds.heartRateBpm(),
                seconds.cadenceRpm(),
                seconds.resistance(),
                seconds.powerW(),
                Objects.requireNonNullElse(seconds.cleanedS(), new Integer[0]));
    }

    /** Of a ride with readings. */
    public static Tuple minutes(FlushBatch.Ended end) {
        return StoredRide.minutes(end.ride().day(), end.ride().id(), end.minutes());
    }

    public static Tuple rideEnd(FlushBatch.Ended end) {
        Ride ride = end.ride();
        long endedAt = end.summary().readings() == 0
                ? ride.startedAtMicros()
                : ride.series().get(ride.series().lastS()).atMicros();
        return StoredRide.figures(ride.id(), endedAt, end.summary(), status(end.ending()));
    }

    public static String status(Ride.Ending ending) {
        return ending.name().toLowerCase(Locale.ROOT);
    }

    private static Tuple row(@Nullable Object... columns) {
        return Tuple.wrap(columns);
    }
}
