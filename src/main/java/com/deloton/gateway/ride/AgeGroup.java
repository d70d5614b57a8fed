package com.deloton.gateway.ride;

import org.jspecify.annotations.Nullable;

/** Age groups for readers who may not see a date of birth; in full years, ascending. */
public enum AgeGroup {
    UNDER_18("under-18", 0, 17),
    FROM_18("18-24", 18, 24),
    FROM_25("25-34", 25, 34),
    FROM_35("35-44", 35, 44),
    FROM_45("45-54", 45, 54),
    FROM_55("55-64", 55, 64),
    FROM_65("65-74", 65, 74),
    FROM_75("75-plus", 75, Short.MAX_VALUE);

    private final String label;
    private final int fromYears;
    private final int toYears;

    AgeGroup(String label, int fromYears, int toYears) {
        this.label = label;
        this.fromYears = fromYears;
        this.toYears = toYears;
    }

    /** The name in the API. */
    public String label() {
        return label;
    }

    public int fromYears() {
        return fromYears;
    }

    /** The highest age of the group. */
    public int toYears() {
        return toYears;
    }

    /** The group of an age; null for null. */
    public static @Nullable AgeGroup of(@Nullable Integer years) {
        if (years == null) {
            return null;
        }
        AgeGroup found = UNDER_18;
        for (AgeGroup group : values()) {
            found = years >= group.fromYears ? group : found;
        }
        return found;
    }
}
