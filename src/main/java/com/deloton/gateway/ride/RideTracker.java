package com.deloton.gateway.ride;

import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.ride.RideEvents.Cleaning;
import com.deloton.gateway.telemetry.LogLine;
import com.deloton.gateway.telemetry.LogLine.Reason;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes rides and readings out of the lines of one bike stream. A pure state machine: what it does depends only on the
 * lines, their order and the times given. Feeding lines that were fed before changes nothing. Not thread-safe.
 */
public final class RideTracker {
    /** Bikes did not exist before; an earlier clock is wrong. */
    private static final long EARLIEST_MICROS =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond() * 1_000_000;

    private static final long SECOND = 1_000_000;
    private static final long HALF_SECOND = SECOND / 2;
    private static final long DAY = 86_400 * SECOND;
    private static final int LONGEST_GAP_S = 3_600;
    /** How many seconds counter and clock may disagree before one of them is wrong. */
    private static final int TOLERANCE_S = 2;

    private final RideEvents events;
    private @Nullable Ride ride;
    private Half half = Half.NONE;
    private long lastReadingAt;
    private long lastRecordAt = Long.MIN_VALUE;

    /**
     * The Ride line that waits for its Telemetry line.
     *
     * @param elapsedS the second it says, or {@link #REPEATED} if that second was known already
     */
    public record Half(long atMicros, int elapsedS, int resistance) {
        public static final Half NONE = new Half(0, Integer.MIN_VALUE, 0);
        /** The second was known: the Telemetry line to come is a repetition too. */
        public static final int REPEATED = -1;

        public boolean isNone() {
            return elapsedS == Integer.MIN_VALUE;
        }
    }

    public RideTracker(RideEvents events) {
        this.events = events;
    }

    /** A tracker in the midst of {@code ride}, as it was when {@code half} was its {@link #half()}. */
    public RideTracker(RideEvents events, Ride ride, Half half, long lastRecordAtMicros) {
        this.events = events;
        this.ride = ride;
        this.half = half;
        this.lastRecordAt = lastRecordAtMicros;
        if (ride.series().readings() > 0) {
            lastReadingAt = ride.series().get(ride.series().lastS()).atMicros();
        }
    }

    public @Nullable Ride ride() {
        return ride;
    }

    public Half half() {
        return half;
    }

    /**
     * Takes the next line.
     *
     * @param rideId the id of the ride, if one begins with this line
     * @param recordAtMicros when the line came in; bounds how late the bike's clock may be
     * @return why the line cannot be used, or null if it was
     */
    public @Nullable Reason accept(long rideId, long recordAtMicros, LogLine line) {
        lastRecordAt = Math.max(lastRecordAt, recordAtMicros);
        return switch (line) {
            case LogLine.Ride r -> ride(rideId, recordAtMicros, r);
            case LogLine.Telemetry t -> telemetry(recordAtMicros, t);
            case LogLine.LogOn l -> logOn(rideId, recordAtMicros, l);
            case LogLine.BeginningOfMain b -> end(Ending.COMPLETED);
            case LogLine.BeginningOfRide b -> end(Ending.COMPLETED);
            case LogLine.GettingUserData g -> null;
            case LogLine.Unusable u -> u.reason();
        };
    }

    /** Ends the ride if nothing has come in since {@code deadlineMicros}; true if no ride is open now. */
    public boolean abandonIfSilentSince(long deadlineMicros) {
        if (ride != null && lastRecordAt < deadlineMicros) {
            end(Ending.ABANDONED);
        }
        return ride == null;
    }

    private @Nullable Reason logOn(long rideId, long recordAt, LogLine.LogOn line) {
        long at = isPlausible(line.atMicros(), recordAt) ? line.atMicros() : corrected(recordAt);
        LocalDate day =
                Instant.ofEpochSecond(at / SECOND).atZone(ZoneOffset.UTC).toLocalDate();
        Rider rider = Rider.of(line.rider(), day);
        if (ride != null && ride.startedAtMicros() == at && Objects.equals(idOf(ride.rider()), idOf(rider))) {
            events.cleaned(Cleaning.DUPLICATE);
            return null;
        }
        end(Ending.COMPLETED);
        if (rider == null) {
            events.cleaned(Cleaning.RIDER_UNKNOWN);
        }
        start(rideId, rider, line.rider().bikeSerial(), at);
        return null;
    }

