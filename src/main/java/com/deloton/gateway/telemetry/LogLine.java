package com.deloton.gateway.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * What one record of the bike stream says: one of the six kinds of line, or the reason why it says nothing usable.
 *
 * <p>Instants are microseconds since 1970-01-01T00:00:00Z. No value has been checked against physical limits yet;
 * numbers are what the bike wrote.
 */
public sealed interface LogLine {
    /** Stands for a whole number that the line leaves out by saying {@code None}, {@code null} or {@code nan}. */
    int ABSENT = Integer.MIN_VALUE;

    /** {@code beginning of main}: the bike has started over; whatever ride was open is over. */
    record BeginningOfMain() implements LogLine {
        static final BeginningOfMain INSTANCE = new BeginningOfMain();
    }

    /** {@code beginning of a new ride}. */
    record BeginningOfRide() implements LogLine {
        static final BeginningOfRide INSTANCE = new BeginningOfRide();
    }

    /** {@code Getting user data from server..}: a rider is logging on. */
    record GettingUserData(long atMicros) implements LogLine {}

    /** {@code [SYSTEM] data = {…}}: the rider who has logged on. */
    record LogOn(long atMicros, RiderData rider) implements LogLine {}

    /**
     * The first half of a reading.
     *
     * @param durationS seconds since the ride began, as the bike counts them; never NaN
     * @param resistance the bike's resistance setting, no unit; {@link #ABSENT} if left out
     */
    record Ride(long atMicros, double durationS, int resistance) implements LogLine {}

    /**
     * The second half of a reading.
     *
     * @param heartRateBpm 0 means not measured; {@link #ABSENT} if left out
     * @param cadenceRpm pedal revolutions per minute; {@link #ABSENT} if left out
     * @param powerW NaN if left out
     */
    record Telemetry(long atMicros, int heartRateBpm, int cadenceRpm, double powerW) implements LogLine {}

    /**
     * A record that cannot be used.
     *
     * @param detail what stood where something else was expected, for a person to read; may quote the record
     */
    record Unusable(Reason reason, String detail) implements LogLine {}

    /** Why a record cannot be used. The names are stored and shown: never rename one. */
    enum Reason {
        /** The record has no value, or an empty one. */
        EMPTY,
        /** The value is larger than a line of this stream can be. */
        TOO_LARGE,
        /** The value is not well-formed UTF-8. */
        INVALID_UTF8,
        /** The value is not a JSON object. */
        NOT_JSON,
        /** The JSON object has no string member {@code log}. */
        NO_LOG,
        /** The text is none of the six kinds of line. */
        UNKNOWN_LINE,
        /** The line does not begin with a timestamp that exists. */
        BAD_TIMESTAMP,
        /** A number of a Ride or Telemetry line is missing or not a number. */
        BAD_NUMBER,
        /** The rider data of a {@code [SYSTEM]} line is not a JSON object. */
        BAD_RIDER_DATA,
        /** A duration that neither follows the ride's last one nor can be corrected by the bike's clock. */
        BAD_DURATION,
        /** A Telemetry line with neither a Ride line nor an earlier reading to place it by. */
        STRAY_TELEMETRY,
    }

    /**
     * The payload of a {@code [SYSTEM]} line. A member that is missing, null or of the wrong type is null.
     *
     * @param dateOfBirthMillis milliseconds since 1970-01-01T00:00:00Z, often negative
     * @param accountCreatedMillis milliseconds since 1970-01-01T00:00:00Z
     */
    record RiderData(
            @Nullable Long userId,
            @Nullable String name,
            @Nullable String gender,
            @Nullable String address,
            @Nullable Long dateOfBirthMillis,
            @Nullable String emailAddress,
            @Nullable Integer heightCm,
            @Nullable Integer weightKg,
            @Nullable Long accountCreatedMillis,
            @Nullable String bikeSerial,
            @Nullable String originalSource) {}
}
