package com.deloton.gateway.telemetry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.telemetry.LogLine.Reason;
import com.deloton.gateway.telemetry.LogLine.Unusable;
import org.jspecify.annotations.Nullable;

/**
 * Parses a record value: the JSON wrapper and the line in it.
 *
 * <p>Bad input gives {@link Unusable}, never an exception. A value whose only escape is the final newline is parsed in
 * place; any other is unescaped first. Not thread-safe: it reuses buffers.
 */
public final class LineParser {
    /** Larger values are not parsed. The longest line seen has about 500 bytes. */
    public static final int MAX_VALUE_BYTES = 64 * 1024;

    private static final int MAX_QUOTED_BYTES = 60;

    private static final byte[] WRAPPER = ascii("{\"log\": \"");
    private static final byte[] LOG = ascii("log");
    private static final byte[] MAIN = ascii("--------- beginning of main");
    private static final byte[] NEW_RIDE = ascii("--------- beginning of a new ride");
    private static final byte[] USER_DATA = ascii("Getting user data from server");
    private static final byte[] SYSTEM = ascii("[SYSTEM] data = ");
    private static final byte[] RIDE = ascii("[INFO]: Ride - ");
    private static final byte[] TELEMETRY = ascii("[INFO]: Telemetry - ");
    private static final byte[] DURATION = ascii("duration = ");
    private static final byte[] RESISTANCE = ascii("; resistance = ");
    private static final byte[] HEART_RATE = ascii("hrt = ");
    private static final byte[] RPM = ascii("; rpm = ");
    private static final byte[] POWER = ascii("; power = ");

    private final JsonCursor wrapper = new JsonCursor();
    private final RiderDataReader riderData = new RiderDataReader();
    private final ByteScanner line = new ByteScanner();

    public LogLine parse(byte @Nullable [] value) {
        if (value == null || value.length == 0) {
            return new Unusable(Reason.EMPTY, "the record has no value; expected {\"log\": \"…\"}");
        }
        if (value.length > MAX_VALUE_BYTES) {
            return new Unusable(
                    Reason.TOO_LARGE,
                    "the value has %d bytes; expected at most %d".formatted(value.length, MAX_VALUE_BYTES));
        }
        int end = endOfPlainText(value);
        return end >= 0 ? parseLine(value, WRAPPER.length, end) : parseEscaped(value);
    }

    /** The end of the text in a {@code {"log": "…\n"}} without other escapes or members, or -1 for any other value. */
    private static int endOfPlainText(byte[] value) {
        if (!ByteScanner.startsWith(value, 0, value.length, WRAPPER)) {
            return -1;
        }
        int i = WRAPPER.length;
        while (i < value.length && value[i] >= 0x20 && value[i] != '"' && value[i] != '\\') {
            i++;
        }
        int end = i;
        if (i + 1 < value.length && value[i] == '\\' && value[i + 1] == 'n') {
            i += 2;
        }
        return i + 2 == value.length && value[i] == '"' && value[i + 1] == '}' ? end : -1;
    }

    private LogLine parseEscaped(byte[] value) {
        if (!Utf8.isWellFormed(value)) {
            return new Unusable(Reason.INVALID_UTF8, "the value is not valid UTF-8");
        }
        wrapper.reset(value, 0, value.length);
        if (!wrapper.accept('{')) {
            return notJson(value);
        }
        byte @Nullable [] log = null;
        if (!wrapper.accept('}')) {
            do {
                if (wrapper.atEnd() || !wrapper.string()) {
                    return notJson(value);
                }
                boolean isLog = wrapper.textIs(LOG);
                int kind = wrapper.accept(':') ? wrapper.value() : JsonCursor.INVALID;
                if (kind == JsonCursor.INVALID) {
                    return notJson(value);
                }
                if (isLog) {
                    log = kind == JsonCursor.STRING ? wrapper.textCopy() : null;
                }
            } while (wrapper.accept(','));
            if (!wrapper.accept('}')) {
                return notJson(value);
            }
        }
        if (!wrapper.atEnd()) {
            return notJson(value);
        }
        return log == null
                ? new Unusable(Reason.NO_LOG, "the JSON object has no string member \"log\"; expected {\"log\": \"…\"}")
                : parseLine(log, 0, log.length);
    }

