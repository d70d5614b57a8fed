package com.deloton.gateway.api.http;

import com.deloton.gateway.api.contract.Contract;
import com.deloton.gateway.api.contract.ContractOperation;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.auth.BearerAuth;
import com.deloton.gateway.auth.TokenVerifier;
import com.deloton.gateway.config.ApiConfig;
import com.deloton.gateway.http.Problem;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The API below {@value #PREFIX}, as its contract has it, and the contract itself. Made once; mounted on the router of each event loop that serves
 * HTTP.
 */
public final class ApiRoutes implements Consumer<Router> {
    public static final String PREFIX = "/v1";

    private static final String CONTRACT = "openapi.yaml";
    private static final int PREFLIGHT_SECONDS = 3_600;

    private final Vertx vertx;
    private final Contract contract;
    private final DocumentationPages documentation;
    private final TokenVerifier tokens;
    private final Map<String, Operation> operations;
    private final ApiConfig config;
    private final RateLimit limit;
    private final boolean checkAnswers;

    private ApiRoutes(
            Vertx vertx,
            Contract contract,
            DocumentationPages documentation,
            TokenVerifier tokens,
            Map<String, Operation> operations,
            ApiConfig config,
            boolean checkAnswers) {
        this.vertx = vertx;
        this.contract = contract;
        this.documentation = documentation;
        this.tokens = tokens;
        this.operations = operations;
        this.config = config;
        this.checkAnswers = checkAnswers;
        limit = new RateLimit(config.requestsPerMinute());
    }

    /** As it runs in production: the contract of this version, answers unchecked. */
    public static Future<ApiRoutes> create(Vertx vertx, TokenVerifier tokens, Operations operations, ApiConfig config) {
        return vertx.fileSystem()
                .readFile(CONTRACT)
                .compose(yaml -> create(vertx, yaml.toString(), tokens, operations, config, false));
    }

    /**
     * Fails if the contract cannot be served as it is: an operation that nobody answers, or an answer to none.
     *
     * @param yaml the contract
     * @param checkAnswers whether each answer is held against the contract before it is sent; too slow for production
     */
    public static Future<ApiRoutes> create(
            Vertx vertx,
            String yaml,
            TokenVerifier tokens,
            Operations operations,
            ApiConfig config,
            boolean checkAnswers) {
        return Contract.load(vertx, yaml).map(contract -> {
            Map<String, Operation> all = Map.copyOf(operations.all());
            Set<String> unbound = new TreeSet<>(
                    contract.operations().stream().map(ContractOperation::id).toList());
            Set<String> unknown = new TreeSet<>(all.keySet());
            unknown.removeAll(unbound);
            unbound.removeAll(all.keySet());
            if (!unbound.isEmpty() || !unknown.isEmpty()) {
                throw new IllegalStateException("openapi.yaml and the operations differ: nobody answers " + unbound
                        + ", the contract does not have " + unknown);
            }
            return new ApiRoutes(vertx, contract, new DocumentationPages(yaml), tokens, all, config, checkAnswers);
        });
    }

    /** Adds the API to a router; on the event loop that serves it. */
    @Override
    public void accept(Router router) {
        documentation.accept(router);
        router.route(PREFIX + "/*").handler(new RequestId());
        if (!config.corsOrigins().isEmpty()) {
            router.route(PREFIX + "/*").handler(cors());
        }
        router.route(PREFIX + "/*").subRouter(operations());
        router.route(PREFIX + "/*").handler(this::nothing);
    }

    private Router operations() {
        RouterBuilder builder = RouterBuilder.create(vertx, contract.resolved());
        for (ContractOperation declared : contract.operations()) {
            OperationHandler exchange = new OperationHandler(
                    declared, Objects.requireNonNull(operations.get(declared.id())), limit, checkAnswers);
            Objects.requireNonNull(builder.getRoute(declared.id()))
                    .setDoSecurity(false)
                    .setDoValidation(false)
                    .addHandler(OperationHandler.guarded(new BearerAuth(tokens, declared.scopes())))
                    .addHandler(OperationHandler.guarded(exchange::admit))
                    .addHandler(exchange::read)
                    .addHandler(exchange::answer)
                    .addFailureHandler(ProblemMapper::send);
        }
        return builder.createRouter();
    }

    private CorsHandler cors() {
        CorsHandler handler = CorsHandler.create()
                .allowedMethods(
                        new HashSet<>(Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE)))
                .allowedHeaders(Set.of("Authorization", "Content-Type", "If-None-Match", "X-Request-Id"))
                .exposedHeaders(Set.of(
                        "ETag",
                        "Location",
                        "Content-Disposition",
                        "Retry-After",
                        "RateLimit-Limit",
                        "RateLimit-Remaining",
                        "RateLimit-Reset",
                        "X-Request-Id"))
                .maxAgeSeconds(PREFLIGHT_SECONDS);
        config.corsOrigins().forEach(handler::addOrigin);
        return handler;
    }

    /** What no operation has taken: a path that is not there, or not with this method. */
    private void nothing(RoutingContext context) {
        Set<String> allowed = new TreeSet<>();
        String path = context.normalizedPath();
        contract.operations().stream()
                .filter(operation -> matches(PREFIX + operation.path(), path))
                .forEach(operation -> allowed.add(operation.method()));
        if (allowed.isEmpty() || allowed.contains(context.request().method().name())) {
            ProblemMapper.send(context, new Problem(404, "There is nothing at this address."));
            return;
        }
        String methods = String.join(", ", allowed);
        context.response().putHeader(HttpHeaderNames.ALLOW, methods);
        ProblemMapper.send(context, new Problem(405, "This address takes " + methods + "."));
    }

    private static boolean matches(String template, String path) {
        String[] wanted = template.split("/", -1);
        String[] given = path.split("/", -1);
        if (wanted.length != given.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            boolean any = wanted[i].startsWith("{") && !given[i].isEmpty();
            if (!any && !wanted[i].equals(given[i])) {
                return false;
            }
        }
        return true;
    }
}
