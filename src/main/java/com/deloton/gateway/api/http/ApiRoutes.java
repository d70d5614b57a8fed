package com.deloton.gateway.api.http;

import com.deloton.gateway.api.contract.Contract;
import com.deloton.gateway.api.contract.ContractOperation;
import com.deloton.gateway.api.contract.EventStream;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.auth.BearerAuth;
import com.deloton.gateway.auth.TokenVerifier;
import com.deloton.gateway.config.ApiConfig;
import com.deloton.gateway.http.AllowedMethods;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the API below {@value #PREFIX}, and of its documentation. One instance is mounted on the router of every
 * event loop that serves HTTP.
 */
public final class ApiRoutes implements Consumer<Router> {
    public static final String PREFIX = "/v1";

    private static final String CONTRACT = "/openapi.yaml";

    private final Vertx vertx;
    private final Contract contract;
    private final DocumentationPages documentation;
    private final TokenVerifier tokenVerifier;
    private final Map<String, Operation> operations;
    private final ApiConfig config;
    private final String publicUrl;
    private final RateLimit limit;
    private final AllowedMethods allowedMethods = new AllowedMethods();
    private final JsonObject resources;
    private final boolean validateResponses;
    private Consumer<Router> streams = router -> {};

    private ApiRoutes(
            Vertx vertx,
            Contract contract,
            DocumentationPages documentation,
            TokenVerifier tokenVerifier,
            Map<String, Operation> operations,
            ApiConfig config,
            String publicUrl,
            boolean validateResponses) {
        this.vertx = vertx;
        this.contract = contract;
        this.documentation = documentation;
        this.tokenVerifier = tokenVerifier;
        this.operations = operations;
        this.config = config;
        this.publicUrl = publicUrl;
        this.validateResponses = validateResponses;
        limit = new RateLimit(config.requestsPerMinute());
        contract.operations().forEach(operation -> allowedMethods.add(PREFIX + operation.path(), operation.method()));
        contract.streams().forEach(stream -> allowedMethods.add(PREFIX + stream.path(), "GET"));
        allowedMethods.add(PREFIX, "GET");
        resources = resources(contract);
    }

    /** With the contract of this version, and without validation of responses. */
    public static Future<ApiRoutes> create(
            Vertx vertx, TokenVerifier tokenVerifier, Operations operations, ApiConfig config, String publicUrl) {
        return vertx.executeBlocking(() -> resource(CONTRACT))
                .compose(yaml -> create(
                        vertx, Objects.requireNonNull(yaml), tokenVerifier, operations, config, publicUrl, false));
    }

    /**
     * Fails if the contract and the operations do not match one to one.
     *
     * @param yaml the contract
     * @param publicUrl its origin may always call the API
     * @param validateResponses whether a response that does not match the contract becomes status 500; too slow for production
     */
    public static Future<ApiRoutes> create(
            Vertx vertx,
            String yaml,
            TokenVerifier tokenVerifier,
            Operations operations,
            ApiConfig config,
            String publicUrl,
            boolean validateResponses) {
        Future<@Nullable String> events = vertx.executeBlocking(() -> resource("/asyncapi.yaml"));
        return Future.all(Contract.load(vertx, yaml), events).map(loaded -> {
            Contract contract = loaded.resultAt(0);
            Map<String, Operation> implementations = Map.copyOf(operations.byId());
            Set<String> unbound = new TreeSet<>(
                    contract.operations().stream().map(ContractOperation::id).toList());
            Set<String> unknown = new TreeSet<>(implementations.keySet());
            unknown.removeAll(unbound);
            unbound.removeAll(implementations.keySet());
            if (!unbound.isEmpty() || !unknown.isEmpty()) {
                throw new IllegalStateException("the contract and the implementation differ: not implemented " + unbound
                        + ", not in the contract " + unknown);
            }
            return new ApiRoutes(
                    vertx,
                    contract,
                    new DocumentationPages(yaml, loaded.resultAt(1)),
                    tokenVerifier,
                    implementations,
                    config,
                    publicUrl,
                    validateResponses);
        });
    }

    /** Serves the contract's event streams with these routes. */
    public ApiRoutes withStreams(Consumer<Router> routes) {
        streams = routes;
        return this;
    }

    /** Adds the API to a router; on the event loop that serves it. */
    @Override
    public void accept(Router router) {
        documentation.accept(router);
        router.route(PREFIX + "/*").handler(new RequestId());
        if (!config.corsOrigins().isEmpty()) {
            router.route(PREFIX + "/*").handler(new CrossOrigin(config.corsOrigins(), publicUrl));
        }
        router.get(PREFIX).handler(this::resources);
        router.head(PREFIX).handler(this::resources);
        contract.streams()
                .forEach(stream -> router.get(PREFIX + stream.path().replaceAll("\\{(\\w+)}", ":$1"))
                        .handler(new BearerAuth(tokenVerifier, stream.scopes()))
                        .handler(limit::admit));
        streams.accept(router);
        router.route(PREFIX + "/*").subRouter(operations());
        router.route(PREFIX + "/*").handler(this::notFound);
    }

    private Router operations() {
        RouterBuilder builder = RouterBuilder.create(vertx, contract.resolved());
        for (ContractOperation declared : contract.operations()) {
            OperationHandler handler = new OperationHandler(
                    declared, Objects.requireNonNull(operations.get(declared.id())), limit, validateResponses);
            Objects.requireNonNull(builder.getRoute(declared.id()))
                    .setDoSecurity(false)
                    .setDoValidation(false)
                    .addHandler(OperationHandler.catching(
                            new BearerAuth(tokenVerifier, declared.scopes(), declared.isOpenToRiders())))
                    .addHandler(OperationHandler.catching(handler::admit))
                    .addHandler(handler::read)
                    .addHandler(handler::answer)
                    .addFailureHandler(ProblemMapper::send);
        }
        Router router = builder.createRouter();
        router.getRoutes().stream()
                .filter(route -> route.methods() != null && route.methods().contains(HttpMethod.GET))
                .forEach(route -> route.method(HttpMethod.HEAD));
        return router;
    }

    /** From the class path, where no file of the working directory replaces it. */
    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ApiRoutes.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The collections: paths without placeholders that can be read. */
    private static JsonObject resources(Contract contract) {
        JsonArray collections = new JsonArray();
        Stream<String> readable = contract.operations().stream()
                .filter(operation -> operation.method().equals("GET"))
                .map(ContractOperation::path);
        Stream.concat(readable, contract.streams().stream().map(EventStream::path))
                .filter(path -> !path.contains("{"))
                .sorted()
                .forEach(path -> collections.add(
                        new JsonObject().put("name", path.substring(1)).put("href", PREFIX + path)));
        return new JsonObject()
                .put("resources", collections)
                .put("contract", "/openapi.yaml")
                .put("events", "/asyncapi.yaml")
                .put("documentation", "/docs/");
    }

    private void resources(RoutingContext context) {
        context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        context.json(resources);
    }

    /** An unknown path, or a known one with another method. */
    private void notFound(RoutingContext context) {
        if (context.request().method().equals(HttpMethod.OPTIONS) && allowedMethods.sendOptions(context)) {
            return;
        }
        ProblemMapper.send(context, allowedMethods.problem(context));
    }
}
