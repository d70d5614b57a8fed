package com.deloton.gateway.api.days;

import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.TimeRange.Period;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.api.rides.RideList;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BiFunction;

/** The operations below {@code /days}: figures of a day, or of the week, month or year around it. */
public final class DayOperations implements Operations {
    private final InstantSource clock;
    private final RideList rides;
    private final KeyFigures figures;
    private final Leaderboard leaderboard;
    private final Distributions distributions;

    public DayOperations(Queries queries, InstantSource clock) {
        this.clock = clock;
        rides = new RideList(queries);
        figures = new KeyFigures(queries);
        leaderboard = new Leaderboard(queries);
        distributions = new Distributions(queries);
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of(
                "getDay", of((request, period) -> figures.answer(period)),
                "listRidesOfDay", of((request, period) -> rides.answer(request, period.range(), new Where())),
                "getLeaderboard", of(leaderboard::answer),
                "getDurations", of(distributions::durations),
                "listCities", of(distributions::cities));
    }

    private Operation of(BiFunction<ApiRequest, Period, Future<ApiResponse>> answer) {
        return request -> answer.apply(request, Period.of(request, clock));
    }
}
