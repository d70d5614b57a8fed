package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.Call;
import com.deloton.gateway.api.Operation;
import com.deloton.gateway.api.Operations;
import com.deloton.gateway.api.Refusal;
import com.deloton.gateway.api.Reply;
import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.Scopes;
import com.deloton.gateway.api.query.Span;
import com.deloton.gateway.api.query.Where;
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
                "listRides", call -> list.answer(call, Span.of(call), new Where()),
                "getRide", this::get,
                "getRideSummary", call -> whole(call, ride -> Reply.json(SummaryJson.of(ride))),
                "getReadings", call -> whole(call, ride -> readings(call, ride)),
                "exportTcx", call -> whole(call, RideOperations::tcx),
                "deleteRide", this::delete);
    }

    private Future<Reply> get(Call call) {
        return queries.row(ONE, Tuple.of(call.number("ride"))).map(row -> {
            Row ride = row;
            if (ride == null) {
                throw unknown(call);
            }
            return Reply.json(RideRows.json(ride, Scopes.personal(call)));
        });
    }

    private Future<Reply> whole(Call call, Function<RideReadings.Whole, Reply> answer) {
        return readings.of(call.number("ride")).compose(found -> {
            RideReadings.Whole ride = found;
            if (ride == null) {
                throw unknown(call);
            }
            return readings.written(List.of(ride), () -> answer.apply(ride));
        });
    }

    private static Reply readings(Call call, RideReadings.Whole ride) {
        Long given = call.numberOrNull("step");
        int step = given == null ? 1 : Math.toIntExact(given);
        if (call.accept().contains("text/csv")) {
            return Reply.csv(Steps.csv(ride.series(), step)).withHeader("Content-Disposition", fileName(ride, "csv"));
        }
        return Reply.json(new Json()
                .put("rideId", ride.rideId())
                .put("stepS", step)
                .put("items", Steps.json(ride.series(), step))
                .object());
    }

    private static Reply tcx(RideReadings.Whole ride) {
        return Reply.of(200, Tcx.MEDIA_TYPE, Tcx.of(ride)).withHeader("Content-Disposition", fileName(ride, "tcx"));
    }

    private static String fileName(RideReadings.Whole ride, String kind) {
        return "attachment; filename=\"ride-%d.%s\"".formatted(ride.rideId(), kind);
    }

    private Future<Reply> delete(Call call) {
        Tuple values = Tuple.of(call.number("ride"), call.caller().subject(), call.requestId());
        return queries.rows(DELETE, values)
                .map(rows -> switch (rows.iterator().next().getString(0)) {
                    case "deleted" -> Reply.noContent();
                    case "live" -> throw Refusal.conflict("The ride is live; it can be deleted when it has ended.");
                    default -> throw unknown(call);
                });
    }

    private static Refusal unknown(Call call) {
        return Refusal.notFound("Ride " + call.number("ride"));
    }
}
