package com.deloton.gateway.ride;

import static com.deloton.gateway.ride.RideTimeline.DAY;
import static com.deloton.gateway.ride.RideTimeline.HALF_SECOND;
import static com.deloton.gateway.ride.RideTimeline.MAX_GAP_S;
import static com.deloton.gateway.ride.RideTimeline.SECOND;

import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.telemetry.LogLine;
import com.deloton.gateway.telemetry.LogLine.Reason;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns the lines of one bike stream into rides and readings. A pure state machine: its events depend only on the lines,
 * their order and the times given. A repeated line changes nothing. Not thread-safe.
 */
public final class RideTracker {
    /** An earlier time shows a wrong clock. */
    private static final long EARLIEST_MICROS =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond() * SECOND;

    private List<RideEvent> events = List.of();
    private @Nullable Ride ride;
    private RideTimeline timeline = new RideTimeline(new RideSeries());
    /** The pending line, without an object: it would cost an allocation and a cache miss for each reading. */
    private long pendingAt;

    private int pendingS;
    private int pendingResistance;
    private long logOnAt = Long.MIN_VALUE;
    private long receivedAt = Long.MIN_VALUE;

    public RideTracker() {
        setPending(PendingRideLine.NONE);
    }

    /** A tracker in the middle of {@code ride}, in the state in which {@code pending} was its pending line. */
    public RideTracker(Ride ride, PendingRideLine pending, long receivedAtMicros) {
        this.ride = ride;
        this.timeline = new RideTimeline(ride.series());
        setPending(pending);
        this.logOnAt = ride.startedAtMicros();
        this.receivedAt = receivedAtMicros;
    }

    /**
     * The time at which a record came in: its timestamp, or the gateway's clock if the timestamp is before 2000 or ahead of
     * that clock.
     *
     * @param recordAtMillis the record's timestamp, milliseconds since 1970-01-01T00:00:00Z; may be any number
     * @param nowMicros the gateway's clock, microseconds since 1970-01-01T00:00:00Z
     */
    public static long receivedAtMicros(long recordAtMillis, long nowMicros) {
        boolean valid = recordAtMillis >= EARLIEST_MICROS / 1_000 && recordAtMillis <= nowMicros / 1_000;
        return valid ? recordAtMillis * 1_000 : nowMicros;
    }

    /** The open ride, or null. */
    public @Nullable Ride ride() {
        return ride;
    }

    /** The Ride line that waits for its Telemetry line, or {@link PendingRideLine#NONE}. */
    public PendingRideLine pendingLine() {
        return hasPending() ? new PendingRideLine(pendingAt, pendingS, pendingResistance) : PendingRideLine.NONE;
    }

    private boolean hasPending() {
        return pendingS != PendingRideLine.NONE.elapsedS();
    }

    private void setPending(PendingRideLine line) {
        setPending(line.atMicros(), line.elapsedS(), line.resistance());
    }

    private void setPending(long atMicros, int elapsedS, int resistance) {
        pendingAt = atMicros;
        pendingS = elapsedS;
        pendingResistance = resistance;
    }

    /**
     * Takes the next line.
     *
     * @param rideId the id of the ride, if one starts with this line
     * @param receivedAtMicros see {@link #receivedAtMicros}; a line's own time may be at most a day later
     * @return what follows from the line; often nothing
     */
    public List<RideEvent> accept(long rideId, long receivedAtMicros, LogLine line) {
        receivedAt = receivedAtMicros;
        switch (line) {
            case LogLine.Ride r -> rideLine(rideId, r);
            case LogLine.Telemetry t -> telemetryLine(t);
            case LogLine.LogOn l -> logOn(rideId, l);
            case LogLine.BeginningOfMain b -> end(Ending.COMPLETED);
            case LogLine.BeginningOfRide b -> end(Ending.COMPLETED);
            case LogLine.GettingUserData g -> {}
            case LogLine.Unusable u -> reject(u.reason(), u.detail());
        }
        return takeEvents();
    }

    /**
     * Reads the memory that the next line will need. Called for several bikes in a row, before their lines are accepted, it
     * lets the CPU wait for the memory of all of them at once.
     *
     * @return any number; to be used, so that the compiler keeps the reads
     */
    public int touch() {
        int touched = pendingS + timeline.touch();
        return ride == null ? touched : touched + (int) ride.id();
    }

    /** Ends the open ride of a bike that has fallen silent. */
    public List<RideEvent> abandon() {
        end(Ending.ABANDONED);
        return takeEvents();
    }

