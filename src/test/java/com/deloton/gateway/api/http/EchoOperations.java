package com.deloton.gateway.api.http;

import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.time.ZoneOffset;
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
    public Map<String, Operation> byId() {
        return Map.of(
                "echo", request -> Future.succeededFuture(ApiResponse.json(echo(request))),
                "latest", request -> Future.succeededFuture(ApiResponse.json(new JsonObject().put("latest", true))),
                "getRide", this::ride,
                "setRide",
                        request -> Future.succeededFuture(
                                ApiResponse.json(echo(request).put("body", request.body()))),
                "deleteRide", request -> Future.succeededFuture(ApiResponse.noContent()));
    }

    private Future<ApiResponse> ride(ApiRequest request) {
        String ride = request.text("ride");
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
                request.accept().equals("text/csv")
                        ? ApiResponse.csv(Buffer.buffer("ride\n" + ride + "\n"))
                                .withHeader("Link", "</v1/x>; rel=\"next\"")
                        : ApiResponse.json(echo(request)));
    }

    private static JsonObject echo(ApiRequest request) {
        JsonObject json = new JsonObject();
        put(json, "q", request.textOrNull("q"));
        put(json, "at", request.instantOrNull("at", ZoneOffset.UTC, InstantSource.system()));
        put(json, "day", request.textOrNull("day"));
        put(json, "limit", request.numberOrNull("limit"));
        String power = request.textOrNull("power");
        put(json, "power", power == null ? null : Double.valueOf(power));
        json.put("live", request.flag("live"));
        put(json, "bikes", request.list("bikes").isEmpty() ? null : new JsonArray(request.list("bikes")));
        put(json, "trace", request.textOrNull("X-Trace"));
        put(json, "ride", request.textOrNull("ride"));
        json.put("accept", request.accept());
        return json.put("subject", request.caller().subject());
    }

    private static void put(JsonObject json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value instanceof JsonArray || value instanceof Number ? value : value.toString());
        }
    }
}
