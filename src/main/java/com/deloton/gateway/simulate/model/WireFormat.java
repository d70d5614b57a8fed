package com.deloton.gateway.simulate.model;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.SequencedMap;

/** The lines of the bike stream, byte for byte as the bikes' Python software writes them. Instants are epoch micros. */
public final class WireFormat {
    public static final String BEGINNING_OF_MAIN = "--------- beginning of main\n";
    public static final String BEGINNING_OF_RIDE = "--------- beginning of a new ride\n";

    private static final String BIKE = " mendoza v9: ";
    private static final long MICROS = 1_000_000;

    /** Most lines of a fleet are of the same second as the line before. */
    private static volatile Second latest = new Second(0, dateTime(0));

    private record Second(long epochSecond, String text) {}

    private WireFormat() {}

    public static String gettingUserData(long atMicros) {
        return timestamp(atMicros) + BIKE + "Getting user data from server..\n";
    }

    /** The rider's log-on with the text after {@code data = }. */
    public static String system(long atMicros, String payload) {
        return timestamp(atMicros) + BIKE + "[SYSTEM] data = " + payload + "\n";
    }

    public static String ride(long atMicros, int elapsedS, int resistance) {
        return timestamp(atMicros) + BIKE + "[INFO]: Ride - duration = " + pythonFloat(elapsedS) + "; resistance = "
                + resistance + "\n";
    }

    public static String telemetry(long atMicros, int heartRateBpm, int cadenceRpm, double powerW) {
        return timestamp(atMicros) + BIKE + "[INFO]: Telemetry - hrt = " + heartRateBpm + "; rpm = " + cadenceRpm
                + "; power = " + pythonFloat(powerW) + "\n";
    }

    /** The record value of a line: {@code json.dumps({"log": line})}. */
    public static byte[] record(String line) {
        StringBuilder json = new StringBuilder(line.length() + 32).append("{\"log\": ");
        return appendJson(json, line).append('}').toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** {@code str(datetime)} in UTC: six digits of fraction, or no fraction at all when it is 0. */
    public static String timestamp(long atMicros) {
        int fraction = (int) Math.floorMod(atMicros, MICROS);
        long epochSecond = Math.floorDiv(atMicros, MICROS);
        Second second = latest;
        if (second.epochSecond != epochSecond) {
            second = new Second(epochSecond, dateTime(epochSecond));
            latest = second;
        }
        return fraction == 0
                ? second.text
                : digits(new StringBuilder(26).append(second.text).append('.'), fraction, 6)
                        .toString();
    }

    private static String dateTime(long epochSecond) {
        LocalDateTime at = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(19);
        digits(text, at.getYear(), 4).append('-');
        digits(text, at.getMonthValue(), 2).append('-');
        digits(text, at.getDayOfMonth(), 2).append(' ');
        digits(text, at.getHour(), 2).append(':');
        digits(text, at.getMinute(), 2).append(':');
        return digits(text, at.getSecond(), 2).toString();
    }

    /** {@code repr(value)} of a finite number: as Java's, but plain digits from 1e-4 up to 1e16. */
    public static String pythonFloat(double value) {
        String java = Double.toString(value);
        int e = java.indexOf('E');
        if (e < 0) {
            return java;
        }
        int exponent = Integer.parseInt(java.substring(e + 1));
        if (exponent >= -4 && exponent < 16) {
            String plain = new BigDecimal(java).stripTrailingZeros().toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String mantissa = java.substring(0, e);
        if (mantissa.endsWith(".0")) {
            mantissa = mantissa.substring(0, mantissa.length() - 2);
        }
        int size = Math.abs(exponent);
        return mantissa + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
    }

    /** A JSON object without spaces, its members given as name and JSON text. Non-ASCII characters are not escaped. */
    public static String compactObject(SequencedMap<String, String> members) {
        StringBuilder json = new StringBuilder(320);
        for (Map.Entry<String, String> member : members.entrySet()) {
            json.append(json.isEmpty() ? "{\"" : ",\"").append(member.getKey()).append("\":");
            json.append(member.getValue());
        }
        return json.append('}').toString();
    }

    /** The same object as {@code str(dict)} prints it: single quotes, spaces, {@code None}. */
    public static String pythonDict(SequencedMap<String, String> members) {
        StringBuilder text = new StringBuilder(320);
        for (Map.Entry<String, String> member : members.entrySet()) {
            String value = member.getValue();
            boolean single = value.startsWith("\"") && value.indexOf('\'') < 0;
            text.append(text.isEmpty() ? "{'" : ", '").append(member.getKey()).append("': ");
            text.append(value.equals("null") ? "None" : single ? value.replace('"', '\'') : value);
        }
        return text.append('}').toString();
    }

    private static StringBuilder appendJson(StringBuilder json, String text) {
        json.append('"');
        int plain = 0;
        while (plain < text.length() && isPlain(text.charAt(plain))) {
            plain++;
        }
        json.append(text, 0, plain);
        for (int i = plain; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                default -> {
                    if (c >= ' ' && c <= '~') {
                        json.append(c);
                    } else {
                        json.append("\\u").append(String.format("%04x", (int) c));
                    }
                }
            }
        }
        return json.append('"');
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c <= '~' && c != '"' && c != '\\';
    }

    private static StringBuilder digits(StringBuilder text, int number, int width) {
        String digits = Integer.toString(number);
        return text.repeat('0', width - digits.length()).append(digits);
    }
}