    private static @Nullable Long idOf(@Nullable Rider rider) {
        return rider == null ? null : (Long) rider.id();
    }

    private @Nullable Reason ride(long rideId, long recordAt, LogLine.Ride line) {
        if (!half.isNone() && half.atMicros() == line.atMicros()) {
            events.cleaned(Cleaning.DUPLICATE);
            return null;
        }
        completeWithoutTelemetry();
        long duration = Math.round(line.durationS());
        boolean inRange = duration >= 0 && duration <= Reading.MAX_ELAPSED_S;
        if (ride != null && isRestart(duration, line.atMicros())) {
            end(Ending.ABANDONED);
        }
        if (!inRange && (ride == null || ride.series().readings() == 0)) {
            return Reason.BAD_DURATION;
        }
        Ride current = ride;
        if (current == null) {
            long at = isPlausible(line.atMicros(), recordAt) ? line.atMicros() : corrected(recordAt);
            events.cleaned(Cleaning.RIDER_UNKNOWN);
            current = start(rideId, null, null, at + HALF_SECOND - duration * SECOND);
        }
        RideSeries series = current.series();
        int elapsed = series.readings() == 0 ? (int) duration : place(series, duration, line);
        if (elapsed < 0 || elapsed > Reading.MAX_ELAPSED_S) {
            return Reason.BAD_DURATION;
        }
        if (series.has(elapsed)) {
            events.cleaned(Cleaning.DUPLICATE);
            half = new Half(line.atMicros(), Half.REPEATED, 0);
        } else {
            half = new Half(line.atMicros(), elapsed, line.resistance());
        }
        return null;
    }

    /** The counter is back at its start though the clock went on: the lines between two rides were lost. */
    private boolean isRestart(long duration, long at) {
        return duration <= 1 && ride != null && ride.series().lastS() > 1 + TOLERANCE_S && at > lastReadingAt;
    }

    /** The second a line stands for, by counter and clock; negative if neither makes sense. */
    private int place(RideSeries series, long duration, LogLine.Ride line) {
        int last = series.lastS();
        if (duration == last + 1L) {
            return last + 1;
        }
        long byClock = last + Math.round((line.atMicros() + HALF_SECOND - lastReadingAt) / (double) SECOND);
        boolean clockGoesOn = byClock > last && byClock - last <= LONGEST_GAP_S;
        if (Math.abs(duration - byClock) <= TOLERANCE_S && duration >= 0) {
            boolean repeatedCounter = clockGoesOn && series.has((int) duration) && !isTimeOf(series, duration, line);
            if (!repeatedCounter) {
                return (int) duration;
            }
        }
        if (clockGoesOn) {
            events.cleaned(Cleaning.DURATION_CORRECTED);
            return (int) byClock;
        }
        if (series.has(Math.clamp(duration, 0, Reading.MAX_ELAPSED_S)) && duration <= last && duration >= 0) {
            return isTimeOf(series, duration, line) ? (int) duration : -1;
        }
        return duration > last && duration - last <= LONGEST_GAP_S ? (int) duration : -1;
    }

    private static boolean isTimeOf(RideSeries series, long elapsedS, LogLine.Ride line) {
        long known = series.get((int) elapsedS).atMicros();
        return Math.abs(known - line.atMicros() - HALF_SECOND) < HALF_SECOND;
    }

    private @Nullable Reason telemetry(long recordAt, LogLine.Telemetry line) {
        if (half.elapsedS() == Half.REPEATED) {
            half = Half.NONE;
            events.cleaned(Cleaning.DUPLICATE);
            return null;
        }
        if (!half.isNone()) {
            long apart = line.atMicros() - half.atMicros();
            if (apart >= SECOND && apart <= LONGEST_GAP_S * SECOND) {
                completeWithoutTelemetry();
            } else {
                Half first = half;
                half = Half.NONE;
                emit(first.elapsedS(), line.atMicros(), recordAt, first.resistance(), line);
                return null;
            }
        }
        return telemetryAlone(recordAt, line);
    }

