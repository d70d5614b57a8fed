package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.query.Json;
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
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Everything under {@code /rides}. */
public final class RideOperations implements Operations {
    private static final String ONE =
            "SELECT " + RideRows.COLUMNS + " FROM ride r" + RideRows.RIDER + " WHERE r.ride_id = $1";
    private static final String DELETE = "SELECT delete_ride($1, $2, $3)";

    private final Queries queries;
    private final InstantSource clock;
    private final RideList list;
    private final RideReadings readings;
    private final LiveFigures liveFigures;

    public RideOperations(Vertx vertx, Queries queries, InstantSource clock) {
        this.queries = queries;
        this.clock = clock;
        list = new RideList(queries);
        readings = new RideReadings(vertx, queries);
        liveFigures = new LiveFigures(queries);
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of(
                "listRides", request -> list.answer(request, TimeRange.of(request, clock), new Where()),
                "getRide", this::get,
                "getRideSummary",
                        request -> withReadings(
                                request,
                                ride -> ApiResponse.json(SummaryJson.of(ride, PersonalData.isVisibleTo(request)))),
                "getReadings", request -> withReadings(request, ride -> readings(request, kept(ride))),
                "exportTcx", request -> withReadings(request, ride -> tcx(kept(ride))),
                "exportFit", request -> withReadings(request, ride -> fit(kept(ride))),
                "deleteRide", this::delete);
    }

    private Future<ApiResponse> get(ApiRequest request) {
        return queries.rows(ONE, Tuple.of(request.number("ride")))
                .compose(rows -> liveFigures.of(rows).map(live -> {
                    Row row = Queries.first(rows);
                    if (row == null) {
                        throw unknown(request);
                    }
                    Row ride = live.getOrDefault(RideRows.id(row), row);
                    return ListResponse.one(
                            members -> RideRows.write(members, ride, PersonalData.isVisibleTo(request)));
                }));
    }

    private Future<ApiResponse> withReadings(
            ApiRequest request, Function<RideReadings.RideWithReadings, ApiResponse> answer) {
        return readings.of(request.number("ride")).compose(found -> {
            RideReadings.RideWithReadings ride = found;
            if (ride == null) {
                throw unknown(request);
            }
            return readings.render(List.of(ride), () -> answer.apply(ride));
        });
    }

    private static RideReadings.RideWithReadings kept(RideReadings.RideWithReadings ride) {
        if (ride.readingsDeleted()) {
            throw ApiException.gone(
                    ride.archivedDay() == null
                            ? "The readings of ride %d have been deleted. Its summary is kept.".formatted(ride.rideId())
                            : "The readings of ride %d are in the archive: table archive.ride_readings, day %s. Its summary is kept."
                                    .formatted(ride.rideId(), ride.archivedDay()));
        }
        return ride;
    }

    private static ApiResponse readings(ApiRequest request, RideReadings.RideWithReadings ride) {
        int step = Math.toIntExact(request.number("step"));
        if (request.accept().contains("text/csv")) {
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

    private static ApiResponse fit(RideReadings.RideWithReadings ride) {
        return ApiResponse.of(200, Fit.MEDIA_TYPE, Fit.of(ride))
                .withHeader("Content-Disposition", fileName(ride, "fit"));
    }

    private static String fileName(RideReadings.RideWithReadings ride, String kind) {
        return "attachment; filename=\"ride-%d.%s\"".formatted(ride.rideId(), kind);
    }

    private Future<ApiResponse> delete(ApiRequest request) {
        Tuple values = Tuple.of(request.number("ride"), request.caller().subject(), request.requestId());
        return queries.rows(DELETE, values)
                .map(rows -> switch (rows.iterator().next().getString(0)) {
                    case "deleted" -> ApiResponse.noContent();
                    case "live" ->
                        throw ApiException.conflict("The ride is live. It can be deleted after it has ended.");
                    default -> throw unknown(request);
                });
    }

    private static ApiException unknown(ApiRequest request) {
        return ApiException.notFound("Ride " + request.number("ride"));
    }
}
