package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.PersonalData;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.TimeRange;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Everything under {@code /rides}. */
public final class RideOperations implements Operations {
    private static final String ONE =
            "SELECT " + RideRows.COLUMNS + " FROM ride r" + RideRows.JOINS + " WHERE r.ride_id = $1";
    private static final String DELETE = "SELECT delete_ride($1, $2, $3)";

    private final Queries queries;
    private final RideList list;
    private final RideReadings readings;

    public RideOperations(Vertx vertx, Queries queries) {
        this.queries = queries;
        list = new RideList(queries);
        readings = new RideReadings(vertx, queries);
    }

    @Override
    public Map<String, Operation> all() {
        return Map.of(
                "listRides", call -> list.answer(call, TimeRange.of(call), new Where()),
                "getRide", this::get,
                "getRideSummary", call -> whole(call, ride -> ApiResponse.json(SummaryJson.of(ride))),
                "getReadings", call -> whole(call, ride -> readings(call, ride)),
                "exportTcx", call -> whole(call, RideOperations::tcx),
                "deleteRide", this::delete);
    }

    private Future<ApiResponse> get(ApiRequest call) {
        return queries.row(ONE, Tuple.of(call.number("ride"))).map(row -> {
            Row ride = row;
            if (ride == null) {
                throw unknown(call);
            }
            return ApiResponse.json(RideRows.json(ride, PersonalData.personal(call)));
        });
    }

    private Future<ApiResponse> whole(ApiRequest call, Function<RideReadings.RideWithReadings, ApiResponse> answer) {
        return readings.of(call.number("ride")).compose(found -> {
            RideReadings.RideWithReadings ride = found;
            if (ride == null) {
                throw unknown(call);
            }
            return readings.written(List.of(ride), () -> answer.apply(ride));
        });
    }

    private static ApiResponse readings(ApiRequest call, RideReadings.RideWithReadings ride) {
        Long given = call.numberOrNull("step");
        int step = given == null ? 1 : Math.toIntExact(given);
        if (call.accept().contains("text/csv")) {
            return ApiResponse.csv(ReadingSampler.csv(ride.series(), step))
                    .withHeader("Content-Disposition", fileName(ride, "csv"));
        }
        return ApiResponse.json(new Json()
                .put("rideId", ride.rideId())
                .put("stepS", step)
                .put("items", ReadingSampler.json(ride.series(), step))
                .object());
    }

    private static ApiResponse tcx(RideReadings.RideWithReadings ride) {
        return ApiResponse.of(200, Tcx.MEDIA_TYPE, Tcx.of(ride))
                .withHeader("Content-Disposition", fileName(ride, "tcx"));
    }

    private static String fileName(RideReadings.RideWithReadings ride, String kind) {
        return "attachment; filename=\"ride-%d.%s\"".formatted(ride.rideId(), kind);
    }

    private Future<ApiResponse> delete(ApiRequest call) {
        Tuple values = Tuple.of(call.number("ride"), call.caller().subject(), call.requestId());
        return queries.rows(DELETE, values)
                .map(rows -> switch (rows.iterator().next().getString(0)) {
                    case "deleted" -> ApiResponse.noContent();
                    case "live" ->
                        throw ApiException.conflict("The ride is live; it can be deleted when it has ended.");
                    default -> throw unknown(call);
                });
    }

    private static ApiException unknown(ApiRequest call) {
        return ApiException.notFound("Ride " + call.number("ride"));
    }
}
