package com.deloton.gateway.api.riders;

import com.deloton.gateway.api.alerts.AlertKey;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.Operation;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * Confines callers with the scope {@code self} to their own rider. Each of the parameters {@code rider}, {@code ride} and
 * {@code alert} that a request has must be the caller's, and the request must have one of them. What belongs to another rider
 * gets the same answer as what does not exist.
 */
public final class OwnData {
    static final String OF_TOKEN = "getMe";

    private static final String RIDE = "SELECT FROM ride WHERE ride_id = $1 AND rider_id = $2";
    private static final String ALERT = "SELECT FROM alert WHERE ride_id = $1 AND first_s = $2 AND rider_id = $3";

    private final Queries queries;

    public OwnData(Queries queries) {
        this.queries = queries;
    }

    /** The operation for all callers, confined ones included. {@value #OF_TOKEN} takes the rider from the token already. */
    public Operation guard(String id, Operation operation) {
        if (id.equals(OF_TOKEN)) {
            return operation;
        }
        return request -> {
            Long own = request.caller().confinedTo();
            return own == null
                    ? operation.answer(request)
                    : requireOwn(request, own).compose(v -> operation.answer(request));
        };
    }

    private Future<Void> requireOwn(ApiRequest request, long own) {
        List<Future<?>> checks = new ArrayList<>();
        Long rider = request.numberOrNull("rider");
        if (rider != null) {
            checks.add(rider == own ? Future.succeededFuture() : Future.failedFuture(RiderOperations.unknown(rider)));
        }
        Long ride = request.numberOrNull("ride");
        if (ride != null) {
            checks.add(requireRow(RIDE, Tuple.of(ride, own), "Ride " + ride));
        }
        String alert = request.textOrNull("alert");
        if (alert != null) {
            AlertKey key = AlertKey.parse(alert);
            checks.add(
                    key == null
                            ? Future.failedFuture(ApiException.notFound("Alert " + alert))
                            : requireRow(ALERT, Tuple.of(key.rideId(), key.firstS(), own), "Alert " + alert));
        }
        return checks.isEmpty()
                ? Future.failedFuture(ApiException.forbidden(
                        "With the scope self, the request must name the rider, a ride or an alert; for example rider="
                                + own + "."))
                : Future.all(checks).mapEmpty();
    }

    private Future<Void> requireRow(String sql, Tuple values, String what) {
        return queries.row(sql, values).map(row -> {
            if (row == null) {
                throw ApiException.notFound(what);
            }
            return null;
        });
    }
}
