package com.deloton.gateway.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * A parsed record of the bike stream: one of the six kinds of line, or {@link Unusable}.
 *
 * <p>Instants are microseconds since 1970-01-01T00:00:00Z. Values are as the bike wrote them, not yet checked against
 * physical limits.
 */
public sealed interface LogLine {
    /** The value of a whole number that the line gives as {@code None}, {@code null} or {@code nan}. */
    int ABSENT = Integer.MIN_VALUE;

    /** {@code beginning of main}: the bike has restarted; its open ride has ended. */
    record BeginningOfMain() implements LogLine {
        static final BeginningOfMain INSTANCE = new BeginningOfMain();
    }

    /** {@code beginning of a new ride}. */
    record BeginningOfRide() implements LogLine {
        static final BeginningOfRide INSTANCE = new BeginningOfRide();
    }

    /** {@code Getting user data from server..}: a log-on follows. */
    record GettingUserData(long atMicros) implements LogLine {}

    /** {@code [SYSTEM] data = {…}}: a rider has logged on. */
    record LogOn(long atMicros, RiderData rider) implements LogLine {}

    /**
     * {@code [INFO]: Ride - …}, the first line of a reading.
     *
     * @param durationS seconds since the ride began, by the bike's counter; never NaN, may be infinite
     * @param resistance the bike's resistance setting, no unit; or {@link #ABSENT}
     */
    record Ride(long atMicros, double durationS, int resistance) implements LogLine {}

    /**
     * {@code [INFO]: Telemetry - …}, the second line of a reading.
     *
     * @param heartRateBpm 0 means not measured; or {@link #ABSENT}
     * @param cadenceRpm pedal revolutions per minute; or {@link #ABSENT}
     * @param powerW NaN if absent; may be infinite
     */
    record Telemetry(long atMicros, int heartRateBpm, int cadenceRpm, double powerW) implements LogLine {}

    /**
     * A record that is to be quarantined.
     *
     * @param detail what was found and what is expected, for staff; may quote the record
     */
    record Unusable(Reason reason, String detail) implements LogLine {}

    /** Why a record is quarantined. The names are stored and shown: never rename one. */
    enum Reason {
        /** The record has no value, or an empty one. */
        EMPTY,
        /** The value is larger than {@link LineParser#MAX_VALUE_BYTES}. */
        TOO_LARGE,
        /** The value is not well-formed UTF-8. */
        INVALID_UTF8,
        /** The value is not a JSON object. */
        NOT_JSON,
        /** The JSON object has no string member {@code log}. */
        NO_LOG,
        /** The text is none of the six kinds of line. */
        UNKNOWN_LINE,
        /** The line does not start with a valid timestamp. */
        BAD_TIMESTAMP,
        /** A number of a Ride or Telemetry line is missing or not a number. */
        BAD_NUMBER,
        /** The rider data of a {@code [SYSTEM]} line is not a JSON object. */
        BAD_RIDER_DATA,
        /** The duration neither follows the ride's last one nor can be corrected by the bike's clock. */
        BAD_DURATION,
        /** A Telemetry line that neither a Ride line nor an earlier reading assigns to a second. */
        STRAY_TELEMETRY,
        /** The record's key is new while the partition already holds as many open streams as it may. */
        TOO_MANY_STREAMS,
        /** PostgreSQL refuses what follows from the record; the detail has its message. */
        REFUSED_BY_DATABASE,
    }

    /**
     * The payload of a {@code [SYSTEM]} line. A member that is missing, null or of the wrong type is null.
     *
     * @param userId a whole number between −2^53 and 2^53, so that a JSON client reads it exactly
     * @param dateOfBirthMillis milliseconds since 1970-01-01T00:00:00Z, often negative
     * @param accountCreatedMillis milliseconds since 1970-01-01T00:00:00Z
     * @param userIdInvalid true if there is a user id, but not such a number
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
            @Nullable String originalSource,
            boolean userIdInvalid) {}
}
