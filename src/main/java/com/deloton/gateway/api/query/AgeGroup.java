package com.deloton.gateway.api.query;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How ages are told to callers who may not know them exactly. */
public enum AgeGroup {
    UNDER_18("under-18", 0, 17),
    FROM_18("18-24", 18, 24),
    FROM_25("25-34", 25, 34),
    FROM_35("35-44", 35, 44),
    FROM_45("45-54", 45, 54),
    FROM_55("55-64", 55, 64),
    FROM_65("65-74", 65, 74),
    FROM_75("75-plus", 75, 32_767);

    private final String label;
    private final int from;
    private final int to;

    AgeGroup(String label, int from, int to) {
        this.label = label;
        this.from = from;
        this.to = to;
    }

    /** As the contract has it. */
    public String label() {
        return label;
    }

    /** The group of an age in full years; null if that is. */
    public static @Nullable AgeGroup of(@Nullable Integer years) {
        return years == null
                ? null
                : Arrays.stream(values())
                        .filter(group -> years >= group.from && years <= group.to)
                        .findFirst()
                        .orElse(null);
    }

    /** A CASE that makes the label of a column of full years, or NULL. */
    public static String sql(String column) {
        StringBuilder sql = new StringBuilder("CASE");
        for (AgeGroup group : values()) {
            sql.append(" WHEN %s <= %d THEN '%s'".formatted(column, group.to, group.label));
        }
        return sql.append(" END").toString();
    }

    /** Adds that {@code column} is in one of the groups with these labels; nothing if there are none. */
    public static void filter(Where where, String column, List<String> labels) {
        if (labels.isEmpty()) {
            return;
        }
        List<AgeGroup> groups =
                Arrays.stream(values()).filter(g -> labels.contains(g.label)).toList();
        String each = "%s BETWEEN ? AND ?".formatted(column);
        where.and(
                "(" + String.join(" OR ", groups.stream().map(g -> each).toList()) + ")",
                groups.stream()
                        .flatMap(g -> List.<Object>of(g.from, g.to).stream())
                        .toArray());
    }
}
