package com.deloton.gateway.ride;

/** A correction of the stream that keeps the record. The names are metric labels: never rename one. */
public enum Cleaning {
    /** A repeated line was dropped. */
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
    /** A text of a log-on that is longer than its limit became absent. */
    TEXT_TOO_LONG,
    /** A user id that is not a whole number between −2^53 and 2^53 became absent. */
    USER_ID_INVALID,
    /** Readings without a log-on or user id started a ride of an unknown rider. */
    RIDER_UNKNOWN
}
