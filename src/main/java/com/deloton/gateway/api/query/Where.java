package com.deloton.gateway.api.query;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conditions of a query, joined by AND, and the values of its parameters in order. The text of a condition comes from
 * the program, never from a caller; each {@code ?} in it stands for one value. Not thread-safe.
 */
public final class Where {
    private final List<String> conditions = new ArrayList<>();
    private final List<@Nullable Object> values = new ArrayList<>();

    /** The placeholder of one more value, for use outside the conditions. */
    public String value(@Nullable Object value) {
        values.add(value);
        return "$" + values.size();
    }

    public Where and(String condition, Object... parameters) {
        StringBuilder numbered = new StringBuilder(condition.length() + 8);
        int next = 0;
        for (int i = 0; i < condition.length(); i++) {
            char c = condition.charAt(i);
            if (c == '?') {
                numbered.append(value(parameters[next++]));
            } else {
                numbered.append(c);
            }
        }
        if (next != parameters.length) {
            throw new IllegalArgumentException("expected one value for each ? in: " + condition);
        }
        conditions.add(numbered.toString());
        return this;
    }

    /** {@code WHERE …}, or nothing. */
    public String sql() {
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    public Tuple tuple() {
        return Tuple.wrap(new ArrayList<>(values));
    }
}