    private List<RideEvent> takeEvents() {
        List<RideEvent> taken = events;
        events = List.of();
        return taken;
    }

    /** Few lines have more than one event, so the tracker keeps no list between lines. */
    private void add(RideEvent event) {
        events = events.isEmpty()
                ? List.of(event)
                : Stream.concat(events.stream(), Stream.of(event)).toList();
    }

    private void logOn(long rideId, LogLine.LogOn line) {
        List<Cleaning> cleanings = new ArrayList<>(0);
        long at = isPlausible(line.atMicros()) ? line.atMicros() : receivedAt;
        LocalDate day =
                Instant.ofEpochSecond(at / SECOND).atZone(ZoneOffset.UTC).toLocalDate();
        Rider rider = Rider.of(line.rider(), day, cleanings::add);
        if (ride != null && logOnAt == line.atMicros() && Objects.equals(idOf(ride.rider()), idOf(rider))) {
            cleaned(Cleaning.DUPLICATE);
            return;
        }
        end(Ending.COMPLETED);
        String bikeSerial = TextLimit.BIKE_SERIAL.apply(line.rider().bikeSerial(), cleanings::add);
        cleanings.forEach(this::cleaned);
        if (at != line.atMicros()) {
            cleaned(Cleaning.TIME_CORRECTED);
        }
        if (rider == null) {
            cleaned(Cleaning.RIDER_UNKNOWN);
        }
        start(rideId, rider, bikeSerial, at);
        logOnAt = line.atMicros();
    }

    private static @Nullable Long idOf(@Nullable Rider rider) {
        return rider == null ? null : (Long) rider.id();
    }

    private void rideLine(long rideId, LogLine.Ride line) {
        long duration = Math.round(line.durationS());
        if (repeatsPending(duration, line) || timeline.isRepeated(duration, line)) {
            cleaned(Cleaning.DUPLICATE);
            return;
        }
        completeWithoutTelemetry();
        if (timeline.isRestart(duration, line.atMicros())) {
            end(Ending.ABANDONED);
        }
        if (timeline.isEmpty() && (duration < 0 || duration > Reading.MAX_ELAPSED_S)) {
            reject(
                    Reason.BAD_DURATION,
                    "the duration is %s s; expected 0 to %d".formatted(line.durationS(), Reading.MAX_ELAPSED_S));
            return;
        }
        if (ride == null) {
            long at = isPlausible(line.atMicros()) ? line.atMicros() : corrected(receivedAt);
            cleaned(Cleaning.RIDER_UNKNOWN);
            start(rideId, null, null, at + HALF_SECOND - duration * SECOND);
        }
        int elapsed = timeline.isEmpty() ? (int) duration : timeline.place(duration, line.atMicros());
        if (elapsed < 0 || elapsed > Reading.MAX_ELAPSED_S) {
            reject(
                    Reason.BAD_DURATION,
                    "the duration %s s fits neither the ride's last second nor the bike's clock"
                            .formatted(line.durationS()));
        } else if (timeline.has(elapsed)) {
            cleaned(Cleaning.DUPLICATE);
        } else {
            if (elapsed != duration) {
                cleaned(Cleaning.DURATION_CORRECTED);
            }
            setPending(line.atMicros(), elapsed, line.resistance());
        }
    }

    /** True for the pending line itself. The counter of another line at the same time would have advanced. */
    private boolean repeatsPending(long duration, LogLine.Ride line) {
        return hasPending()
                && pendingAt == line.atMicros()
                && pendingResistance == line.resistance()
                && duration != pendingS + 1L;
    }

    private void telemetryLine(LogLine.Telemetry line) {
        long apart = line.atMicros() - pendingAt;
        boolean isPair = hasPending() && apart >= 0 && apart < SECOND;
        if (!isPair && timeline.isRepeated(line)) {
            cleaned(Cleaning.DUPLICATE);
        } else if (!isPair && isOfAnotherSecond(line, apart)) {
            telemetryAlone(line);
        } else {
            PendingRideLine first = pendingLine();
            setPending(PendingRideLine.NONE);
            emit(first.elapsedS(), line.atMicros(), first.resistance(), line);
        }
    }

    /** True if the line does not complete the pending line. A clock that was set back between both keeps them a pair. */
    private boolean isOfAnotherSecond(LogLine.Telemetry line, long apart) {
        if (!hasPending()) {
            return true;
        }
        if (apart >= SECOND && apart <= MAX_GAP_S * SECOND) {
            completeWithoutTelemetry();
            return true;
        }
        return apart <= -SECOND
                && apart >= -MAX_GAP_S * SECOND
                && !timeline.isEmpty()
                && timeline.isLate(line.atMicros());
    }

