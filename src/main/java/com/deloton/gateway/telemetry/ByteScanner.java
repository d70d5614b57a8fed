package com.deloton.gateway.telemetry;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads words, numbers and timestamps of a line from left to right. Not thread-safe; reusable. */
final class ByteScanner {
    /** Returned by {@link #timestamp()} if there is no valid timestamp. */
    static final long NO_TIMESTAMP = Long.MIN_VALUE;

    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final long MAX_EXACT = 1L << 53;
    private static final int MAX_DIGITS = 18;
    private static final byte[][] ABSENT_WORDS = {
        LineParser.ascii("none"), LineParser.ascii("null"), LineParser.ascii("nan")
    };
    private static final byte[][] NAN = {LineParser.ascii("nan")};
    private static final byte[][] INFINITY_WORDS = {LineParser.ascii("infinity"), LineParser.ascii("inf")};
    private static final long MIN_TENTH = Long.MIN_VALUE / 10;

    private byte[] in = {};
    private int at;
    private int end;
    private double lastNumber;

    void reset(byte[] input, int from, int to) {
        in = input;
        at = from;
        end = to;
    }

    int position() {
        return at;
    }

    boolean isAtEnd() {
        return at == end;
    }

    boolean atDigit() {
        return at < end && isDigit(in[at]);
    }

    /** The unread bytes, quoted for a message. */
    String rest() {
        return LineParser.quote(in, at, end);
    }

    /** True if the input is {@code word}, given that {@code length} bytes are unread. */
    boolean startsWith(byte[] word, int length) {
        return length == word.length && startsWith(in, at, end, word);
    }

    boolean accept(byte[] word) {
        if (!startsWith(in, at, end, word)) {
            return false;
        }
        at += word.length;
        return true;
    }

    static boolean startsWith(byte[] in, int at, int end, byte[] word) {
        return end - at >= word.length && Arrays.equals(in, at, at + word.length, word, 0, word.length);
    }

    /** Moves behind the next occurrence of the two characters; false, without moving, if there is none. */
    boolean skipPast(String twoCharacters) {
        char first = twoCharacters.charAt(0);
        char second = twoCharacters.charAt(1);
        for (int i = at; i + 1 < end; i++) {
            if (in[i] == first && in[i + 1] == second) {
                at = i + 2;
                return true;
            }
        }
        return false;
    }

    /**
     * Consumes {@code YYYY-MM-DD HH:MM:SS[.f…]} in UTC and a space behind it.
     *
     * @return microseconds since 1970-01-01T00:00:00Z, further digits cut off, or {@link #NO_TIMESTAMP}
     */
    long timestamp() {
        if (end - at < 19
                || in[at + 4] != '-'
                || in[at + 7] != '-'
                || in[at + 10] != ' '
                || in[at + 13] != ':'
                || in[at + 16] != ':') {
            return NO_TIMESTAMP;
        }
        int year = twoDigits(at) * 100 + twoDigits(at + 2);
        int month = twoDigits(at + 5);
        int day = twoDigits(at + 8);
        int hour = twoDigits(at + 11);
        int minute = twoDigits(at + 14);
        int second = twoDigits(at + 17);
        if (year < 1
                || month < 1
                || month > 12
                || day < 1
                || day > daysOfMonth(year, month)
                || (hour | minute | second) < 0
                || hour > 23
                || minute > 59
                || second > 59) {
            return NO_TIMESTAMP;
        }
        at += 19;
        int micros = fraction();
        if (micros < 0 || at >= end || in[at] != ' ') {
            return NO_TIMESTAMP;
        }
        at++;
        return ((daysSinceEpoch(year, month, day) * 24 + hour) * 3600 + minute * 60L + second) * 1_000_000 + micros;
    }

    private int fraction() {
        if (at >= end || in[at] != '.') {
            return 0;
        }
        at++;
        int from = at;
        int micros = 0;
        for (int unit = 100_000; at < end && isDigit(in[at]); at++, unit /= 10) {
            micros += (in[at] - '0') * unit;
        }
        return at > from ? micros : -1;
    }

    /** The number at {@code i}, or so far below zero that no sum of two of them is positive. */
    private int twoDigits(int i) {
        return isDigit(in[i]) && isDigit(in[i + 1]) ? (in[i] - '0') * 10 + in[i + 1] - '0' : -10_000;
    }

