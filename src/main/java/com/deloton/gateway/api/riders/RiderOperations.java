package com.deloton.gateway.api.riders;

import com.deloton.gateway.api.query.AgeGroups;
import com.deloton.gateway.api.query.ListResponse;
import com.deloton.gateway.api.query.PersonalData;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.TimeRange;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.api.rides.RideList;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Riders and their rides. An erased rider does not exist. */
public final class RiderOperations implements Operations {
    private static final String EXISTS = "SELECT FROM rider WHERE rider_id = $1 AND erased_at IS NULL";

    private final Queries queries;
    private final RideList rides;
    private final RiderDetail detail;
    private final InstantSource clock;

    public RiderOperations(Queries queries, InstantSource clock) {
        this.queries = queries;
        this.clock = clock;
        rides = new RideList(queries);
        detail = new RiderDetail(queries);
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of(
                "listRiders",
                this::list,
                "getRider",
                request -> detail.answer(request, request.number("rider"), today()),
                OwnData.OF_TOKEN,
                this::me,
                "listRidesOfRider",
                this::listRides);
    }

    private Future<ApiResponse> me(ApiRequest request) {
        return detail.answer(request, Objects.requireNonNull(request.caller().confinedTo()), today());
    }

    private LocalDate today() {
        return clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
    }

    private Future<ApiResponse> list(ApiRequest request) {
        PersonalData.requireScopeForFilters(request, "city", "name");
        LocalDate today = today();
        Where where = new Where().and("p.erased_at IS NULL");
        List<String> genders = request.list("gender");
        if (!genders.isEmpty()) {
            where.and("p.gender = ANY (?)", (Object) genders.toArray(String[]::new));
        }
        if (!request.list("ageGroup").isEmpty()) {
            String age = "extract(year FROM age(%s::date, p.date_of_birth))".formatted(where.value(today));
            AgeGroups.filter(where, age, request.list("ageGroup"));
        }
        String city = request.textOrNull("city");
        if (city != null) {
            where.and("lower(p.address_city) = ?", city.toLowerCase(Locale.ROOT));
        }
        String name = request.textOrNull("name");
        if (name != null) {
            where.and("lower(p.name) LIKE ?", prefix(name.toLowerCase(Locale.ROOT)));
        }
        RiderSort sort = RiderSort.of(request);
        sort.after(where, request);
        int limit = Queries.limit(request);
        boolean personal = PersonalData.isVisibleTo(request);
        String sql = "SELECT " + RiderRows.COLUMNS + " FROM rider p" + where.sql() + sort.order()
                + Queries.limitedTo(limit + 1);
        return queries.rows(sql, where.tuple())
                .map(rows -> ListResponse.of(
                        request,
                        Queries.page(
                                rows,
                                limit,
                                row -> RiderRows.json(row, today, personal).object(),
                                sort::cursor),
                        "riders",
                        RiderRows.csvColumns(personal)));
    }

    private static String prefix(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }

    private Future<ApiResponse> listRides(ApiRequest request) {
        long rider = request.number("rider");
        TimeRange range = TimeRange.of(request, clock);
        return queries.row(EXISTS, Tuple.of(rider)).compose(row -> {
            requireKnown(row, rider);
            return rides.answer(request, range, new Where().and("r.rider_id = ?", rider));
        });
    }

    static Row requireKnown(@org.jspecify.annotations.Nullable Row row, long rider) {
        if (row == null) {
            throw unknown(rider);
        }
        return row;
    }

    static ApiException unknown(long rider) {
        return ApiException.notFound("Rider " + rider);
    }
}