    private void telemetryAlone(LogLine.Telemetry line) {
        if (ride == null || timeline.isEmpty()) {
            reject(Reason.STRAY_TELEMETRY, "no Ride line came before this Telemetry line of a new ride");
            return;
        }
        RideSeries series = ride.series();
        long elapsed = timeline.secondByClock(line.atMicros());
        if (timeline.has(elapsed)) {
            Reading reading = series.get((int) elapsed);
            if (!reading.hasTelemetry() || reading.resistance() == Reading.ABSENT) {
                reject(Reason.STRAY_TELEMETRY, "the line has no Ride line, and second " + elapsed + " has a reading");
                return;
            }
            // A complete reading has this time: the clock was set back and the Ride line is missing.
            elapsed = series.lastS() + 1L;
        }
        if (elapsed < series.firstS() || elapsed - series.lastS() > MAX_GAP_S || elapsed > Reading.MAX_ELAPSED_S) {
            reject(Reason.STRAY_TELEMETRY, "the line has no Ride line, and its time is not within an hour of the ride");
            return;
        }
        cleaned(Cleaning.RIDE_LINE_MISSING);
        emit((int) elapsed, line.atMicros(), Reading.ABSENT, line);
    }

    private void completeWithoutTelemetry() {
        if (hasPending()) {
            PendingRideLine first = pendingLine();
            setPending(PendingRideLine.NONE);
            cleaned(Cleaning.TELEMETRY_MISSING);
            emit(first.elapsedS(), first.atMicros(), first.resistance(), null);
        }
    }

    private void emit(int elapsed, long at, int resistance, LogLine.@Nullable Telemetry line) {
        if (ride == null) {
            return;
        }
        RideSeries series = ride.series();
        long due = timeline.isEmpty() ? ride.startedAtMicros() + elapsed * SECOND : series.dueAtMicros(elapsed);
        boolean fits = isPlausible(at) && (timeline.isEmpty() || Math.abs(at - due) < DAY);
        int before = events.size();
        Reading reading = clean(elapsed, fits ? at : corrected(due), resistance, line);
        timeline.add(reading, line == null ? at + HALF_SECOND : at, line);
        if (events.size() > before) {
            series.markCleaned(elapsed);
        }
        add(new RideEvent.Measured(ride, reading));
    }

    private Reading clean(int elapsed, long at, int resistance, LogLine.@Nullable Telemetry line) {
        int heartRate = line == null || line.heartRateBpm() == LogLine.ABSENT ? 0 : line.heartRateBpm();
        int cadence = line == null ? Reading.ABSENT : line.cadenceRpm();
        double power = line == null ? Double.NaN : line.powerW();
        Reading reading = new Reading(
                elapsed,
                at,
                Reading.heartRate(heartRate),
                Reading.cadence(cadence),
                Reading.resistance(resistance),
                Reading.power(power));
        countIf(reading.heartRateBpm() != heartRate, Cleaning.HEART_RATE_CLEARED);
        countIf(reading.cadenceRpm() != cadence, Cleaning.CADENCE_CLEARED);
        countIf(reading.resistance() != resistance, Cleaning.RESISTANCE_CLEARED);
        countIf(!reading.hasPower() && !Double.isNaN(power), Cleaning.POWER_CLEARED);
        return reading;
    }

    private void start(long rideId, @Nullable Rider rider, @Nullable String bikeSerial, long at) {
        Ride started = new Ride(rideId, rider, bikeSerial, at, new RideSeries());
        ride = started;
        timeline = new RideTimeline(started.series());
        logOnAt = Long.MIN_VALUE;
        add(new RideEvent.Started(started));
    }

    private void end(Ending ending) {
        completeWithoutTelemetry();
        Ride over = ride;
        if (over != null) {
            ride = null;
            timeline = new RideTimeline(new RideSeries());
            add(new RideEvent.Ended(over, ending));
        }
    }

    private boolean isPlausible(long at) {
        return at >= EARLIEST_MICROS && at <= receivedAt + DAY;
    }

    private long corrected(long at) {
        cleaned(Cleaning.TIME_CORRECTED);
        return at;
    }

    private void countIf(boolean happened, Cleaning cleaning) {
        if (happened) {
            cleaned(cleaning);
        }
    }

    private void cleaned(Cleaning cleaning) {
        add(new RideEvent.Cleaned(cleaning));
    }

    private void reject(Reason reason, String detail) {
        add(new RideEvent.Rejected(reason, detail));
    }
}
