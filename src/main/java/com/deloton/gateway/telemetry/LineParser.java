package com.deloton.gateway.telemetry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.telemetry.LogLine.Reason;
import com.deloton.gateway.telemetry.LogLine.Unusable;
import org.jspecify.annotations.Nullable;

/**
 * Reads one record value, the JSON wrapper and the line in it, in a single pass over its bytes.
 *
 * <p>Bad input is an answer ({@link Unusable}), never an exception. A value that Python's {@code json.dumps} wrote with
 * nothing to unescape but the final newline is read in place; any other is unescaped first. Keeps buffers between
 * calls: one parser per thread.
 */
public final class LineParser {
    /** Values above this size are not read: the longest real line has about 500 bytes. */
    public static final int MAX_VALUE_BYTES = 64 * 1024;

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
            return new Unusable(Reason.EMPTY, "no value");
        }
        if (value.length > MAX_VALUE_BYTES) {
            return new Unusable(
                    Reason.TOO_LARGE, "%d bytes, at most %d expected".formatted(value.length, MAX_VALUE_BYTES));
        }
        int end = endOfPlainText(value);
        return end >= 0 ? parseLine(value, WRAPPER.length, end) : parseEscaped(value);
    }

    /** Where the text of a plain {@code {"log": "…\n"}} ends, or -1 if the value is not as plain as that. */
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
            return new Unusable(Reason.INVALID_UTF8, "not UTF-8");
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
                ? new Unusable(Reason.NO_LOG, "no member \"log\" with a string")
                : parseLine(log, 0, log.length);
    }

    private static Unusable notJson(byte[] value) {
        return new Unusable(Reason.NOT_JSON, "not a JSON object: " + quote(value, 0, value.length));
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
            return new Unusable(Reason.UNKNOWN_LINE, "unknown line: " + quote(in, from, end));
        }
        long at = line.timestamp();
        if (at == ByteScanner.NO_TIMESTAMP) {
            return new Unusable(
                    Reason.BAD_TIMESTAMP, "no timestamp YYYY-MM-DD HH:MM:SS.ffffff: " + quote(in, from, end));
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
                        ? new Unusable(Reason.BAD_RIDER_DATA, "rider data is not a JSON object")
                        : new LogLine.LogOn(at, rider);
            }
            if (line.accept(USER_DATA)) {
                return new LogLine.GettingUserData(at);
            }
        }
        return new Unusable(Reason.UNKNOWN_LINE, "unknown line: " + quote(in, from, end));
    }

    private LogLine parseRide(long at) {
        if (!line.accept(DURATION) || !line.number() || Double.isNaN(line.lastNumber())) {
            return badNumber("duration");
        }
        double duration = line.lastNumber();
        if (!line.accept(RESISTANCE) || !line.number() || !line.isAtEnd()) {
            return badNumber("resistance");
        }
        return new LogLine.Ride(at, duration, line.lastNumberAsInt());
    }

    private LogLine parseTelemetry(long at) {
        if (!line.accept(HEART_RATE) || !line.number()) {
            return badNumber("hrt");
        }
        int heartRate = line.lastNumberAsInt();
        if (!line.accept(RPM) || !line.number()) {
            return badNumber("rpm");
        }
        int cadence = line.lastNumberAsInt();
        if (!line.accept(POWER) || !line.number() || !line.isAtEnd()) {
            return badNumber("power");
        }
        return new LogLine.Telemetry(at, heartRate, cadence, line.lastNumber());
    }

    private Unusable badNumber(String field) {
        return new Unusable(Reason.BAD_NUMBER, "expected \"%s = <number>\" at: %s".formatted(field, line.rest()));
    }

    static String quote(byte[] in, int from, int to) {
        int length = Math.min(to - from, 60);
        String text = new String(in, from, length, UTF_8);
        return length < to - from ? text + "…" : text;
    }

    static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
