package com.deloton.gateway.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Walks over JSON text (RFC 8259) in a byte array without building a tree and without exceptions. The input must be
 * well-formed UTF-8. After {@link #INVALID} the position is unspecified. Not thread-safe; reusable.
 */
final class JsonCursor {
    static final int INVALID = 0;
    static final int NULL = 1;
    static final int BOOLEAN = 2;
    static final int NUMBER = 3;
    static final int STRING = 4;
    static final int OBJECT = 5;
    static final int ARRAY = 6;

    private static final int MAX_DEPTH = 32;

    private byte[] in = {};
    private int at;
    private int end;

    private byte[] text = new byte[1024];
    private int textLength;
    private int tokenFrom;

    void reset(byte[] input, int from, int to) {
        in = input;
        at = from;
        end = to;
    }

    /** Consumes {@code c} behind optional white space; false, and only the white space consumed, if it is not there. */
    boolean accept(char c) {
        skipWhiteSpace();
        if (at < end && in[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    /** True if nothing but white space is left. */
    boolean atEnd() {
        skipWhiteSpace();
        return at == end;
    }

    /** Consumes the next value of any kind and returns its kind. */
    int value() {
        return value(0);
    }

    /** The decoded UTF-8 of the last string read; valid up to {@link #textLength()} and until the next read. */
    byte[] text() {
        return text;
    }

    int textLength() {
        return textLength;
    }

    String textAsString() {
        return new String(text, 0, textLength, UTF_8);
    }

    boolean textIs(byte[] word) {
        return Arrays.equals(text, 0, textLength, word, 0, word.length);
    }

    byte[] textCopy() {
        return Arrays.copyOf(text, textLength);
    }

    /** Lets {@code scanner} read the number that was read last, as it was written. */
    void numberInto(ByteScanner scanner) {
        scanner.reset(in, tokenFrom, at);
    }

    private int value(int depth) {
        skipWhiteSpace();
        if (at >= end || depth > MAX_DEPTH) {
            return INVALID;
        }
        return switch (in[at]) {
            case '"' -> string() ? STRING : INVALID;
            case '{' -> members(depth);
            case '[' -> elements(depth);
            case 't' -> literal("true") ? BOOLEAN : INVALID;
            case 'f' -> literal("false") ? BOOLEAN : INVALID;
            case 'n' -> literal("null") ? NULL : INVALID;
            default -> number() ? NUMBER : INVALID;
        };
    }

    private int members(int depth) {
        at++;
        if (accept('}')) {
            return OBJECT;
        }
        do {
            skipWhiteSpace();
            if (!string() || !accept(':') || value(depth + 1) == INVALID) {
                return INVALID;
            }
        } while (accept(','));
        return accept('}') ? OBJECT : INVALID;
    }

    private int elements(int depth) {
        at++;
        if (accept(']')) {
            return ARRAY;
        }
        do {
            if (value(depth + 1) == INVALID) {
                return INVALID;
            }
        } while (accept(','));
        return accept(']') ? ARRAY : INVALID;
    }

    private boolean literal(String word) {
        int length = word.length();
        if (end - at < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (in[at + i] != word.charAt(i)) {
                return false;
            }
        }
        at += length;
        return true;
    }

    private boolean number() {
        tokenFrom = at;
        if (at < end && in[at] == '-') {
            at++;
        }
        int whole = at;
        if (!digits() || (in[whole] == '0' && at - whole > 1)) {
            return false;
        }
        if (at < end && in[at] == '.') {
            at++;
            if (!digits()) {
                return false;
            }
        }
        if (at < end && (in[at] | 0x20) == 'e') {
            at++;
            if (at < end && (in[at] == '+' || in[at] == '-')) {
                at++;
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int from = at;
        while (at < end && in[at] >= '0' && in[at] <= '9') {
            at++;
        }
        return at > from;
    }

    /** Consumes a string that begins here and decodes it. NUL and lone surrogates become U+FFFD. */
    boolean string() {
        if (at >= end || in[at] != '"') {
            return false;
        }
        at++;
        ensureTextCapacity(end - at);
        textLength = 0;
        while (at < end) {
            byte b = in[at++];
            if (b == '"') {
                return true;
            }
            if (b == '\\') {
                if (!escape()) {
                    return false;
                }
            } else if (b >= 0 && b < 0x20) {
                return false;
            } else {
                text[textLength++] = b;
            }
        }
        return false;
    }

    private boolean escape() {
        if (at >= end) {
            return false;
        }
        int plain = switch (in[at++]) {
            case '"' -> '"';
            case '\\' -> '\\';
            case '/' -> '/';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> -1;
            default -> -2;
        };
        if (plain >= 0) {
            text[textLength++] = (byte) plain;
            return true;
        }
        return plain == -1 && unicodeEscape();
    }

    private boolean unicodeEscape() {
        int unit = hex4();
        if (unit < 0) {
            return false;
        }
        int codePoint = unit;
        if (Character.isHighSurrogate((char) unit)) {
            codePoint = 0xFFFD;
            if (end - at >= 6 && in[at] == '\\' && in[at + 1] == 'u') {
                int mark = at;
                at += 2;
                int low = hex4();
                if (low >= 0 && Character.isLowSurrogate((char) low)) {
                    codePoint = Character.toCodePoint((char) unit, (char) low);
                } else {
                    at = mark;
                }
            }
        } else if (unit == 0 || Character.isLowSurrogate((char) unit)) {
            codePoint = 0xFFFD;
        }
        encode(codePoint);
        return true;
    }

    private int hex4() {
        if (end - at < 4) {
            return -1;
        }
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(in[at++], 16);
            if (digit < 0) {
                return -1;
            }
            unit = (unit << 4) | digit;
        }
        return unit;
    }

    /** No escape decodes to more bytes than it was written with, so the capacity ensured for the string suffices. */
    private void encode(int codePoint) {
        if (codePoint < 0x80) {
            text[textLength++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            text[textLength++] = (byte) (0xC0 | (codePoint >> 6));
            trailing(codePoint);
        } else if (codePoint < 0x10000) {
            text[textLength++] = (byte) (0xE0 | (codePoint >> 12));
            trailing(codePoint >> 6);
            trailing(codePoint);
        } else {
            text[textLength++] = (byte) (0xF0 | (codePoint >> 18));
            trailing(codePoint >> 12);
            trailing(codePoint >> 6);
            trailing(codePoint);
        }
    }

    private void trailing(int bits) {
        text[textLength++] = (byte) (0x80 | (bits & 0x3F));
    }

    private void ensureTextCapacity(int capacity) {
        if (text.length < capacity) {
            text = new byte[Math.max(capacity, text.length * 2)];
        }
    }

    private void skipWhiteSpace() {
        while (at < end) {
            byte b = in[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return;
            }
            at++;
        }
    }
}
