package com.deloton.gateway.live;

import com.deloton.gateway.event.IngestBatch.OpenRide;
import com.deloton.gateway.event.IngestBatch.Started;
import com.deloton.gateway.event.RideIds;
import com.deloton.gateway.ride.AgeGroup;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.ride.heartrate.Episode;
import com.deloton.gateway.ride.heartrate.Episode.Phase;
import com.deloton.gateway.ride.heartrate.Episode.Severity;
import com.deloton.gateway.ride.heartrate.HeartRateState;
import com.deloton.gateway.ride.heartrate.HeartRateState.Firing;
import com.deloton.gateway.ride.heartrate.HeartRateState.Recovering;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The current values of one open ride. Confined to the event loop of its fleet. */
final class LiveRide {
    /** A bike without a reading for this long is not in use. */
    static final long SILENT_AFTER_MILLIS = 30_000;

    final long id;
    /** Of the partition that it is read from. */
    final int sourceId;

    final String bike;
    final @Nullable Rider rider;
    final @Nullable Integer ageYears;
    final @Nullable HeartRateLimits limits;
    final long startedAtMillis;

    /** The latest reading; null before the first one. */
    @Nullable
    Reading last;

    long atMillis;
    double joules;
    Phase phase = Phase.NORMAL;

    @Nullable
    Severity severity;

    /** Whether the next frame lists it. */
    boolean changed;

    /** Whether a frame has reported it as not in use. */
    boolean silent;

    LiveRide(Started started, long nowMillis) {
        this(started, RideIds.sourceId(started.rideId()), nowMillis);
    }

    private LiveRide(Started started, int sourceId, long nowMillis) {
        id = started.rideId();
        this.sourceId = sourceId;
        String serial = started.bikeSerial();
        bike = serial == null ? started.streamKey() : serial;
        rider = started.rider();
        startedAtMillis = started.startedAtMicros() / 1_000;
        ageYears = rider == null
                ? null
                : rider.ageAt(Instant.ofEpochMilli(startedAtMillis)
                        .atZone(ZoneOffset.UTC)
                        .toLocalDate());
        limits = started.limits();
        atMillis = nowMillis;
    }

    LiveRide(OpenRide ride, int sourceId) {
        this(ride.started(), sourceId, ride.receivedAtMicros() / 1_000);
        last = ride.last();
        joules = ride.energyKj() * 1_000;
        HeartRateState heart = ride.heart();
        Firing firing = heart instanceof Recovering r ? r.from() : heart instanceof Firing f ? f : null;
        if (firing != null) {
            phase = heart instanceof Recovering ? Phase.RECOVERING : Phase.FIRING;
            severity = firing.severity();
        }
    }

    void measured(Reading reading, long receivedAtMicros) {
        if (reading.hasPower()) {
            joules += reading.powerW();
        }
        if (last == null || reading.elapsedS() >= last.elapsedS()) {
            last = reading;
        }
        atMillis = Math.max(atMillis, receivedAtMicros / 1_000);
        silent = false;
    }

    void changePhase(Episode.Transition step) {
        phase = step.phase();
        boolean finished = phase == Phase.NORMAL || phase == Phase.ENDED;
        severity = finished ? null : step.severity();
    }

    int heartRateBpm() {
        return last == null ? 0 : last.heartRateBpm();
    }

    boolean isInUse(long nowMillis) {
        return nowMillis - atMillis < SILENT_AFTER_MILLIS;
    }

    /** {@code normal}, {@code pending}, {@code firing} or {@code recovering}. */
    String state() {
        int bpm = heartRateBpm();
        return switch (phase) {
            case FIRING, RECOVERING -> phase.label();
            case NORMAL, PENDING, ENDED ->
                bpm == 0 || limits == null || limits.contains(bpm) ? Phase.NORMAL.label() : Phase.PENDING.label();
        };
    }

    String gender() {
        return (rider == null ? Rider.Gender.UNKNOWN : rider.gender()).label();
    }

    /** Null if the age is unknown. */
    @Nullable
    String ageGroup() {
        AgeGroup group = AgeGroup.of(ageYears);
        return group == null ? null : group.label();
    }
}