    private @Nullable Reason telemetryAlone(long recordAt, LogLine.Telemetry line) {
        if (ride == null || ride.series().readings() == 0) {
            return Reason.STRAY_TELEMETRY;
        }
        long seconds = Math.round((line.atMicros() - lastReadingAt) / (double) SECOND);
        long elapsed = ride.series().lastS() + seconds;
        if (seconds <= 0
                && seconds >= -LONGEST_GAP_S
                && elapsed >= 0
                && ride.series().has((int) elapsed)) {
            events.cleaned(Cleaning.DUPLICATE);
            return null;
        }
        if (seconds < 1 || seconds > LONGEST_GAP_S || elapsed > Reading.MAX_ELAPSED_S) {
            return Reason.STRAY_TELEMETRY;
        }
        events.cleaned(Cleaning.RIDE_LINE_MISSING);
        emit((int) elapsed, line.atMicros(), recordAt, Reading.ABSENT, line);
        return null;
    }

    private void completeWithoutTelemetry() {
        Half first = half;
        half = Half.NONE;
        if (!first.isNone() && first.elapsedS() != Half.REPEATED) {
            events.cleaned(Cleaning.TELEMETRY_MISSING);
            emit(first.elapsedS(), first.atMicros(), lastRecordAt, first.resistance(), null);
        }
    }

    private void emit(int elapsed, long at, long recordAt, int resistance, LogLine.@Nullable Telemetry line) {
        if (ride == null) {
            return;
        }
        RideSeries series = ride.series();
        long due = series.readings() == 0 ? ride.startedAtMicros() + elapsed * SECOND : series.dueAtMicros(elapsed);
        boolean fits = isPlausible(at, recordAt) && (series.readings() == 0 || Math.abs(at - due) < DAY);
        Reading reading = clean(elapsed, fits ? at : corrected(due), resistance, line);
        series.add(reading);
        if (elapsed == series.lastS()) {
            lastReadingAt = series.get(elapsed).atMicros();
        }
        events.reading(ride, reading);
    }

    private Reading clean(int elapsed, long at, int rawResistance, LogLine.@Nullable Telemetry line) {
        int heartRate = line == null || line.heartRateBpm() == LogLine.ABSENT ? 0 : line.heartRateBpm();
        if (heartRate != 0 && (heartRate < Reading.MIN_HEART_RATE || heartRate > Reading.MAX_HEART_RATE)) {
            heartRate = 0;
            events.cleaned(Cleaning.HEART_RATE_CLEARED);
        }
        int cadence = line == null ? Reading.ABSENT : line.cadenceRpm();
        if (cadence != Reading.ABSENT && (cadence < 0 || cadence > Reading.MAX_CADENCE)) {
            cadence = Reading.ABSENT;
            events.cleaned(Cleaning.CADENCE_CLEARED);
        }
        int resistance = rawResistance;
        if (resistance != Reading.ABSENT && (resistance < 0 || resistance > Reading.MAX_RESISTANCE)) {
            resistance = Reading.ABSENT;
            events.cleaned(Cleaning.RESISTANCE_CLEARED);
        }
        double power = line == null ? Double.NaN : line.powerW();
        if (power < 0 || power > Reading.MAX_POWER) {
            power = Double.NaN;
            events.cleaned(Cleaning.POWER_CLEARED);
        }
        return new Reading(elapsed, at, heartRate, cadence, resistance, (float) power);
    }

    private Ride start(long rideId, @Nullable Rider rider, @Nullable String bikeSerial, long at) {
        Ride started = new Ride(rideId, rider, bikeSerial, at, new RideSeries());
        ride = started;
        events.started(started);
        return started;
    }

    private @Nullable Reason end(Ending ending) {
        completeWithoutTelemetry();
        Ride over = ride;
        if (over != null) {
            ride = null;
            events.ended(over, ending);
        }
        return null;
    }

    private static boolean isPlausible(long at, long recordAt) {
        return at >= EARLIEST_MICROS && at <= recordAt + DAY;
    }

    private long corrected(long at) {
        events.cleaned(Cleaning.TIME_CORRECTED);
        return at;
    }
}
