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

        static Sort of(ApiRequest call) {
            String given = call.textOrNull("sort");
            for (Sort sort : values()) {
                if (sort.label.equals(given)) {
                    return sort;
                }
            }
            return NEWEST;
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

        /** Keys are taken from the table, not from the figures of the answer, which are those of live rides too. */
        String cursor(Row row) {
            Object key = byTime()
                    ? (Object) Timestamps.micros((OffsetDateTime) row.getValue("sort_key"))
                    : ((Number) row.getValue("sort_key")).doubleValue();
            return Cursor.of(label, key, row.getLong("ride_id"));
        }
    }

    /** The rides that the call's filters and {@code where} let through. */
    public Future<ApiResponse> answer(ApiRequest call, TimeRange span, Where where) {
        Query query = query(call, span, where);
        int limit = Queries.limit(call);
        boolean personal = PersonalData.personal(call);
        return queries.rows(query.sql(), query.where().tuple())
                .map(rows -> ApiResponse.json(
                        Queries.page(rows, limit, row -> RideRows.json(row, personal), Sort.of(call)::cursor)));
    }

    public static Query query(ApiRequest call, TimeRange span, Where where) {
        PersonalData.guard(call, "city", "minAge", "maxAge");
        Sort sort = Sort.of(call);
        filter(call, span.filter(where, "r.started_at"));
        state(call, sort, where);
        sort.after(where, Cursor.read(call, sort.label, Number.class, Long.class));
        String sql = "SELECT r." + sort.column + " AS sort_key, " + RideRows.COLUMNS + " FROM (SELECT * FROM ride r"
                + where.sql() + sort.order() + " LIMIT " + where.value(Queries.limit(call) + 1) + ") r"
                + RideRows.JOINS + sort.order();
        return new Query(sql, where);
    }

    private static void filter(ApiRequest call, Where where) {
        numbers(call, "ids", "r.ride_id", where);
        numbers(call, "riders", "r.rider_id", where);
        String bike = call.textOrNull("bike");
        if (bike != null) {
            where.and("r.bike_serial = ?", bike);
        }
        List<String> genders = call.list("gender");
        if (!genders.isEmpty()) {
            where.and("r.gender = ANY (?)", (Object) genders.toArray(String[]::new));
        }
        AgeGroups.filter(where, "r.age_years", call.list("ageGroup"));
        Long minAge = call.numberOrNull("minAge");
        if (minAge != null) {
            where.and("r.age_years >= ?", minAge.shortValue());
        }
        Long maxAge = call.numberOrNull("maxAge");
        if (maxAge != null) {
            where.and("r.age_years <= ?", maxAge.shortValue());
        }
        String city = call.textOrNull("city");
        if (city != null) {
            where.and(
                    "r.rider_id IN (SELECT c.rider_id FROM rider c WHERE lower(c.address_city) = ?)",
                    city.toLowerCase(Locale.ROOT));
        }
    }

    private static void numbers(ApiRequest call, String name, String column, Where where) {
        List<String> given = call.list(name);
        if (!given.isEmpty()) {
            where.and(column + " = ANY (?)", (Object)
                    given.stream().map(Long::valueOf).toArray(Long[]::new));
        }
    }

    private static void state(ApiRequest call, Sort sort, Where where) {
        boolean live = "live".equals(call.textOrNull("state"));
        if (live && !sort.byTime()) {
            throw ApiException.invalid(
                    "/query/sort", "must be by startedAt for live rides, which have no final figures");
        }
        if (live) {
            where.and("r.status = 'open'");
        } else if (!sort.byTime() || "ended".equals(call.textOrNull("state"))) {
            where.and("r.status <> 'open'");
        }
        if (sort == Sort.STRONGEST) {
            where.and("r.power_mean_w IS NOT NULL");
        }
    }
}
