package com.deloton.gateway.ride;

/** What a tracker finds out; called in the order of the stream, on the thread that feeds the tracker. */
public interface RideEvents {
    void started(Ride ride);

    /** A second of {@code ride}, already added to its series. */
    void reading(Ride ride, Reading reading);

    void ended(Ride ride, Ride.Ending ending);

    void cleaned(Cleaning cleaning);

    /** What was mended on the way; each is counted. */
    enum Cleaning {
        /** A line that had been said before was passed over. */
        DUPLICATE,
        /** A heart rate outside 30–250 bpm became "not measured". */
        HEART_RATE_CLEARED,
        /** A cadence outside 0–250 rpm became absent. */
        CADENCE_CLEARED,
        /** A resistance outside 0–255 became absent. */
        RESISTANCE_CLEARED,
        /** A power outside 0–3000 W became absent. */
        POWER_CLEARED,
        /** A Ride line without its Telemetry line was kept with the other values absent. */
        TELEMETRY_MISSING,
        /** A Telemetry line without its Ride line was kept, placed by the clock, with the resistance absent. */
        RIDE_LINE_MISSING,
        /** A duration that contradicts clock and counter was replaced by the clock's second. */
        DURATION_CORRECTED,
        /** A timestamp before 2000, in the future or a day off the ride was replaced by the time due. */
        TIME_CORRECTED,
        /** Readings without a log-on made a ride of an unknown rider. */
        RIDER_UNKNOWN
    }
}
