package com.deloton.gateway.ingest.stream;

import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.RideSummary;
import com.deloton.gateway.ride.RideTracker.Half;
import com.deloton.gateway.ride.Rider;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rows that a checkpoint writes, each in the order of its statement's parameters. */
public final class Columns {
    private Columns() {}

    public static OffsetDateTime time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    public static long micros(OffsetDateTime time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant());
    }

    public static Tuple rider(Rider rider, long seenAtMicros) {
        return row(
                rider.id(),
                rider.title(),
                rider.name(),
                rider.gender().label(),
                rider.dateOfBirth(),
                rider.emailAddress(),
                rider.address().unit(),
                rider.address().street(),
                rider.address().city(),
                rider.address().postcode(),
                rider.heightCm(),
                rider.weightKg(),
                rider.accountCreated(),
                rider.originalSource(),
                time(seenAtMicros));
    }

    public static Tuple rideStart(PartitionWork.Started started, int sourceId) {
        Ride ride = started.ride();
        Rider rider = ride.rider();
        return row(
                ride.id(),
                sourceId,
                started.streamKey(),
                rider == null ? null : (Long) rider.id(),
                ride.bikeSerial(),
                time(ride.startedAtMicros()),
                (rider == null ? Rider.Gender.UNKNOWN : rider.gender()).label(),
                ride.ageYears());
    }

    public static Tuple chunk(BikeStream.Chunk chunk) {
        Long zeroAt = chunk.zeroAtMicros();
        Half half = chunk.half();
        boolean none = half.isNone();
        return row(
                chunk.rideId(),
                chunk.nextOffset(),
                chunk.firstS(),
                zeroAt == null ? null : time(zeroAt),
                chunk.delayMs(),
                chunk.heartRate(),
                chunk.cadence(),
                chunk.resistance(),
                chunk.power(),
                none ? null : time(half.atMicros()),
                none ? null : (Integer) half.elapsedS(),
                none ? null : (Integer) half.resistance());
    }

    public static Tuple series(Ride ride, BikeStream.Chunk series) {
        return row(
                ride.day(),
                ride.id(),
                series.firstS(),
                time(ride.series().zeroAtMicros()),
                series.delayMs(),
                series.heartRate(),
                series.cadence(),
                series.resistance(),
                series.power());
    }

    public static Tuple rideEnd(PartitionWork.Ended end) {
        Ride ride = end.ride();
        RideSummary s = end.summary();
        long endedAt = s.readings() == 0
                ? ride.startedAtMicros()
                : ride.series().get(ride.series().lastS()).atMicros();
        List<Integer> zones = s.zoneS();
        return row(
                ride.id(),
                end.ending().name().toLowerCase(Locale.ROOT),
                time(endedAt),
                s.durationS(),
                s.movingS(),
                s.readings(),
                s.energyKj(),
                s.powerMeanW(),
                s.powerMaxW(),
                s.normalizedPowerW(),
                s.best().s5(),
                s.best().m1(),
                s.best().m5(),
                s.best().m20(),
                s.heartRateMinBpm(),
                s.heartRateMeanBpm(),
                s.heartRateMaxBpm(),
                s.heartRateMeasuredS(),
                s.cadenceMeanRpm(),
                s.cadenceMaxRpm(),
                s.resistanceMean(),
                s.resistanceMax(),
                zones == null ? null : zones.toArray(Integer[]::new));
    }

    public static Tuple minute(Ride ride, RideSummary.Minute minute) {
        return row(
                ride.day(),
                ride.id(),
                minute.minute(),
                minute.readings(),
                minute.energyKj(),
                minute.powerMeanW(),
                minute.powerMaxW(),
                minute.heartRateMeanBpm(),
                minute.heartRateMaxBpm(),
                minute.heartRateMeasuredS(),
                minute.cadenceMeanRpm(),
                minute.resistanceMean());
    }

    private static Tuple row(@Nullable Object... columns) {
        return Tuple.wrap(columns);
    }
}
