package com.deloton.gateway.ride;

import com.deloton.gateway.telemetry.LogLine;
import org.jspecify.annotations.Nullable;

/**
 * Assigns the lines of one ride to its seconds, by the bike's counter and by its clock, and recognises repeated lines.
 * Times are microseconds since 1970-01-01T00:00:00Z by the bike's clock. A line repeats another if it has the same time
 * and the same content; the same time alone only shows that the bike's clock was set back.
 */
final class RideTimeline {
    static final long SECOND = 1_000_000;
    /** A Telemetry line is due this long after its Ride line. */
    static final long HALF_SECOND = SECOND / 2;

    static final long DAY = 86_400 * SECOND;
    /** Lines that are further apart are not related by the clock. */
    static final int MAX_GAP_S = 3_600;
    /** Seconds by which counter and clock may differ and still agree. */
    static final int TOLERANCE_S = 2;

    private static final long MILLISECOND = 1_000;
    private static final int MAX_SEARCH_S = 600;

    private final RideSeries series;
    /** When the last second's Telemetry line came or was due, as stored. */
    private long lastAt;
    /** The same by the bike's clock, uncorrected. */
    private long lastLineAt;
    /** Counter minus second of the last line whose duration was corrected; 0 if none was. */
    private long counterOffset;

    private LogLine.@Nullable Telemetry lastTelemetry;

    RideTimeline(RideSeries series) {
        this.series = series;
        if (series.readings() > 0) {
            lastAt = telemetryTime(series.get(series.lastS()));
            lastLineAt = lastAt;
        }
    }

    /** See {@link RideTracker#touch}. */
    int touch() {
        return (int) lastAt + series.touch();
    }

    boolean isEmpty() {
        return series.readings() == 0;
    }

    /**
     * Adds a reading.
     *
     * @param telemetryAt the uncorrected time at which its Telemetry line came or was due
     * @param line the Telemetry line, or null if it is missing
     */
    void add(Reading reading, long telemetryAt, LogLine.@Nullable Telemetry line) {
        series.add(reading);
        if (reading.elapsedS() == series.lastS()) {
            lastAt = series.atMicros(reading.elapsedS()) + (reading.hasTelemetry() ? 0 : HALF_SECOND);
            lastLineAt = telemetryAt;
        }
        lastTelemetry = line == null ? lastTelemetry : line;
    }

    /** The second that a Telemetry line of this time belongs to by the clock; may be any number. */
    long secondByClock(long telemetryAt) {
        long bySeries = seconds(telemetryAt - lastAt);
        boolean related = Math.abs(bySeries) <= MAX_GAP_S;
        return series.lastS() + (related ? bySeries : seconds(telemetryAt - lastLineAt));
    }

    private static long seconds(long micros) {
        return Math.round(micros / (double) SECOND);
    }

    /** The second of a Ride line that does not repeat another; -1 if neither counter nor clock gives one. */
    int place(long duration, long at) {
        int last = series.lastS();
        if (duration == last + 1L) {
            return last + 1;
        }
        long byClock = secondByClock(at + HALF_SECOND);
        boolean clockAdvances = isAhead(byClock);
        boolean agreed = duration >= 0 && Math.abs(duration - byClock) <= TOLERANCE_S;
        if (agreed && !(clockAdvances && series.has((int) duration))) {
            return (int) duration;
        }
        boolean counterAdvances = isAhead(duration);
        if (clockAdvances && !(counterAdvances && duration < byClock)) {
            counterOffset = duration - byClock;
            return (int) byClock;
        }
        return counterAdvances ? (int) duration : -1;
    }

    private boolean isAhead(long second) {
        return second > series.lastS() && second - series.lastS() <= MAX_GAP_S;
    }

    /** True if the counter starts over in mid-ride: the lines between two rides were lost. */
    boolean isRestart(long duration, long at) {
        return (duration == 0 || duration == 1)
                && !isEmpty()
                && series.lastS() > 1 + TOLERANCE_S
                && (at > lastLineAt || Math.abs(secondByClock(at + HALF_SECOND) - duration) > TOLERANCE_S);
    }

    boolean isRepeated(long duration, LogLine.Ride line) {
        if (isEmpty() || duration == series.lastS() + 1L) {
            return false;
        }
        long telemetryAt = line.atMicros() + HALF_SECOND;
        if (has(duration)) {
            Reading reading = series.get((int) duration);
            boolean clockIsOff = Math.abs(telemetryAt - telemetryTime(reading)) >= DAY;
            if (clockIsOff ? line.atMicros() <= lastLineAt : isAround(reading, telemetryAt)) {
                return true;
            }
        }
        long second = secondByClock(telemetryAt);
        boolean wasCorrected = duration - second == counterOffset || (duration > 1 && !isAhead(duration));
        return wasCorrected && has(second) && isAround(series.get((int) second), telemetryAt);
    }

    private static boolean isAround(Reading reading, long telemetryAt) {
        return Math.abs(telemetryTime(reading) - telemetryAt) < HALF_SECOND / 2;
    }

    boolean isRepeated(LogLine.Telemetry line) {
        if (isEmpty()) {
            return false;
        }
        if (line.equals(lastTelemetry)
                || isSame(secondByClock(line.atMicros()), line)
                || isSame(seconds(line.atMicros() - series.zeroAtMicros()), line)) {
            return true;
        }
        for (int s = series.lastS(); s >= Math.max(series.firstS(), series.lastS() - MAX_SEARCH_S); s--) {
            if (series.has(s) && Math.abs(series.atMicros(s) - line.atMicros()) < MILLISECOND && isSame(s, line)) {
                return true;
            }
        }
        return false;
    }

    private boolean isSame(long second, LogLine.Telemetry line) {
        if (!has(second)) {
            return false;
        }
        Reading reading = series.get((int) second);
        return Math.abs(reading.atMicros() - line.atMicros()) < MILLISECOND
                && reading.heartRateBpm() == Reading.heartRate(line.heartRateBpm())
                && reading.cadenceRpm() == Reading.cadence(line.cadenceRpm())
                && Float.compare(reading.powerW(), Reading.power(line.powerW())) == 0;
    }

    /** True if a Telemetry line of that time may belong to an earlier second that has none. */
    boolean isLate(long telemetryAt) {
        long second = secondByClock(telemetryAt);
        return second >= series.firstS()
                && second <= series.lastS()
                && !(has(second) && series.get((int) second).hasTelemetry());
    }

    boolean has(long second) {
        return second >= 0 && second <= Reading.MAX_ELAPSED_S && series.has((int) second);
    }

    private static long telemetryTime(Reading reading) {
        return reading.hasTelemetry() ? reading.atMicros() : reading.atMicros() + HALF_SECOND;
    }
}
