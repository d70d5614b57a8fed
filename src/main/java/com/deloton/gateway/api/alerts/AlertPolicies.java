package com.deloton.gateway.api.alerts;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.PersonalData;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.TimeRange;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.ride.AgeGroup;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.ride.heartrate.PolicyTrial;
import com.deloton.gateway.ride.heartrate.PolicyTrial.Alerts;
import com.deloton.gateway.ride.heartrate.PolicyTrial.Policy;
import com.deloton.gateway.ride.heartrate.PolicyTrial.Tally;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** The operation {@code /alert-policies}: how many alerts each policy would have raised. */
public final class AlertPolicies implements Operations {
    private static final int MAX_RIDES = 1_000;
    private static final Duration LONGEST = Duration.ofDays(31);
    private static final Duration TIME_LIMIT = Duration.ofSeconds(15);

    private final PolicyTrials trials;
    private final InstantSource clock;

    public AlertPolicies(Vertx vertx, Queries queries, HeartRatePolicy policy, InstantSource clock) {
        trials = new PolicyTrials(vertx, queries.pool(), policy);
        this.clock = clock;
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("compareAlertPolicies", this::compare);
    }

    private Future<ApiResponse> compare(ApiRequest request) {
        TimeRange range = TimeRange.of(request, clock);
        Instant from = range.from();
        Instant to = range.to();
        if (from == null || to == null) {
            throw ApiException.invalid("/query/from", "is missing; expected `from` and `to`, or `during`");
        }
        if (Duration.between(from, to).compareTo(LONGEST) > 0) {
            throw ApiException.invalid("/query/to", "is too long after `from`; expected at most 31 days");
        }
        Policy policy = Policy.valueOf(request.text("policy").toUpperCase(Locale.ROOT));
        return trials.run(from, to, MAX_RIDES, policy, Queries.limit(request), TIME_LIMIT)
                .recover(e -> Future.failedFuture(
                        e instanceof TimeoutException
                                ? ApiException.invalid("/query/to", "has too many readings; expected a shorter period")
                                : e))
                .map(result -> ApiResponse.json(json(result, policy, PersonalData.isVisibleTo(request))));
    }

    /** Without {@code personal}, the groups are left out: a small one shows a rider's age and gender. */
    private static JsonObject json(PolicyTrials.Result result, Policy policy, boolean personal) {
        PolicyTrial trial = result.trial();
        JsonArray groups = new JsonArray();
        trial.groups().forEach(group -> {
            AgeGroup age = group.getKey().age();
            groups.add(new Json()
                    .put("ageGroup", age == null ? null : age.label())
                    .put("gender", group.getKey().gender().label())
                    .put("figures", figures(group.getValue()))
                    .object());
        });
        JsonArray rides = new JsonArray();
        trial.listedRides()
                .forEach(ride -> rides.add(new Json()
                        .put("rideId", ride.rideId())
                        .put("customer", ride.customer().total())
                        .put("personal", ride.personal().total())
                        .object()));
        return new Json()
                .put("policy", policy.label())
                .put("complete", result.complete())
                .put("total", figures(trial.total()))
                .put("groups", personal ? groups : null)
                .put("rides", rides)
                .object();
    }

    private static JsonObject figures(Tally tally) {
        return new Json()
                .put("rides", tally.rides())
                .put("rideHours", tally.rideHours())
                .put("customer", alerts(tally, tally.customer()))
                .put("personal", alerts(tally, tally.personal()))
                .object();
    }

    private static JsonObject alerts(Tally tally, Alerts alerts) {
        return new Json()
                .put("alerts", alerts.total())
                .put("range", alerts.range())
                .put("notPedalling", alerts.notPedalling())
                .put("noRecovery", alerts.noRecovery())
                .put("perThousandHours", tally.perThousandHours(alerts))
                .object();
    }
}
