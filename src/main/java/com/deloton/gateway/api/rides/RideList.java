package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.query.AgeGroups;
import com.deloton.gateway.api.query.Cursor;
import com.deloton.gateway.api.query.ListResponse;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rides by filter, in the order of an index, a page at a time. */
public final class RideList {
    private final Queries queries;
    private final LiveFigures liveFigures;

    public RideList(Queries queries) {
        this.queries = queries;
        liveFigures = new LiveFigures(queries);
    }

    /** A query and its values. */
    public record Query(String sql, Where where) {}

    /** An order of rides, backed by an index that is read forwards or backwards. */
    private record Sort(String label, Key key, boolean descending) {

        private enum Key {
            STARTED_AT("startedAt", "started_at"),
            DURATION("durationS", "duration_s"),
            ENERGY("energyKj", "energy_kj"),
            POWER("powerMeanW", "power_mean_w");

            private final String member;
            private final String column;

            Key(String member, String column) {
                this.member = member;
                this.column = column;
            }
        }

        static Sort of(ApiRequest request) {
            String label = request.text("sort");
            boolean descending = label.startsWith("-");
            String member = descending ? label.substring(1) : label;
            Key key = Arrays.stream(Key.values())
                    .filter(candidate -> candidate.member.equals(member))
                    .findAny()
                    .orElseThrow();
            return new Sort(label, key, descending);
        }

        boolean byTime() {
            return key == Key.STARTED_AT;
        }

        String order() {
            String direction = descending ? "DESC" : "ASC";
            return " ORDER BY r.%s %s, r.ride_id %s".formatted(key.column, direction, direction);
        }

        void after(Where where, @Nullable Cursor cursor) {
            if (cursor != null) {
                Object from = byTime() ? Timestamps.of(cursor.number(0)) : cursor.decimal(0);
                where.and(
                        "(r.%s, r.ride_id) %s (?, ?)".formatted(key.column, descending ? "<" : ">"),
                        from,
                        cursor.number(1));
            }
        }

        /** The key is that of the table: the figures in the response differ for live rides. */
        String cursor(Row row) {
            Object last = byTime()
                    ? (Object) Timestamps.micros((OffsetDateTime) row.getValue("sort_key"))
                    : ((Number) row.getValue("sort_key")).doubleValue();
            return Cursor.of(label, last, row.getLong("ride_id"));
        }
    }

    /** The rides that match the request's filters and {@code where}. */
    public Future<ApiResponse> answer(ApiRequest request, TimeRange range, Where where) {
        Query query = query(request, range, where);
        boolean personal = PersonalData.isVisibleTo(request);
        return queries.rows(query.sql(), query.where().tuple())
                .compose(rows -> liveFigures
                        .of(rows)
                        .map(live -> ListResponse.of(
                                request,
                                rows,
                                (ride, row) -> RideRows.write(ride, live.getOrDefault(RideRows.id(row), row), personal),
                                Sort.of(request)::cursor,
                                "rides",
                                RideRows.csvColumns(personal))));
    }

    public static Query query(ApiRequest request, TimeRange range, Where where) {
        PersonalData.requireScopeForFilters(request, "city", "minAge", "maxAge");
        Sort sort = Sort.of(request);
        filter(request, range.filter(where, "r.started_at"));
        status(request, sort, where);
        sort.after(where, Cursor.read(request, sort.label, Number.class, Long.class));
        String sql = "SELECT " + RideRows.COLUMNS + ", r." + sort.key.column + " AS sort_key FROM (SELECT * FROM ride r"
                + where.sql() + sort.order() + Queries.limitedTo(Queries.limit(request) + 1) + ") r"
                + RideRows.RIDER + sort.order();
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

    private static void status(ApiRequest request, Sort sort, Where where) {
        Set<String> statuses = RideStatus.stored(request);
        boolean onlyLive = statuses.equals(Set.of(RideStatus.STORED_LIVE));
        boolean onlyEnded = !statuses.isEmpty() && !statuses.contains(RideStatus.STORED_LIVE);
        if (onlyLive && !sort.byTime()) {
            throw ApiException.invalid(
                    "/query/sort",
                    "'%s' cannot be used with live rides, which have no final figures; expected startedAt or -startedAt"
                            .formatted(sort.label));
        }
        if (onlyLive) {
            where.and("r.status = 'open'");
            return;
        }
        if (onlyEnded || !sort.byTime()) {
            where.and("r.status <> 'open'");
        }
        if (!statuses.isEmpty() && !statuses.equals(RideStatus.STORED_ENDED)) {
            where.and("r.status = ANY (?)", (Object) statuses.toArray(String[]::new));
        }
        if (sort.key == Sort.Key.POWER) {
            where.and("r.power_mean_w IS NOT NULL");
        }
    }
}
