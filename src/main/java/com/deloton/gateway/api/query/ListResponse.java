package com.deloton.gateway.api.query;

import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A page of a list as JSON, or as CSV (RFC 4180) if the request prefers it. */
public final class ListResponse {
    private static final String END = "\r\n";
    /** A spreadsheet reads a cell that starts with one of these as a formula. */
    private static final String STARTS_FORMULA = "=+-@\t\r\n＝＋－＠|%";

    private ListResponse() {}

    /**
     * A column of the CSV.
     *
     * @param name in snake case, with the unit
     * @param path of the member in an item of the JSON
     */
    public record Column(String name, List<String> path) {
        private static final String RIDER = "rider.";

        /** The column of a member such as {@code powerMeanW} or {@code address.city}; members of a ride's rider omit {@code rider}. */
        public static Column of(String member) {
            String name = member.startsWith(RIDER) ? member.substring(RIDER.length()) : member;
            return new Column(Json.column(name).replace('.', '_'), List.of(member.split("\\.", -1)));
        }
    }

    /**
     * The page in the media type that the request prefers.
     *
     * @param page as from {@link Queries#page}
     * @param name of the list, for the suggested file name
     */
    public static ApiResponse of(ApiRequest request, JsonObject page, String name, List<Column> columns) {
        if (!request.accept().equals("text/csv")) {
            return ApiResponse.page(page);
        }
        Buffer csv = Buffer.buffer(csv(page.getJsonArray("items"), columns).getBytes(StandardCharsets.UTF_8));
        return ApiResponse.csvPage(csv, page.getString("next"))
                .withHeader("Content-Disposition", "attachment; filename=\"%s.csv\"".formatted(name));
    }

    /**
     * As {@link #of(ApiRequest, JsonObject, String, List)}, with the page's JSON written row by row.
     *
     * @param rows at most one more than {@code limit}, which shows that there is a next page
     * @param item writes the members of a row
     * @param cursor of the page after a row
     */
    public static ApiResponse of(
            ApiRequest request,
            RowSet<Row> rows,
            BiConsumer<Members, Row> item,
            Function<Row, String> cursor,
            String name,
            List<Column> columns) {
        int limit = Queries.limit(request);
        if (request.accept().equals("text/csv")) {
            return of(request, Queries.page(rows, limit, row -> object(item, row), cursor), name, columns);
        }
        Queries.Page page = Queries.Page.of(rows, limit, cursor);
        JsonText text = new JsonText().putObjects("items", page.rows(), item).put("next", page.next());
        return ApiResponse.page(text.end(), page.next());
    }

    /** Status 200 with one object. */
    public static ApiResponse one(Consumer<Members> members) {
        JsonText text = new JsonText();
        members.accept(text);
        return ApiResponse.of(200, ApiResponse.JSON, text.end());
    }

    private static JsonObject object(BiConsumer<Members, Row> item, Row row) {
        Json object = new Json();
        item.accept(object, row);
        return object.object();
    }

    static String csv(JsonArray items, List<Column> columns) {
        StringBuilder csv = new StringBuilder();
        csv.append(columns.stream().map(Column::name).collect(Collectors.joining(",")))
                .append(END);
        for (Object item : items) {
            csv.append(columns.stream()
                            .map(column -> cell(column, value((JsonObject) item, column.path())))
                            .collect(Collectors.joining(",")))
                    .append(END);
        }
        return csv.toString();
    }

    private static @Nullable Object value(JsonObject item, List<String> path) {
        Object value = item;
        for (String member : path) {
            value = value instanceof JsonObject object ? object.getValue(member) : null;
        }
        return value;
    }

    private static String cell(Column column, @Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof String text) {
            return column.name().endsWith("_at") ? Json.millis(Instant.parse(text)) : text(text);
        }
        return value instanceof Double number && number == Math.rint(number)
                ? String.valueOf(number.longValue())
                : value.toString();
    }

    private static String text(String text) {
        String safe = !text.isEmpty() && STARTS_FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? '"' + safe.replace("\"", "\"\"") + '"'
                : safe;
    }
}
