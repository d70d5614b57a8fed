package com.deloton.gateway.report.figures;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ages in full years at the start of a ride; {@link #UNKNOWN} is the last. */
public enum AgeGroup {
    UNDER_18("under 18", 0),
    FROM_18("18–24", 18),
    FROM_25("25–34", 25),
    FROM_35("35–44", 35),
    FROM_45("45–54", 45),
    FROM_55("55–64", 55),
    FROM_65("65–74", 65),
    FROM_75("75+", 75),
    UNKNOWN("unknown", Integer.MAX_VALUE);

    private final String label;
    private final int fromYears;

    AgeGroup(String label, int fromYears) {
        this.label = label;
        this.fromYears = fromYears;
    }

    public String label() {
        return label;
    }

    /** The lowest ages of the known groups but the first, ascending. */
    static List<Integer> bounds() {
        return Arrays.stream(values())
                .filter(group -> group != UNDER_18 && group != UNKNOWN)
                .map(group -> group.fromYears)
                .toList();
    }

    /** The group of an age; null is unknown. */
    public static AgeGroup of(@Nullable Integer years) {
        if (years == null) {
            return UNKNOWN;
        }
        AgeGroup found = UNDER_18;
        for (AgeGroup group : values()) {
            found = group != UNKNOWN && years >= group.fromYears ? group : found;
        }
        return found;
    }
}
