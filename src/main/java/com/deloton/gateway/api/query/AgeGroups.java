package com.deloton.gateway.api.query;

import com.deloton.gateway.ride.AgeGroup;
import java.util.Arrays;
import java.util.List;

/** Age groups in queries. */
public final class AgeGroups {
    private AgeGroups() {}

    /** A CASE that makes the label of a column of full years, or NULL. */
    public static String sql(String column) {
        StringBuilder sql = new StringBuilder("CASE");
        for (AgeGroup group : AgeGroup.values()) {
            sql.append(" WHEN %s <= %d THEN '%s'".formatted(column, group.toYears(), group.label()));
        }
        return sql.append(" END").toString();
    }

    /** Adds that {@code column} is in one of the groups with these labels; nothing if there are none. */
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
