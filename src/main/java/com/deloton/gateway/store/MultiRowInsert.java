package com.deloton.gateway.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An INSERT of many rows in few statements: rows are sent in groups of fixed sizes, so that each size is one prepared
 * statement of the connection.
 */
public final class MultiRowInsert {
    private static final int[] SIZES = {256, 32, 4, 1};

    private final int columns;
    private final List<String> statements;

    /**
     * @param insert the statement up to its VALUES
     * @param columns parameters of a row
     * @param onConflict what follows the rows; may be empty
     */
    public MultiRowInsert(String insert, int columns, String onConflict) {
        this.columns = columns;
        statements = IntStream.of(SIZES)
                .mapToObj(size -> insert + " VALUES " + rows(size, columns) + " " + onConflict)
                .toList();
    }

    private static String rows(int count, int columns) {
        StringBuilder sql = new StringBuilder(count * columns * 7);
        for (int parameter = 0; parameter < count * columns; parameter++) {
            boolean first = parameter % columns == 0;
            sql.append(parameter == 0 ? "(" : first ? "), (" : ", ").append('$').append(parameter + 1);
        }
        return sql.append(')').toString();
    }

    /** A statement that is not sent yet. */
    public interface Step {
        Future<?> send(SqlClient client);
    }

    /**
     * The statements that insert these rows, in their order.
     *
     * @param parameters of a row, computed when its statement is sent
     */
    public <T> List<Step> steps(List<T> rows, Function<T, Tuple> parameters) {
        List<Step> steps = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < SIZES.length; i++) {
            String sql = statements.get(i);
            for (; rows.size() - from >= SIZES[i]; from += SIZES[i]) {
                List<T> group = rows.subList(from, from + SIZES[i]);
                steps.add(client -> client.preparedQuery(sql).execute(parameters(group, parameters)));
            }
        }
        return steps;
    }

    private <T> Tuple parameters(List<T> rows, Function<T, Tuple> parameters) {
        @Nullable Object[] values = new @Nullable Object[rows.size() * columns];
        int next = 0;
        for (T row : rows) {
            Tuple tuple = parameters.apply(row);
            for (int column = 0; column < columns; column++) {
                values[next++] = tuple.getValue(column);
            }
        }
        return Tuple.wrap(values);
    }
}
