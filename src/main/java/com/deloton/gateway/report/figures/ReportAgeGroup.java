package com.deloton.gateway.report.figures;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The groups of {@link com.deloton.gateway.ride.AgeGroup} in the same order, and {@link #UNKNOWN} as the last. */
public enum ReportAgeGroup {
    UNDER_18("under 18"),
    FROM_18("18–24"),
    FROM_25("25–34"),
    FROM_35("35–44"),
    FROM_45("45–54"),
    FROM_55("55–64"),
    FROM_65("65–74"),
    FROM_75("75+"),
    UNKNOWN("unknown");

    private final String label;

    ReportAgeGroup(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** The lowest ages of the known groups but the first, ascending. */
    static List<Integer> bounds() {
        return Arrays.stream(com.deloton.gateway.ride.AgeGroup.values())
                .skip(1)
                .map(com.deloton.gateway.ride.AgeGroup::fromYears)
                .toList();
    }

    /** Null is {@link #UNKNOWN}. */
    public static ReportAgeGroup of(@Nullable Integer years) {
        com.deloton.gateway.ride.AgeGroup known = com.deloton.gateway.ride.AgeGroup.of(years);
        return known == null ? UNKNOWN : valueOf(known.name());
    }
}
