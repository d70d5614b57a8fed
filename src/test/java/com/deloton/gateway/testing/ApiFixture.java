package com.deloton.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.api.WarehouseOperations;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.api.status.StatusOperations;
import com.deloton.gateway.auth.Caller;
import com.deloton.gateway.auth.Scope;
import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.config.DatabaseConfig.SslMode;
import com.deloton.gateway.ops.Health;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.tableau.TableauFiles;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls the operations of the API without HTTP; validates their JSON responses against the contract. */
public final class ApiFixture {
    /** All scopes. */
    public static final Set<String> ALL = Set.copyOf(Scope.values(Scope.values()));

    /** Operations of the live view. */
    private static final Set<String> STREAMS = Set.of("streamFleet", "streamRide", "streamAlerts");

    /** Rides without names. */
    public static final Set<String> PSEUDONYMOUS = Set.copyOf(Scope.values(Scope.RIDES_READ, Scope.OPS));

    /** The files of a deployment somewhere else. */
    public static final TableauFiles TABLEAU = new TableauFiles(new AnalystConfig(
            "warehouse.example.com", 5432, "deloton", SslMode.VERIFY_FULL, "tableau", Duration.ofMinutes(5)));

    private final Map<String, Operation> operations;
    private final Map<String, Map<String, Object>> defaults = new HashMap<>();
    private final ResponseValidator validator;

    public ApiFixture(Vertx vertx, Pool pool, InstantSource clock) throws Exception {
        this(
                vertx,
                new WarehouseOperations(
                        vertx,
                        pool,
                        HeartRatePolicy.DEFAULT,
                        ZoneId.of("Europe/London"),
                        TABLEAU,
                        clock,
                        status(vertx)));
    }

    /** Of a process that is up and has quarantined three records. */
    public static StatusOperations status(Vertx vertx) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        registry.counter("deloton.ingest.quarantined", "reason", "NOT_JSON").increment(3);
        registry.counter("deloton.ingest.quarantined", "reason", "EMPTY");
        registry.counter("deloton.ingest.readings").increment(520);
        HealthChecks checks = HealthChecks.create(vertx);
        checks.register(
                "gateway",
                check -> check.complete(Status.OK(Health.reason("running").put("detail", 1))));
        return new StatusOperations("1.2.3", checks, registry);
    }

    public ApiFixture(Vertx vertx, Operations all) throws Exception {
        operations = all.byId();
        OpenAPIContract contract = IngestFixture.await(contract(vertx));
        validator = ResponseValidator.create(vertx, contract);
        contract.operations().forEach(o -> defaults.put(o.getOperationId(), defaults(o)));
        assertThat(contract.operations().stream().map(o -> o.getOperationId()).filter(id -> !STREAMS.contains(id)))
                .as("operations of the contract")
                .containsExactlyInAnyOrderElementsOf(operations.keySet());
    }

    /** Without the media types that vertx-openapi refuses. */
    private static Future<OpenAPIContract> contract(Vertx vertx) {
        String text = vertx.fileSystem().readFileBlocking("openapi.yaml").toString();
        Object tree = new org.yaml.snakeyaml.Yaml()
                .load(text.replace("url: /v1", "url: https://localhost/v1")
                        .replace("application/problem+json", "application/json")
                        .replace("text/csv", "text/plain")
                        .replace("text/html", "text/plain")
                        .replace("text/event-stream", "text/plain")
                        .replace("application/vnd.garmin.tcx+xml", "text/plain")
                        .replace("application/vnd.ant.fit", "text/plain")
                        .replace("application/pdf", "text/plain")
                        .replace("application/xml", "text/plain"));
        return OpenAPIContract.from(vertx, new JsonObject(castMap(tree)));
    }

    private static Map<String, Object> defaults(io.vertx.openapi.contract.Operation operation) {
        Map<String, Object> defaults = new HashMap<>();
        operation.getParameters().forEach(parameter -> {
            Object value = parameter.getSchema().get("default");
            if (value != null) {
                defaults.put(parameter.getName(), value);
            }
        });
        return defaults;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> castMap(Object tree) {
        return (Map<String, Object>) tree;
    }

    /** A request with all scopes; {@code parameters} alternates names and values. */
    public JsonObject json(String operation, Object... parameters) throws Exception {
        return json(ALL, operation, parameters);
    }

    public JsonObject json(Set<String> scopes, String operation, Object... parameters) throws Exception {
        ApiResponse response = respond(scopes, "application/json", null, operation, parameters);
        return new JsonObject(response.body());
    }

    public String text(String mediaType, String operation, Object... parameters) throws Exception {
        ApiResponse response = respond(ALL, mediaType, null, operation, parameters);
        assertThat(response.contentType()).isEqualTo(mediaType);
        return response.body().toString();
    }

    public ApiResponse respond(
            Set<String> scopes, String accept, @Nullable JsonObject body, String operation, Object... parameters)
            throws Exception {
        Map<String, Object> named = new HashMap<>(Objects.requireNonNull(defaults.get(operation), operation));
        for (int i = 0; i < parameters.length; i += 2) {
            named.put((String) parameters[i], value(parameters[i + 1]));
        }
        Caller caller = new Caller("tester", scopes, Instant.MAX);
        ApiRequest request = new ApiRequest(named, body, caller, "request-1", accept);
        Operation asked = Objects.requireNonNull(operations.get(operation), operation);
        ApiResponse response = IngestFixture.await(Future.succeededFuture().compose(v -> asked.answer(request)));
        if (response.contentType().equals("application/json")) {
            IngestFixture.await(validator.validate(
                    ValidatableResponse.create(response.status(), response.body(), response.contentType()), operation));
        }
        return response;
    }

    /** A request that is not awaited; the response is not validated. */
    public Future<ApiResponse> send(Set<String> scopes, String operation, Object... parameters) {
        Map<String, Object> named = new HashMap<>(Objects.requireNonNull(defaults.get(operation), operation));
        for (int i = 0; i < parameters.length; i += 2) {
            named.put((String) parameters[i], value(parameters[i + 1]));
        }
        Caller caller = new Caller("tester", scopes, Instant.MAX);
        Operation asked = Objects.requireNonNull(operations.get(operation), operation);
        return Future.succeededFuture()
                .compose(v -> asked.answer(new ApiRequest(named, null, caller, "request-1", "application/json")));
    }

    private static Object value(Object given) {
        if (given instanceof Integer i) {
            return (long) i;
        }
        return given instanceof List<?> list ? new JsonArray(list) : given;
    }

    /** The exception that the request causes. */
    public ApiException exception(Set<String> scopes, String operation, Object... parameters) throws Exception {
        return exception(scopes, null, operation, parameters);
    }

    public ApiException exception(Set<String> scopes, @Nullable JsonObject body, String operation, Object... parameters)
            throws Exception {
        try {
            ApiResponse response = respond(scopes, "application/json", body, operation, parameters);
            throw new AssertionError("answered with " + response.status() + " " + response.body());
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof ApiException exception) {
                return exception;
            }
            throw e;
        }
    }

    /** All items of a list, page by page. */
    public List<JsonObject> all(String operation, Object... parameters) throws Exception {
        List<JsonObject> items = new ArrayList<>();
        List<Object> more = new ArrayList<>(List.of(parameters));
        JsonObject page = json(operation, parameters);
        while (true) {
            page.getJsonArray("items").forEach(item -> items.add((JsonObject) item));
            String next = page.getString("next");
            if (next == null) {
                return items;
            }
            List<Object> again = new ArrayList<>(more);
            again.add("cursor");
            again.add(next);
            page = json(operation, again.toArray());
        }
    }
}
