package com.deloton.gateway.api.query;

import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.store.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs the operations' SQL on the warehouse. */
public class Queries {
    private static final String AUDIT =
            "INSERT INTO audit (subject, action, target, detail, request_id) VALUES ($1, $2, $3, $4, $5)";

    private final Pool pool;

    public Queries(Pool pool) {
        this.pool = pool;
    }

    public Future<RowSet<Row>> rows(String sql, Tuple values) {
        return Database.execute(pool, sql, values);
    }

    /** The only row, or null if there is none. */
    public Future<@Nullable Row> row(String sql, Tuple values) {
        return rows(sql, values).map(Queries::first);
    }

    public static @Nullable Row first(RowSet<Row> rows) {
        return rows.size() == 0 ? null : rows.iterator().next();
    }

    public Pool pool() {
        return pool;
    }

    public Future<Void> audit(ApiRequest request, String action, String target, JsonObject detail) {
        return rows(AUDIT, Tuple.of(request.caller().subject(), action, target, detail, request.requestId()))
                .mapEmpty();
    }

    public static int limit(ApiRequest request) {
        return Math.toIntExact(request.number("limit"));
    }

    /**
     * {@code LIMIT …}, as a literal: PostgreSQL expects a tenth of all rows of a parameter, keeps no such plan and plans the
     * query at each execution.
     */
    public static String limitedTo(int rows) {
        return " LIMIT " + rows;
    }

    /**
     * The rows of a page.
     *
     * @param next cursor of the next page; null if there is none
     */
    record Page(List<Row> rows, @Nullable String next) {
        /** The first {@code limit} of {@code rows}; one more shows that there is a next page. */
        static Page of(RowSet<Row> rows, int limit, Function<Row, String> cursor) {
            List<Row> page = new ArrayList<>(limit);
            for (Row row : rows) {
                if (page.size() == limit) {
                    return new Page(page, cursor.apply(page.getLast()));
                }
                page.add(row);
            }
            return new Page(page, null);
        }
    }

    /** The first {@code limit} of the rows. The query must select one row more: it shows whether there is a next page. */
    public static JsonObject page(
            RowSet<Row> rows, int limit, Function<Row, JsonObject> item, Function<Row, String> cursor) {
        Page page = Page.of(rows, limit, cursor);
        return Json.page(page.rows().stream().map(item).toList(), page.next());
    }
}
