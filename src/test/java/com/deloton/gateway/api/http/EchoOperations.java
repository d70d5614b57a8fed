package com.deloton.gateway.api.http;

import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Answers the test contract with what was understood. A ride's name may ask for a failure. */
final class EchoOperations implements Operations {
    private final Map<String, Throwable> failures = new TreeMap<>();

    EchoOperations failing(String ride, Throwable failure) {
        failures.put(ride, failure);
        return this;
    }

    @Override
    public Map<String, Operation> all() {
        return Map.of(
                "echo", call -> Future.succeededFuture(ApiResponse.json(echo(call))),
                "latest", call -> Future.succeededFuture(ApiResponse.json(new JsonObject().put("latest", true))),
                "getRide", this::ride,
                "setRide",
                        call -> Future.succeededFuture(
                                ApiResponse.json(echo(call).put("body", call.body()))),
                "deleteRide", call -> Future.succeededFuture(ApiResponse.noContent()));
    }

    private Future<ApiResponse> ride(ApiRequest call) {
        String ride = call.text("ride");
        Throwable failure = failures.get(ride);
        if (failure instanceof Error error) {
            throw new IllegalStateException(error);
        }
        if (failure != null) {
            return Future.failedFuture(failure);
        }
        if (ride.equals("wrong")) {
            return Future.succeededFuture(ApiResponse.json(new JsonObject().put("secret", "not in the contract")));
        }
        return Future.succeededFuture(
                call.accept().equals("text/csv")
                        ? ApiResponse.csv(Buffer.buffer("ride\n" + ride + "\n"))
                                .withHeader("Link", "</v1/x>; rel=\"next\"")
                        : ApiResponse.json(echo(call)));
    }

    private static JsonObject echo(ApiRequest call) {
        JsonObject json = new JsonObject();
        put(json, "q", call.textOrNull("q"));
        put(json, "at", call.instantOrNull("at"));
        put(json, "day", call.dateOrNull("day"));
        put(json, "limit", call.numberOrNull("limit"));
        String power = call.textOrNull("power");
        put(json, "power", power == null ? null : Double.valueOf(power));
        json.put("live", call.flag("live"));
        put(json, "bikes", call.list("bikes").isEmpty() ? null : new JsonArray(call.list("bikes")));
        put(json, "trace", call.textOrNull("X-Trace"));
        put(json, "ride", call.textOrNull("ride"));
        json.put("accept", call.accept());
        return json.put("subject", call.caller().subject());
    }

    private static void put(JsonObject json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value instanceof JsonArray || value instanceof Number ? value : value.toString());
        }
    }
}
