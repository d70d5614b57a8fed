package com.deloton.gateway.ride;

/**
 * A Ride line whose Telemetry line has not come yet.
 *
 * @param atMicros the line's own time, in microseconds since 1970-01-01T00:00:00Z
 * @param elapsedS the second of the ride that it was assigned to
 */
public record PendingRideLine(long atMicros, int elapsedS, int resistance) {
    public static final PendingRideLine NONE = new PendingRideLine(0, Integer.MIN_VALUE, 0);

    public boolean isNone() {
        return elapsedS == Integer.MIN_VALUE;
    }
}
