package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.query.AgeGroups;
import com.deloton.gateway.api.query.Cursor;
import com.deloton.gateway.api.query.PersonalData;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.TimeRange;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rides by filter, in the order of an index, a page at a time. */
public final class RideList {
    private final Queries queries;

    public RideList(Queries queries) {
        this.queries = queries;
    }

    /** A query and its values. */
    public record Query(String sql, Where where) {}

    /** An order of rides, each backed by an index. */
    private enum Sort {
        NEWEST("-startedAt", "started_at", true),
        OLDEST("startedAt", "started_at", false),
        LONGEST("-durationS", "duration_s", true),
        HARDEST("-energyKj", "energy_kj", true),
        STRONGEST("-powerMeanW", "power_mean_w", true);

        private final String label;
        private final String column;
        private final boolean descending;

        Sort(String label, String column, boolean descending) {
            this.label = label;
            this.column = column;
            this.descending = descending;
        }

        static Sort of(ApiRequest request) {
            String label = request.text("sort");
            return Arrays.stream(values())
                    .filter(sort -> sort.label.equals(label))
                    .findAny()
                    .orElseThrow();
        }

        boolean byTime() {
            return column.equals("started_at");
        }

        String order() {
            String direction = descending ? "DESC" : "ASC";
            return " ORDER BY r.%s %s, r.ride_id %s".formatted(column, direction, direction);
        }

        void after(Where where, @Nullable Cursor cursor) {
            if (cursor != null) {
                Object key = byTime() ? Timestamps.of(cursor.number(0)) : cursor.decimal(0);
                where.and(
                        "(r.%s, r.ride_id) %s (?, ?)".formatted(column, descending ? "<" : ">"), key, cursor.number(1));
            }
        }

        /** The key is that of the table: the figures in the response differ for live rides. */
        String cursor(Row row) {
            Object key = byTime()
                    ? (Object) Timestamps.micros((OffsetDateTime) row.getValue("sort_key"))
                    : ((Number) row.getValue("sort_key")).doubleValue();
            return Cursor.of(label, key, row.getLong("ride_id"));
        }
    }

    /** The rides that match the request's filters and {@code where}. */
    public Future<ApiResponse> answer(ApiRequest request, TimeRange range, Where where) {
        Query query = query(request, range, where);
        int limit = Queries.limit(request);
        boolean personal = PersonalData.isVisibleTo(request);
        return queries.rows(query.sql(), query.where().tuple())
                .map(rows -> ApiResponse.page(
                        Queries.page(rows, limit, row -> RideRows.json(row, personal), Sort.of(request)::cursor)));
    }

    public static Query query(ApiRequest request, TimeRange range, Where where) {
        PersonalData.requireScopeForFilters(request, "city", "minAge", "maxAge");
        Sort sort = Sort.of(request);
        filter(request, range.filter(where, "r.started_at"));
        state(request, sort, where);
        sort.after(where, Cursor.read(request, sort.label, Number.class, Long.class));
        String sql = "SELECT r." + sort.column + " AS sort_key, " + RideRows.COLUMNS + " FROM (SELECT * FROM ride r"
                + where.sql() + sort.order() + " LIMIT " + where.value(Queries.limit(request) + 1) + ") r"
                + RideRows.JOINS + sort.order();
        return new Query(sql, where);
    }

    private static void filter(ApiRequest request, Where where) {
        numbers(request, "ids", "r.ride_id", where);
        numbers(request, "riders", "r.rider_id", where);
        String bike = request.textOrNull("bike");
        if (bike != null) {
            where.and("r.bike_serial = ?", bike);
        }
        List<String> genders = request.list("gender");
        if (!genders.isEmpty()) {
            where.and("r.gender = ANY (?)", (Object) genders.toArray(String[]::new));
        }
        AgeGroups.filter(where, "r.age_years", request.list("ageGroup"));
        Long minAge = request.numberOrNull("minAge");
        if (minAge != null) {
            where.and("r.age_years >= ?", minAge.shortValue());
        }
        Long maxAge = request.numberOrNull("maxAge");
        if (maxAge != null) {
            where.and("r.age_years <= ?", maxAge.shortValue());
        }
        String city = request.textOrNull("city");
        if (city != null) {
            where.and(
                    "r.rider_id IN (SELECT c.rider_id FROM rider c WHERE lower(c.address_city) = ?)",
                    city.toLowerCase(Locale.ROOT));
        }
    }

    private static void numbers(ApiRequest request, String name, String column, Where where) {
        List<String> given = request.list(name);
        if (!given.isEmpty()) {
            where.and(column + " = ANY (?)", (Object)
                    given.stream().map(Long::valueOf).toArray(Long[]::new));
        }
    }

    private static void state(ApiRequest request, Sort sort, Where where) {
        boolean live = "live".equals(request.textOrNull("state"));
        if (live && !sort.byTime()) {
            throw ApiException.invalid(
                    "/query/sort",
                    "cannot be used with state=live: live rides have no final figures; expected startedAt or -startedAt");
        }
        if (live) {
            where.and("r.status = 'open'");
        } else if (!sort.byTime() || "ended".equals(request.textOrNull("state"))) {
            where.and("r.status <> 'open'");
        }
        if (sort == Sort.STRONGEST) {
            where.and("r.power_mean_w IS NOT NULL");
        }
    }
}
