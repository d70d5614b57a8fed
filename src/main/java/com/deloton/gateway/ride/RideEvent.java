package com.deloton.gateway.ride;

import com.deloton.gateway.telemetry.LogLine.Reason;

/** A result of a line: what {@link RideTracker} reports, in the order of the stream. */
public sealed interface RideEvent {
    record Started(Ride ride) implements RideEvent {}

    /** A second of {@code ride}, already added to its series. */
    record Measured(Ride ride, Reading reading) implements RideEvent {}

    record Ended(Ride ride, Ride.Ending ending) implements RideEvent {}

    /** A value or line was corrected or dropped. */
    record Cleaned(Cleaning cleaning) implements RideEvent {}

    /**
     * The line is to be quarantined; always the last event of its line.
     *
     * @param detail what was found and what is expected, for staff
     */
    record Rejected(Reason reason, String detail) implements RideEvent {}
}
