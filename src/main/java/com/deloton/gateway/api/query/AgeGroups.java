package com.deloton.gateway.api.query;

import com.deloton.gateway.ride.AgeGroup;
import java.util.Arrays;
import java.util.List;

/** SQL about age groups. */
public final class AgeGroups {
    private AgeGroups() {}

    /** A CASE expression that gives the label for a column of ages in full years, or NULL. */
    public static String sql(String column) {
        StringBuilder sql = new StringBuilder("CASE");
        for (AgeGroup group : AgeGroup.values()) {
            sql.append(" WHEN %s <= %d THEN '%s'".formatted(column, group.toYears(), group.label()));
        }
        return sql.append(" END").toString();
    }

    /** Adds the condition that {@code column} is in one of the groups with these labels; none if there are no labels. */
    public static void filter(Where where, String column, List<String> labels) {
        if (labels.isEmpty()) {
            return;
        }
        List<AgeGroup> groups = Arrays.stream(AgeGroup.values())
                .filter(group -> labels.contains(group.label()))
                .toList();
        String each = "%s BETWEEN ? AND ?".formatted(column);
        where.and(
                "(" + String.join(" OR ", groups.stream().map(g -> each).toList()) + ")",
                groups.stream()
                        .flatMap(g -> List.<Object>of(g.fromYears(), g.toYears()).stream())
                        .toArray());
    }
}