    private static Unusable notJson(byte[] value) {
        return new Unusable(
                Reason.NOT_JSON, "not a JSON object: " + quote(value, 0, value.length) + "; expected {\"log\": \"…\"}");
    }

    private LogLine parseLine(byte[] in, int from, int to) {
        int end = to;
        while (end > from && in[end - 1] >= 0 && in[end - 1] <= ' ') {
            end--;
        }
        line.reset(in, from, end);
        if (line.startsWith(MAIN, end - from)) {
            return LogLine.BeginningOfMain.INSTANCE;
        }
        if (line.startsWith(NEW_RIDE, end - from)) {
            return LogLine.BeginningOfRide.INSTANCE;
        }
        if (!line.atDigit()) {
            return new Unusable(Reason.UNKNOWN_LINE, "unknown kind of line: " + quote(in, from, end));
        }
        long at = line.timestamp();
        if (at == ByteScanner.NO_TIMESTAMP) {
            return new Unusable(
                    Reason.BAD_TIMESTAMP,
                    "no valid timestamp at the start of " + quote(in, from, end)
                            + "; expected YYYY-MM-DD HH:MM:SS.ffffff, for example 2022-11-03 18:42:01.422451");
        }
        while (line.skipPast(": ")) {
            if (line.accept(RIDE)) {
                return parseRide(at);
            }
            if (line.accept(TELEMETRY)) {
                return parseTelemetry(at);
            }
            if (line.accept(SYSTEM)) {
                LogLine.@Nullable RiderData rider = riderData.read(in, line.position(), end);
                return rider == null
                        ? new Unusable(
                                Reason.BAD_RIDER_DATA,
                                "the rider data is not a JSON object: " + quote(in, line.position(), end))
                        : new LogLine.LogOn(at, rider);
            }
            if (line.accept(USER_DATA)) {
                return new LogLine.GettingUserData(at);
            }
        }
        return new Unusable(Reason.UNKNOWN_LINE, "unknown kind of line: " + quote(in, from, end));
    }

    private LogLine parseRide(long at) {
        if (!line.accept(DURATION) || !line.number() || Double.isNaN(line.lastNumber())) {
            return badNumber("duration", "duration = 12.0");
        }
        double duration = line.lastNumber();
        if (!line.accept(RESISTANCE) || !line.number() || !line.isAtEnd()) {
            return badNumber("resistance", "; resistance = 30");
        }
        return new LogLine.Ride(at, duration, line.lastNumberAsInt());
    }

    private LogLine parseTelemetry(long at) {
        if (!line.accept(HEART_RATE) || !line.number()) {
            return badNumber("hrt", "hrt = 92");
        }
        int heartRate = line.lastNumberAsInt();
        if (!line.accept(RPM) || !line.number()) {
            return badNumber("rpm", "; rpm = 60");
        }
        int cadence = line.lastNumberAsInt();
        if (!line.accept(POWER) || !line.number() || !line.isAtEnd()) {
            return badNumber("power", "; power = 93.1");
        }
        return new LogLine.Telemetry(at, heartRate, cadence, line.lastNumber());
    }

    private Unusable badNumber(String field, String example) {
        return new Unusable(
                Reason.BAD_NUMBER,
                "no number for %s at %s; expected for example '%s'".formatted(field, line.rest(), example));
    }

    /** The first 60 bytes in single quotes. */
    static String quote(byte[] in, int from, int to) {
        int length = Math.min(to - from, MAX_QUOTED_BYTES);
        return "'" + new String(in, from, length, UTF_8) + (length < to - from ? "…'" : "'");
    }

    static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
