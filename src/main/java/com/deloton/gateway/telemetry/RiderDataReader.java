package com.deloton.gateway.telemetry;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Parses the payload of a {@code [SYSTEM]} line. Not thread-safe; reusable. */
final class RiderDataReader {
    /** The largest whole number that JSON clients distinguish from its neighbours. */
    private static final long MAX_USER_ID = 1L << 53;

    private static final int USER_ID = 0;
    private static final int NAME = 1;
    private static final int GENDER = 2;
    private static final int ADDRESS = 3;
    private static final int DATE_OF_BIRTH = 4;
    private static final int EMAIL_ADDRESS = 5;
    private static final int HEIGHT_CM = 6;
    private static final int WEIGHT_KG = 7;
    private static final int ACCOUNT_CREATE_DATE = 8;
    private static final int BIKE_SERIAL = 9;
    private static final int ORIGINAL_SOURCE = 10;

    private static final byte[][] KEYS = {
        LineParser.ascii("user_id"),
        LineParser.ascii("name"),
        LineParser.ascii("gender"),
        LineParser.ascii("address"),
        LineParser.ascii("date_of_birth"),
        LineParser.ascii("email_address"),
        LineParser.ascii("height_cm"),
        LineParser.ascii("weight_kg"),
        LineParser.ascii("account_create_date"),
        LineParser.ascii("bike_serial"),
        LineParser.ascii("original_source")
    };

    private boolean hasUserId;
    private final JsonCursor json = new JsonCursor();
    private final ByteScanner digits = new ByteScanner();
    private final @Nullable String[] texts = new @Nullable String[KEYS.length];
    private final @Nullable Long[] integers = new @Nullable Long[KEYS.length];

    /** The rider, or null if the bytes are not one JSON object. */
    LogLine.@Nullable RiderData read(byte[] in, int from, int to) {
        Arrays.fill(texts, null);
        Arrays.fill(integers, null);
        hasUserId = false;
        json.reset(in, from, to);
        if (!json.accept('{') || !(json.accept('}') || members()) || !json.atEnd()) {
            return null;
        }
        Long userId = integer(USER_ID);
        boolean userIdInvalid = hasUserId && (userId == null || userId > MAX_USER_ID || userId < -MAX_USER_ID);
        return new LogLine.RiderData(
                userIdInvalid ? null : userId,
                text(NAME),
                text(GENDER),
                text(ADDRESS),
                integer(DATE_OF_BIRTH),
                text(EMAIL_ADDRESS),
                smallInteger(HEIGHT_CM),
                smallInteger(WEIGHT_KG),
                integer(ACCOUNT_CREATE_DATE),
                text(BIKE_SERIAL),
                text(ORIGINAL_SOURCE),
                userIdInvalid);
    }

    private boolean members() {
        do {
            if (json.atEnd() || !json.string()) {
                return false;
            }
            int member = member();
            int kind = json.accept(':') ? json.value() : JsonCursor.INVALID;
            if (kind == JsonCursor.INVALID) {
                return false;
            }
            if (member >= 0) {
                keep(member, kind);
            }
        } while (json.accept(','));
        return json.accept('}');
    }

    private int member() {
        for (int member = 0; member < KEYS.length; member++) {
            if (json.textIs(KEYS[member])) {
                return member;
            }
        }
        return -1;
    }

    /** A whole number is also accepted as a string. */
    private void keep(int member, int kind) {
        texts[member] = null;
        integers[member] = null;
        if (member == USER_ID) {
            hasUserId = kind != JsonCursor.NULL;
        }
        if (kind == JsonCursor.STRING) {
            texts[member] = json.textAsString();
            digits.reset(json.text(), 0, json.textLength());
        } else if (kind == JsonCursor.NUMBER) {
            json.numberInto(digits);
        } else {
            return;
        }
        integers[member] = digits.wholeNumber();
    }

    private @Nullable String text(int member) {
        String value = texts[member];
        return value == null || value.isBlank() ? null : value.strip();
    }

    private @Nullable Long integer(int member) {
        return integers[member];
    }

    private @Nullable Integer smallInteger(int member) {
        Long value = integer(member);
        return value == null || value != value.intValue() ? null : (Integer) value.intValue();
    }
}