    private static int daysOfMonth(int year, int month) {
        return switch (month) {
            case 4, 6, 9, 11 -> 30;
            case 2 -> (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
            default -> 31;
        };
    }

    /** Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil; for years from 1 on. */
    private static long daysSinceEpoch(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int era = y / 400;
        int yearOfEra = y - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468;
    }

    /**
     * Consumes a decimal number with optional sign, fraction and exponent. {@code None}, {@code null} and {@code nan}
     * give NaN, {@code inf} and {@code infinity} an infinite number, in upper or lower case; the last three may have a
     * sign.
     */
    boolean number() {
        if (at < end && (in[at] | 0x20) >= 'a') {
            return acceptAbsence(ABSENT_WORDS) || acceptInfinity(1);
        }
        int from = at;
        boolean negative = at < end && in[at] == '-';
        boolean signed = negative || (at < end && in[at] == '+');
        if (signed) {
            at++;
            if (at < end && (in[at] | 0x20) >= 'a') {
                return acceptAbsence(NAN) || acceptInfinity(negative ? -1 : 1);
            }
        }
        long mantissa = 0;
        int digits = 0;
        int scale = 0;
        boolean inFraction = false;
        boolean any = false;
        for (; at < end; at++) {
            byte b = in[at];
            if (isDigit(b)) {
                any = true;
                scale += inFraction ? 1 : 0;
                if (digits <= MAX_DIGITS) {
                    mantissa = mantissa * 10 + (b - '0');
                    digits += mantissa == 0 ? 0 : 1;
                }
            } else if (b == '.' && !inFraction) {
                inFraction = true;
            } else {
                break;
            }
        }
        if (!any) {
            at = from;
            return false;
        }
        boolean exponent = at < end && (in[at] | 0x20) == 'e';
        if (exponent && !skipExponent()) {
            at = from;
            return false;
        }
        boolean exact = !exponent && digits <= MAX_DIGITS && mantissa <= MAX_EXACT && scale < POWERS_OF_TEN.length;
        double magnitude = exact ? mantissa / POWERS_OF_TEN[scale] : slowMagnitude(signed ? from + 1 : from);
        lastNumber = negative ? -magnitude : magnitude;
        return true;
    }

    private boolean acceptAbsence(byte[][] words) {
        if (acceptAny(words)) {
            lastNumber = Double.NaN;
            return true;
        }
        return false;
    }

    private boolean acceptInfinity(int sign) {
        if (acceptAny(INFINITY_WORDS)) {
            lastNumber = sign * Double.POSITIVE_INFINITY;
            return true;
        }
        return false;
    }

    private boolean acceptAny(byte[][] lowerCaseWords) {
        for (byte[] word : lowerCaseWords) {
            int i = 0;
            while (i < word.length && at + i < end && (in[at + i] | 0x20) == word[i]) {
                i++;
            }
            if (i == word.length) {
                at += i;
                return true;
            }
        }
        return false;
    }

    /**
     * Consumes a whole number, exact to 64 bits; a fraction of zeros and, from 1 to 2^53, an exponent are accepted.
     *
     * @return null, the position unspecified, if the input is anything else
     */
    @Nullable
    Long wholeNumber() {
        int from = at;
        boolean negative = at < end && in[at] == '-';
        at += negative ? 1 : 0;
        long minus = 0;
        int firstDigit = at;
        for (; atDigit(); at++) {
            int digit = in[at] - '0';
            if (minus < MIN_TENTH || minus * 10 < Long.MIN_VALUE + digit) {
                return null;
            }
            minus = minus * 10 - digit;
        }
        if (at == firstDigit || (!negative && minus == Long.MIN_VALUE)) {
            return null;
        }
        if (at < end && in[at] == '.') {
            do {
                at++;
            } while (at < end && in[at] == '0');
        }
        if (at < end) {
            return wholeNumberWithExponent(from);
        }
        return negative ? minus : -minus;
    }

    private @Nullable Long wholeNumberWithExponent(int from) {
        at = from;
        boolean whole = number() && at == end && lastNumber == Math.rint(lastNumber);
        double magnitude = Math.abs(lastNumber);
        return whole && magnitude >= 1 && magnitude <= MAX_EXACT ? (Long) (long) lastNumber : null;
    }

    private boolean skipExponent() {
        at++;
        if (at < end && (in[at] == '+' || in[at] == '-')) {
            at++;
        }
        int from = at;
        while (at < end && isDigit(in[at])) {
            at++;
        }
        return at > from;
    }

    private double slowMagnitude(int from) {
        return Double.parseDouble(new String(in, from, at - from, US_ASCII));
    }

    /** The last number read; NaN for "no value"; may be infinite. */
    double lastNumber() {
        return lastNumber;
    }

    /** The last number rounded to the nearest int, or {@link LogLine#ABSENT} for "no value". */
    int lastNumberAsInt() {
        return Double.isNaN(lastNumber)
                ? LogLine.ABSENT
                : Math.clamp(Math.round(lastNumber), -Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
