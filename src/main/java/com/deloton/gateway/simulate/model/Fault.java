package com.deloton.gateway.simulate.model;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Faults of the stream. A rate is the probability, 0 to 1, of the fault at each record that it applies to.
 *
 * <p>{@link #JUNK} faults add an unusable record after a valid one. All others change or drop a valid record; they do not
 * apply to rides with an abnormal heart rate, so that its episodes are predictable.
 */
public enum Fault {
    /** Junk: bare text. */
    NOT_JSON,
    /** Junk: a JSON object whose {@code log} is null. */
    NO_LOG,
    /** Junk: two bytes that are not valid UTF-8. */
    INVALID_UTF8,
    /** Junk: a line of an unknown kind. */
    UNKNOWN_LINE,
    /** Junk: an empty value. */
    EMPTY,
    /** Junk: a line of 256 KiB, far too long for the stream but well under Kafka's usual limit of 1 MB. */
    TOO_LARGE,
    /** Junk: a Ride line on the 45th day of the 13th month. */
    BAD_TIMESTAMP,
    /** Junk: a Ride line with a word in place of the duration. */
    BAD_NUMBER,
    /** Any record is sent twice in a row. */
    DUPLICATE,
    /** Alters: the Telemetry line of a second is never sent. */
    MISSING_TELEMETRY,
    /** Alters: the Ride line of a second is never sent. Its Telemetry line is. */
    MISSING_RIDE,
    /** Alters a Telemetry line: {@code hrt = 999}. */
    HEART_RATE_RANGE,
    /** Alters a Telemetry line: {@code rpm = 999}. */
    CADENCE_RANGE,
    /** Alters a Telemetry line: {@code power = 99999.0}. */
    POWER_RANGE,
    /** Alters a Telemetry line: its timestamp is ten years later. */
    FUTURE_TIME,
    /** Alters a Telemetry line: its timestamp is 150 years earlier. */
    ANCIENT_TIME,
    /** Alters a {@code [SYSTEM]} line: one member is null. */
    NULL_FIELD,
    /** Alters a {@code [SYSTEM]} line: one member is an array. */
    WRONG_TYPE,
    /** Alters a {@code [SYSTEM]} line: the date of birth is 150 years too early or too late. */
    BIRTH_DATE_RANGE,
    /** Alters a {@code [SYSTEM]} line: {@code "gender":"unknown"}. */
    UNKNOWN_GENDER,
    /** Alters a {@code [SYSTEM]} line: the payload is a printed Python dictionary. */
    SINGLE_QUOTED,
    /** Alters a bike's first ride: it starts at a random second, without a {@code [SYSTEM]} line. */
    JOIN_MID_RIDE;

    public static final List<Fault> JUNK =
            List.of(NOT_JSON, NO_LOG, INVALID_UTF8, UNKNOWN_LINE, EMPTY, TOO_LARGE, BAD_TIMESTAMP, BAD_NUMBER);
    public static final int OUT_OF_RANGE = 999;
    public static final double POWER_OUT_OF_RANGE = 99_999;
    public static final int YEARS_OUT_OF_RANGE = 150;
    public static final long YEAR_MICROS = 31_557_600_000_000L;

    private static final int LARGE = 256 * 1024;

    /** An unusable record; only for a fault of {@link #JUNK}. */
    public byte[] junk(long atMicros) {
        return switch (this) {
            case NOT_JSON -> ascii("Connection reset by peer");
            case NO_LOG -> ascii("{\"log\": null}");
            case INVALID_UTF8 ->
                ("{\"log\": \"\u00ff\u00fe" + WireFormat.timestamp(atMicros) + "\\n\"}")
                        .getBytes(StandardCharsets.ISO_8859_1);
            case UNKNOWN_LINE ->
                WireFormat.record(WireFormat.timestamp(atMicros) + " mendoza v9: [WARN]: Battery - level = 12\n");
            case EMPTY -> new byte[0];
            case TOO_LARGE -> WireFormat.record(WireFormat.timestamp(atMicros) + " " + "x".repeat(LARGE) + "\n");
            case BAD_TIMESTAMP ->
                WireFormat.record(
                        "2022-13-45 18:42:01.422451 mendoza v9: [INFO]: Ride - duration = 1.0; resistance = 0\n");
            case BAD_NUMBER ->
                WireFormat.record(WireFormat.timestamp(atMicros)
                        + " mendoza v9: [INFO]: Ride - duration = soon; resistance = 30\n");
            default -> throw new IllegalStateException(this + " is not a junk fault");
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
