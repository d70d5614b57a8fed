package com.deloton.gateway.ride;

import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.telemetry.LogLine;
import com.deloton.gateway.telemetry.LogLine.Reason;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
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
    private static final long MILLISECOND = SECOND / 1_000;
    private static final long DAY = 86_400 * SECOND;
    private static final int MAX_GAP_S = 3_600;
    /** How many seconds counter and clock may disagree before one of them is wrong. */
    private static final int TOLERANCE_S = 2;

    private final List<RideEvent> events = new ArrayList<>(4);
    private @Nullable Ride ride;
    private PendingRideLine pending = PendingRideLine.NONE;
    private long lastReadingAt;
    private long lastRecordAt = Long.MIN_VALUE;

    public RideTracker() {}

    /** A tracker in the middle of {@code ride}, in the state in which {@code pending} was its pending line. */
    public RideTracker(Ride ride, PendingRideLine pending, long lastRecordAtMicros) {
        this.ride = ride;
        this.pending = pending;
        this.lastRecordAt = lastRecordAtMicros;
        if (ride.series().readings() > 0) {
            lastReadingAt = telemetryTime(ride.series());
        }
    }

    /** The open ride, or null. */
    public @Nullable Ride ride() {
        return ride;
    }

    /** The Ride line that waits for its Telemetry line, or {@link PendingRideLine#NONE}. */
    public PendingRideLine pendingLine() {
        return pending;
    }

    /**
     * Takes the next line.
     *
     * @param rideId the id of the ride, if one begins with this line
     * @param recordAtMicros when the line came in; bounds how late the bike's clock may be
     * @return what follows from the line; often nothing
     */
    public List<RideEvent> accept(long rideId, long recordAtMicros, LogLine line) {
        lastRecordAt = Math.max(lastRecordAt, recordAtMicros);
        Reason reason = switch (line) {
            case LogLine.Ride r -> ride(rideId, recordAtMicros, r);
            case LogLine.Telemetry t -> telemetry(recordAtMicros, t);
            case LogLine.LogOn l -> logOn(rideId, recordAtMicros, l);
            case LogLine.BeginningOfMain b -> end(Ending.COMPLETED);
            case LogLine.BeginningOfRide b -> end(Ending.COMPLETED);
            case LogLine.GettingUserData g -> null;
            case LogLine.Unusable u -> u.reason();
        };
        if (reason != null) {
            events.add(new RideEvent.Rejected(reason));
        }
        return takeEvents();
    }

    /** Ends the ride if no record has come since {@code deadlineMicros}. */
    public List<RideEvent> abandonIfSilentSince(long deadlineMicros) {
        if (ride != null && lastRecordAt < deadlineMicros) {
            end(Ending.ABANDONED);
        }
        return takeEvents();
    }

    private List<RideEvent> takeEvents() {
        if (events.isEmpty()) {
            return List.of();
        }
        List<RideEvent> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    private @Nullable Reason logOn(long rideId, long recordAt, LogLine.LogOn line) {
        long at = isPlausible(line.atMicros(), recordAt) ? line.atMicros() : corrected(recordAt);
        LocalDate day =
                Instant.ofEpochSecond(at / SECOND).atZone(ZoneOffset.UTC).toLocalDate();
        Rider rider = Rider.of(line.rider(), day);
        if (ride != null && ride.startedAtMicros() == at && Objects.equals(idOf(ride.rider()), idOf(rider))) {
            cleaned(Cleaning.DUPLICATE);
            return null;
        }
        end(Ending.COMPLETED);
        if (rider == null) {
            cleaned(Cleaning.RIDER_UNKNOWN);
        }
        start(rideId, rider, line.rider().bikeSerial(), at);
        return null;
    }

    private static @Nullable Long idOf(@Nullable Rider rider) {
        return rider == null ? null : (Long) rider.id();
    }

    private @Nullable Reason ride(long rideId, long recordAt, LogLine.Ride line) {
        long duration = Math.round(line.durationS());
        if (isKnown(duration, line)) {
            cleaned(Cleaning.DUPLICATE);
            return null;
        }
        completeWithoutTelemetry();
        if (isRestart(duration, line.atMicros())) {
            end(Ending.ABANDONED);
        }
        boolean inRange = duration >= 0 && duration <= Reading.MAX_ELAPSED_S;
        if (!inRange && (ride == null || ride.series().readings() == 0)) {
            return Reason.BAD_DURATION;
        }
        Ride current = ride;
        if (current == null) {
            long at = isPlausible(line.atMicros(), recordAt) ? line.atMicros() : corrected(recordAt);
            cleaned(Cleaning.RIDER_UNKNOWN);
            current = start(rideId, null, null, at + HALF_SECOND - duration * SECOND);
        }
        RideSeries series = current.series();
        int elapsed = series.readings() == 0 ? (int) duration : place(series, duration, line);
        if (elapsed < 0 || elapsed > Reading.MAX_ELAPSED_S) {
            return Reason.BAD_DURATION;
        }
        if (series.has(elapsed)) {
            cleaned(Cleaning.DUPLICATE);
        } else {
            pending = new PendingRideLine(line.atMicros(), elapsed, line.resistance());
        }
        return null;
    }

    /** True for a repeated line: it is the pending one, or its second has a reading with its time. */
    private boolean isKnown(long duration, LogLine.Ride line) {
        if (!pending.isNone() && pending.atMicros() == line.atMicros()) {
            return true;
        }
        return ride != null
                && ride.series().readings() > 0
                && (isTimeOf(ride.series(), duration, line)
                        || isTimeOf(ride.series(), secondByClock(ride.series(), line.atMicros() + HALF_SECOND), line));
    }

    private long secondByClock(RideSeries series, long telemetryAt) {
        return series.lastS() + Math.round((telemetryAt - lastReadingAt) / (double) SECOND);
    }

    /** The counter is back at its start though the clock went on: the lines between two rides were lost. */
    private boolean isRestart(long duration, long at) {
        return duration <= 1
                && ride != null
                && ride.series().readings() > 0
                && ride.series().lastS() > 1 + TOLERANCE_S
                && at > lastReadingAt;
    }

    /** The second a line stands for, by counter and clock; negative if neither makes sense. */
    private int place(RideSeries series, long duration, LogLine.Ride line) {
        int last = series.lastS();
        if (duration == last + 1L) {
            return last + 1;
        }
        long byClock = secondByClock(series, line.atMicros() + HALF_SECOND);
        boolean clockGoesOn = byClock > last && byClock - last <= MAX_GAP_S;
        boolean agreed = duration >= 0 && Math.abs(duration - byClock) <= TOLERANCE_S;
        if (agreed && !(clockGoesOn && series.has((int) duration))) {
            return (int) duration;
        }
        if (clockGoesOn) {
            cleaned(Cleaning.DURATION_CORRECTED);
            return (int) byClock;
        }
        return duration > last && duration - last <= MAX_GAP_S ? (int) duration : -1;
    }

    private static boolean isTimeOf(RideSeries series, long elapsedS, LogLine.Ride line) {
        return elapsedS >= 0
                && elapsedS <= Reading.MAX_ELAPSED_S
                && series.has((int) elapsedS)
                && Math.abs(telemetryTime(series.get((int) elapsedS)) - line.atMicros() - HALF_SECOND)
                        < HALF_SECOND / 2;
    }

    private @Nullable Reason telemetry(long recordAt, LogLine.Telemetry line) {
        long apart = line.atMicros() - pending.atMicros();
        if (pending.isNone() || (apart <= -SECOND && apart >= -MAX_GAP_S * SECOND) || isKnown(line)) {
            return telemetryAlone(recordAt, line);
        }
        if (apart >= SECOND && apart <= MAX_GAP_S * SECOND) {
            completeWithoutTelemetry();
            return telemetryAlone(recordAt, line);
        }
        PendingRideLine first = pending;
        pending = PendingRideLine.NONE;
        emit(first.elapsedS(), line.atMicros(), recordAt, first.resistance(), line);
        return null;
    }

    /** True for a repeated line: its second has a reading with its time. */
    private boolean isKnown(LogLine.Telemetry line) {
        if (ride == null || ride.series().readings() == 0) {
            return false;
        }
        long elapsed = secondByClock(ride.series(), line.atMicros());
        return elapsed >= 0
                && elapsed <= Reading.MAX_ELAPSED_S
                && ride.series().has((int) elapsed)
                && Math.abs(ride.series().get((int) elapsed).atMicros() - line.atMicros()) < MILLISECOND;
    }

    private @Nullable Reason telemetryAlone(long recordAt, LogLine.Telemetry line) {
        if (ride == null || ride.series().readings() == 0) {
            return Reason.STRAY_TELEMETRY;
        }
        RideSeries series = ride.series();
        long elapsed = secondByClock(series, line.atMicros());
        long ahead = elapsed - series.lastS();
        if (ahead <= 0 && elapsed >= 0 && series.has((int) elapsed)) {
            cleaned(Cleaning.DUPLICATE);
            return null;
        }
        if (ahead < 1 || ahead > MAX_GAP_S || elapsed > Reading.MAX_ELAPSED_S) {
            return Reason.STRAY_TELEMETRY;
        }
        cleaned(Cleaning.RIDE_LINE_MISSING);
        emit((int) elapsed, line.atMicros(), recordAt, Reading.ABSENT, line);
        return null;
    }

    private void completeWithoutTelemetry() {
        PendingRideLine first = pending;
        pending = PendingRideLine.NONE;
        if (!first.isNone()) {
            cleaned(Cleaning.TELEMETRY_MISSING);
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
            lastReadingAt = telemetryTime(series);
        }
        events.add(new RideEvent.Measured(ride, reading));
    }

    private static long telemetryTime(RideSeries series) {
        return telemetryTime(series.get(series.lastS()));
    }

    /** When the Telemetry line of a second came, or was due: half a second after a Ride line that stayed alone. */
    private static long telemetryTime(Reading reading) {
        boolean alone = !reading.hasPower() && !reading.hasHeartRate() && reading.cadenceRpm() == Reading.ABSENT;
        return alone ? reading.atMicros() + HALF_SECOND : reading.atMicros();
    }

    private Reading clean(int elapsed, long at, int rawResistance, LogLine.@Nullable Telemetry line) {
        int heartRate = line == null || line.heartRateBpm() == LogLine.ABSENT ? 0 : line.heartRateBpm();
        if (heartRate != 0 && (heartRate < Reading.MIN_HEART_RATE || heartRate > Reading.MAX_HEART_RATE)) {
            heartRate = 0;
            cleaned(Cleaning.HEART_RATE_CLEARED);
        }
        int cadence = line == null ? Reading.ABSENT : line.cadenceRpm();
        if (cadence != Reading.ABSENT && (cadence < 0 || cadence > Reading.MAX_CADENCE)) {
            cadence = Reading.ABSENT;
            cleaned(Cleaning.CADENCE_CLEARED);
        }
        int resistance = rawResistance;
        if (resistance != Reading.ABSENT && (resistance < 0 || resistance > Reading.MAX_RESISTANCE)) {
            resistance = Reading.ABSENT;
            cleaned(Cleaning.RESISTANCE_CLEARED);
        }
        double power = line == null ? Double.NaN : line.powerW();
        if (power < 0 || power > Reading.MAX_POWER) {
            power = Double.NaN;
            cleaned(Cleaning.POWER_CLEARED);
        }
        return new Reading(elapsed, at, heartRate, cadence, resistance, (float) power);
    }

    private Ride start(long rideId, @Nullable Rider rider, @Nullable String bikeSerial, long at) {
        Ride started = new Ride(rideId, rider, bikeSerial, at, new RideSeries());
        ride = started;
        events.add(new RideEvent.Started(started));
        return started;
    }

    private @Nullable Reason end(Ending ending) {
        completeWithoutTelemetry();
        Ride over = ride;
        if (over != null) {
            ride = null;
            events.add(new RideEvent.Ended(over, ending));
        }
        return null;
    }

    private static boolean isPlausible(long at, long recordAt) {
        return at >= EARLIEST_MICROS && at <= recordAt + DAY;
    }

    private long corrected(long at) {
        cleaned(Cleaning.TIME_CORRECTED);
        return at;
    }

    private void cleaned(Cleaning cleaning) {
        events.add(new RideEvent.Cleaned(cleaning));
    }
}
