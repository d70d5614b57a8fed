package com.deloton.gateway.ride;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The longest texts that are kept, in UTF-16 units. A unit has at most 3 bytes in UTF-8, so that every text fits into an
 * index row of PostgreSQL (2,704 bytes).
 */
enum TextLimit {
    NAME(200),
    EMAIL_ADDRESS(254),
    ADDRESS_PART(200),
    POSTCODE(32),
    ORIGINAL_SOURCE(100),
    BIKE_SERIAL(64);

    private final int maxLength;

    TextLimit(int maxLength) {
        this.maxLength = maxLength;
    }

    /** The text; null, counted as {@link Cleaning#TEXT_TOO_LONG}, if it is longer than the limit. */
    @Nullable
    String apply(@Nullable String text, Consumer<Cleaning> cleanings) {
        if (text == null || text.length() <= maxLength) {
            return text;
        }
        cleanings.accept(Cleaning.TEXT_TOO_LONG);
        return null;
    }
}
