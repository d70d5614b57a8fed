package com.deloton.gateway.api.alerts;

import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.Objects;

/**
 * Riders' answers to their alerts. As with the link of the mail, an answer acknowledges the alert, the first acknowledgement
 * counts, and "it was the sensor" is kept.
 */
public final class RiderAnswers implements Operations {
    private static final String ANSWER = """
            WITH changed AS (
                UPDATE alert SET acknowledged_at = coalesce(acknowledged_at, now()),
                    rider_answer = coalesce(rider_answer, $3)
                WHERE ride_id = $1 AND first_s = $2
                    AND (acknowledged_at IS NULL OR (rider_answer IS NULL AND $3::text IS NOT NULL))
                RETURNING ride_id
            )
            INSERT INTO audit (subject, action, target, request_id)
            SELECT $4, 'answer_alert', 'alert/' || $1::bigint || '-' || $2::integer, $5 FROM changed""";

    private final Queries queries;

    public RiderAnswers(Queries queries) {
        this.queries = queries;
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("answerAlert", this::answer);
    }

    private Future<ApiResponse> answer(ApiRequest request) {
        String text = request.text("alert");
        AlertKey alert = AlertKey.parse(text);
        if (alert == null) {
            throw ApiException.notFound("Alert " + text);
        }
        boolean sensorFault =
                Objects.requireNonNull(request.body()).getString("answer").equals("sensor_fault");
        Tuple values = Tuple.of(
                alert.rideId(),
                alert.firstS(),
                sensorFault ? "sensor_fault" : null,
                request.caller().subject(),
                request.requestId());
        return queries.rows(ANSWER, values)
                .compose(v -> queries.row(AlertOperations.ONE, Tuple.of(alert.rideId(), alert.firstS())))
                .map(row -> {
                    if (row == null) {
                        throw ApiException.notFound("Alert " + text);
                    }
                    return ApiResponse.json(AlertRows.detail(row, true));
                });
    }
}
