package com.deloton.gateway.http;

import com.deloton.gateway.config.HttpConfig;
import com.deloton.gateway.ops.Health;
import com.deloton.gateway.ops.Lifecycle;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of the process: health, metrics, the files of {@code webroot}, and the routes of the features.
 *
 * <p>A feature is a {@code Consumer<Router>} that adds routes or a sub-router, below the security headers and above the
 * files. Errors that it does not handle become problem documents. It must not use {@code /health}, {@code /metrics} or
 * {@code /}, and gets no requests before the process has started.
 *
 * <p>Several instances share the port, each with its own event loop and router. A feature is called once for each instance,
 * so state that all requests share belongs outside its routes.
 */
public final class HttpServerVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServerVerticle.class);
    private static final int IDLE_SECONDS = 75;
    private static final int DRAIN_SECONDS = 5;
    /** Limit of incoming messages; longer outgoing ones are split. */
    private static final int WEB_SOCKET_BYTES = 65_536;

    private static final int MAX_REQUEST_LINE_BYTES = 4_096;
    /** Leaves room for the longest token that is accepted. */
    private static final int MAX_HEADER_BYTES = 32_768;

    private static final int RETRY_AFTER_S = 5;
    private static final int MIN_COMPRESSED_BYTES = 512;
    /** Lets the system choose one port for all instances; 0 would choose one for each. */
    private static final int ANY_SHARED_PORT = -1;

    private static final int ANY_SHARED_MANAGEMENT_PORT = -2;

    private final HttpConfig config;
    private final HealthChecks ready;
    private final Lifecycle lifecycle;
    private final PrometheusMeterRegistry meters;
    private final List<Consumer<Router>> features;
    private final List<String> connectTo;
    private final RequestDeadlines.Limits deadlines;

    private volatile @Nullable HttpServer server;
    private volatile @Nullable HttpServer managementServer;

    /**
     * The HTTP server of a process.
     *
     * @param connectTo other origins that our pages may send requests to
     */
    public HttpServerVerticle(
            HttpConfig config,
            HealthChecks ready,
            Lifecycle lifecycle,
            PrometheusMeterRegistry meters,
            List<Consumer<Router>> features,
            List<String> connectTo) {
        this(config, ready, lifecycle, meters, features, connectTo, RequestDeadlines.Limits.DEFAULT);
    }

    HttpServerVerticle(
            HttpConfig config,
            HealthChecks ready,
            Lifecycle lifecycle,
            PrometheusMeterRegistry meters,
            List<Consumer<Router>> features,
            List<String> connectTo,
            RequestDeadlines.Limits deadlines) {
        this.config = config;
        this.ready = ready;
        this.lifecycle = lifecycle;
        this.meters = meters;
        this.features = List.copyOf(features);
        this.connectTo = List.copyOf(connectTo);
        this.deadlines = deadlines;
    }

    @Override
    public Future<?> start() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port() == 0 ? ANY_SHARED_PORT : config.port())
                .setHttp2ClearTextEnabled(false) // Vert.x 5.0.7 corrupts file responses after an upgrade
                .setCompressionSupported(true)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(WEB_SOCKET_BYTES)
                .setMaxWebSocketMessageSize(WEB_SOCKET_BYTES)
                .setCompressionContentSizeThreshold(MIN_COMPRESSED_BYTES)
                .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setIdleTimeout(IDLE_SECONDS)
                .setTracingPolicy(TracingPolicy.ALWAYS);
        HttpConfig.Management management = config.management();
        Future<?> managed = management == null
                ? Future.succeededFuture()
                : listen(
                                new HttpServerOptions(options)
                                        .setHost(management.host())
                                        .setPort(
                                                management.port() == 0 ? ANY_SHARED_MANAGEMENT_PORT : management.port())
                                        .setTracingPolicy(TracingPolicy.IGNORE),
                                this::managementRouter,
                                "http.management.port")
                        .onSuccess(listening -> managementServer = listening);
        return managed.compose(v -> listen(options, this::router, "http.port"))
                .onSuccess(listening -> server = listening);
    }

    private Future<HttpServer> listen(
            HttpServerOptions options, Function<RequestDeadlines, Router> routes, String setting) {
        RequestDeadlines timers = new RequestDeadlines(vertx, deadlines);
        return vertx.createHttpServer(options)
                .connectionHandler(timers::connected)
                .requestHandler(routes.apply(timers))
                .invalidRequestHandler(ProblemHandler::malformed)
                .listen()
                .recover(e -> Future.failedFuture(new IOException(
                        "The HTTP server cannot listen on %s:%d (%s): %s"
                                .formatted(options.getHost(), Math.max(0, options.getPort()), setting, reason(e)),
                        e)));
    }

    private static String reason(Throwable failure) {
        return failure instanceof BindException
                        && String.valueOf(failure.getMessage()).contains("in use")
                ? "the port is in use; set another one, or 0 for any free port"
                : String.valueOf(failure.getMessage());
    }

    /** Finishes running requests and accepts no new ones. */
    @Override
    public Future<?> stop() {
        return shutdown(server).compose(v -> shutdown(managementServer));
    }

    private static Future<?> shutdown(@Nullable HttpServer running) {
        return running == null ? Future.succeededFuture() : running.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
    }

    /** The port in use, also if the configured one is 0. */
    public int port() {
        HttpServer running = server;
        return running == null ? config.port() : running.actualPort();
    }

    /** The port of health and metrics. */
    public int managementPort() {
        HttpServer running = managementServer;
        return running == null ? port() : running.actualPort();
    }

    private Router baseRouter(RequestDeadlines timers) {
        Router router = Router.router(vertx);
        ProblemHandler.install(router);
        router.route().handler(timers);
        router.route().handler(new RequestRules());
        router.route().handler(new SecurityHeaders(config.publicUrl(), connectTo));
        return router;
    }

    private Router managementRouter(RequestDeadlines timers) {
        Router router = baseRouter(timers);
        readExactly(router, "/health/live", this::live);
        readExactly(router, "/health/started", this::started);
        readExactly(router, "/health/ready", this::ready);
        readExactly(router, "/metrics", this::metrics);
        return router;
    }

    private Router router(RequestDeadlines timers) {
        Router router = config.management() == null ? managementRouter(timers) : baseRouter(timers);
        router.route().handler(this::whenStarted);
        features.forEach(feature -> feature.accept(router));
        Handler<RoutingContext> files = pages();
        read(router, "/", context -> files(files, context));
        router.route("/*").handler(context -> files(files, context));
        router.getRoutes().stream()
                .filter(route -> route.methods() != null && route.methods().contains(HttpMethod.GET))
                .forEach(route -> route.method(HttpMethod.HEAD));
        return router;
    }

    private static void read(Router router, String path, Consumer<RoutingContext> answer) {
        router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(answer::accept);
    }

    /** Only for the path as written here: a proxy that hides it does not know other spellings. */
    private static void readExactly(Router router, String path, Consumer<RoutingContext> answer) {
        read(router, path, context -> {
            if (path.equals(context.request().path())) {
                answer.accept(context);
            } else {
                context.next();
            }
        });
    }

    private void live(RoutingContext context) {
        JsonObject body = new JsonObject()
                .put("status", Health.status(lifecycle.isAlive()))
                .put("stage", lifecycle.stage().name());
        json(context, lifecycle.isAlive(), body);
    }

    /** Whether requests may be routed here: independent of the database and of Kafka, whose outage no other process avoids. */
    private void started(RoutingContext context) {
        boolean running = lifecycle.stage() == Lifecycle.Stage.RUNNING;
        JsonObject body = new JsonObject()
                .put("status", Health.status(running))
                .put("stage", lifecycle.stage().name());
        json(context, running, body);
    }

    private void ready(RoutingContext context) {
        ready.checkStatus()
                .onSuccess(result -> json(context, CheckResult.isUp(result), Health.json(result)))
                .onFailure(context::fail);
    }

    private void metrics(RoutingContext context) {
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        boolean openMetrics = accept != null && accept.contains("application/openmetrics-text");
        String type = openMetrics
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
        vertx.executeBlocking(() -> meters.scrape(type), false)
                .onSuccess(text -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, type)
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end(text))
                .onFailure(context::fail);
    }

    /** Only health and metrics are served before the schema is up to date. */
    private void whenStarted(RoutingContext context) {
        if (lifecycle.stage() != Lifecycle.Stage.STARTING) {
            context.next();
            return;
        }
        Problem.sendUnavailable(context, "The gateway is starting.", RETRY_AFTER_S);
    }

    /** The dashboard of the jar, or that of http.webroot. */
    private Handler<RoutingContext> pages() {
        String folder = config.webroot();
        if (folder == null) {
            return new ClasspathFiles("webroot", "");
        }
        LOG.warn("the dashboard is served from {} (http.webroot) instead of the jar", folder);
        return StaticHandler.create(
                        FileSystemAccess.ROOT, Path.of(folder).toAbsolutePath().toString())
                .setCachingEnabled(false);
    }

    private static void files(Handler<RoutingContext> files, RoutingContext context) {
        context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        files.handle(context);
    }

    private static void json(RoutingContext context, boolean up, JsonObject body) {
        context.response()
                .setStatusCode(up ? 200 : 503)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body.toBuffer());
    }
}
