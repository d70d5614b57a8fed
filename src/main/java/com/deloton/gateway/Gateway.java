package com.deloton.gateway;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.alert.AlertVerticle;
import com.deloton.gateway.analyst.QueryWatchdog;
import com.deloton.gateway.api.WarehouseOperations;
import com.deloton.gateway.api.http.ApiRoutes;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.api.status.StatusOperations;
import com.deloton.gateway.auth.OpenIdConfiguration;
import com.deloton.gateway.auth.TokenVerifier;
import com.deloton.gateway.config.AlertConfig;
import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.config.LiveConfig;
import com.deloton.gateway.http.HttpServerVerticle;
import com.deloton.gateway.ingest.IngestVerticle;
import com.deloton.gateway.ingest.ReadOnlyIngestVerticle;
import com.deloton.gateway.ingest.fleet.FleetFollowerVerticle;
import com.deloton.gateway.ingest.fleet.FleetPublisherVerticle;
import com.deloton.gateway.ingest.fleet.FleetWriter;
import com.deloton.gateway.ingest.heartrate.HeartRateMonitor;
import com.deloton.gateway.ingest.partition.IngestedPartitions;
import com.deloton.gateway.live.LiveRoutes;
import com.deloton.gateway.live.LiveVerticle;
import com.deloton.gateway.live.ViewerRegistry;
import com.deloton.gateway.ops.Deployments;
import com.deloton.gateway.ops.EventLoopLag;
import com.deloton.gateway.ops.EventLoopWatch;
import com.deloton.gateway.ops.Lifecycle;
import com.deloton.gateway.ops.Meters;
import com.deloton.gateway.ops.ProcessChecks;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.ops.Tracing;
import com.deloton.gateway.report.ReportVerticle;
import com.deloton.gateway.retention.RetentionVerticle;
import com.deloton.gateway.store.DatabaseClock;
import com.deloton.gateway.store.Migrations;
import com.deloton.gateway.store.Pools;
import com.deloton.gateway.tableau.TableauFiles;
import com.deloton.gateway.wall.WallTokens;
import com.deloton.gateway.webhook.WebhookVerticle;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway: Vert.x, the database pools, the HTTP server and the verticles of its roles. {@link #deployments} lists
 * the verticles, {@link #routes} the routes of the HTTP server.
 */
public final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final long VERTX_CLOSE_TIMEOUT_MS = 2_000;

    private final GatewayConfig config;
    private final InstantSource processClock;
    private final DatabaseClock clock;
    private final Meters meters = new Meters(Version.current());
    private final MeterRegistry registry = meters.registry();
    private final Tracing tracing;
    private final Vertx vertx;
    private final HealthChecks ready;
    private final Lifecycle lifecycle = new Lifecycle();
    private final Deployments verticles;
    private final Pools pools;
    private final Pool pool;
    private final ProcessResources resources;
    private final List<Consumer<Router>> extraRoutes;
    private final Queue<HttpServerVerticle> servers = new ConcurrentLinkedQueue<>();
    private final ViewerRegistry viewers = new ViewerRegistry(registry);
    private final FleetWriter fleetWriter = FleetWriter.unique();
    private final IngestedPartitions ingested = new IngestedPartitions();
    private LiveConfig live;
    private @Nullable TokenVerifier tokens;
    private @Nullable ApiRoutes api;
    private @Nullable LiveRoutes liveRoutes;

    private volatile String schema = "unknown";
    private @Nullable Future<Void> closed;

    private record Deployment(boolean enabled, Supplier<? extends Deployable> verticle, DeploymentOptions options) {}

    private Gateway(GatewayConfig config, InstantSource clock, List<Consumer<Router>> extraRoutes) {
        this.config = config;
        live = config.live();
        processClock = clock;
        tracing = Tracing.of(config.tracing(), Version.current(), registry);
        vertx = tracing.install(meters.vertx()).build();
        ready = HealthChecks.create(vertx);
        verticles = new Deployments(vertx);
        pools = new Pools(vertx, config.database());
        pool = pools.general();
        this.clock = new DatabaseClock(vertx, pool, clock, registry);
        resources = new ProcessResources(pool, registry, ready, this.clock, lifecycle, tracing);
        this.extraRoutes = List.copyOf(extraRoutes);
    }

    /** In the order of deployment. Undeployed in reverse order, before the HTTP server and the pools close. */
    private List<Deployment> deployments() {
        boolean live = config.roles().contains(Role.LIVE);
        boolean ingest = config.roles().contains(Role.INGEST);
        return List.of(
                new Deployment(live, this::live, new DeploymentOptions()),
                new Deployment(live, this::follow, new DeploymentOptions()),
                new Deployment(
                        ingest && config.live().fleetTopic() != null, this::publishFleet, new DeploymentOptions()),
                new Deployment(
                        ingest,
                        this::ingest,
                        new DeploymentOptions().setInstances(config.ingest().instances())),
                new Deployment(config.roles().contains(Role.ALERT), this::alerts, new DeploymentOptions()),
                new Deployment(config.roles().contains(Role.ALERT), this::webhooks, new DeploymentOptions()),
                new Deployment(config.roles().contains(Role.REPORT), this::reports, new DeploymentOptions()),
                new Deployment(
                        ingest,
                        () -> new QueryWatchdog(pool, config.analyst().queryLimit(), registry),
                        new DeploymentOptions()),
                new Deployment(
                        ingest,
                        () -> new RetentionVerticle(config.retention(), config.archive(), resources),
                        new DeploymentOptions()));
    }

    private ReportVerticle reports() {
        return new ReportVerticle(
                config.report(), requireNonNull(config.mail()), config.http().publicUrl(), resources);
    }

    private LiveVerticle live() {
        return new LiveVerticle(config.live(), config.ingest().abandonAfter(), viewers, registry, clock);
    }

    private Deployable follow() {
        String fleetTopic = config.live().fleetTopic();
        if (fleetTopic != null) {
            return new FleetFollowerVerticle(config.kafka(), fleetTopic, fleetWriter, resources);
        }
        boolean ingest = config.roles().contains(Role.INGEST);
        return new ReadOnlyIngestVerticle(
                config.kafka(),
                config.ingest(),
                config.heartRate(),
                resources.withPool(pools.ingest(config.ingest().instances())),
                ingest ? ingested : null);
    }

    private FleetPublisherVerticle publishFleet() {
        return new FleetPublisherVerticle(
                config.kafka(),
                requireNonNull(config.live().fleetTopic()),
                config.live().frameInterval(),
                ingested,
                fleetWriter,
                resources);
    }

    private IngestVerticle ingest() {
        return new IngestVerticle(
                config.kafka(),
                config.ingest(),
                config.heartRate(),
                resources.withPool(pools.ingest(config.ingest().instances())),
                ingested);
    }

    private AlertVerticle alerts() {
        return new AlertVerticle(
                requireNonNull(config.alert()),
                requireNonNull(config.mail()),
                config.http().publicUrl(),
                resources.withPool(pools.delivery()));
    }

    private WebhookVerticle webhooks() {
        return new WebhookVerticle(config.webhook(), config.http().publicUrl(), resources.withPool(pools.delivery()));
    }

    /** One instance per event loop, all on the same port. */
    private HttpServerVerticle server() {
        HttpServerVerticle server =
                new HttpServerVerticle(config.http(), ready, lifecycle, meters.registry(), routes(), connectOrigins());
        servers.add(server);
        return server;
    }

    /** The routes of all enabled features. */
    private List<Consumer<Router>> routes() {
        List<Consumer<Router>> routes = new ArrayList<>(extraRoutes);
        AlertConfig alert = config.alert();
        if (alert != null) {
            routes.add(router ->
                    AlertVerticle.mountPages(router, alert, config.http().publicUrl(), pool, clock, registry));
        }
        if (liveRoutes != null) {
            routes.add(liveRoutes);
        }
        if (api != null) {
            routes.add(liveRoutes == null ? api : api.withStreams(liveRoutes.streams()));
        } else if (liveRoutes != null) {
            routes.add(liveRoutes.streams());
        }
        return routes;
    }

    /** Origins that the dashboard may connect to besides its own: the identity provider's. */
    private List<String> connectOrigins() {
        LiveConfig.SignIn signIn = live.signIn();
        return signIn == null ? List.of() : List.of(signIn.tokenOrigin());
    }

    private Future<?> createTokens() {
        return config.jwt() == null
                ? Future.succeededFuture()
                : TokenVerifier.create(vertx, config.jwt(), processClock).onSuccess(created -> tokens = created);
    }

    private Future<?> discoverSignIn() {
        LiveConfig.SignIn signIn = live.signIn();
        if (!config.roles().contains(Role.LIVE) || signIn == null || !signIn.needsDiscovery()) {
            return Future.succeededFuture();
        }
        return OpenIdConfiguration.discover(vertx, requireNonNull(config.jwt()).issuer())
                .recover(e -> Future.failedFuture(new IOException(
                        "Cannot discover the endpoints for live.sign-in.client-id: " + e.getMessage()
                                + ". Set live.sign-in.authorization-url and live.sign-in.token-url instead.",
                        e)))
                .onSuccess(found -> live = live.withSignIn(signIn.withEndpoints(
                        found.authorizationEndpoint(), found.tokenEndpoint(), found.endSessionEndpoint())));
    }

    private @Nullable Void createLive() {
        if (config.roles().contains(Role.LIVE)) {
            String publicUrl = config.http().publicUrl();
            liveRoutes = new LiveRoutes(
                    vertx,
                    live,
                    publicUrl,
                    Version.current(),
                    requireNonNull(tokens),
                    new WallTokens(pool),
                    viewers,
                    processClock);
        }
        return null;
    }

    private Future<?> createApi() {
        if (!config.roles().contains(Role.API)) {
            return Future.succeededFuture();
        }
        Pool own = pools.api(config.api().statementTimeout());
        Operations operations = new WarehouseOperations(
                vertx,
                own,
                HeartRateMonitor.policy(config.heartRate()),
                config.report().zone(),
                new TableauFiles(config.analyst()),
                clock,
                new StatusOperations(Version.current(), ready, registry));
        return ApiRoutes.create(
                        vertx,
                        requireNonNull(tokens),
                        operations,
                        config.api(),
                        config.http().publicUrl())
                .onSuccess(created -> api = created);
    }

    /**
     * Starts a gateway. If that fails, closes the parts already started; the future's message gives the reason.
     *
     * @param clock the time of day of the process; where it differs from the database's, only tokens are checked by it
     */
    public static Future<Gateway> start(GatewayConfig config, InstantSource clock) {
        return start(config, clock, List.of());
    }

    /** As {@link #start(GatewayConfig, InstantSource)}, with additional routes on the HTTP server. */
    public static Future<Gateway> start(GatewayConfig config, InstantSource clock, List<Consumer<Router>> extraRoutes) {
        return new Gateway(config, clock, extraRoutes).start();
    }

    /** A gateway that is not started yet, for a caller that may have to {@link #close} it while it starts. */
    static Gateway create(GatewayConfig config, InstantSource clock) {
        return new Gateway(config, clock, List.of());
    }

    /** The port on which the HTTP server listens. */
    public int port() {
        HttpServerVerticle server = servers.peek();
        return server == null ? config.http().port() : server.port();
    }

    /** The port on which health and metrics are served. */
    public int managementPort() {
        HttpServerVerticle server = servers.peek();
        return server == null ? port() : server.managementPort();
    }

    /**
     * Becomes unready, lets the verticles finish their work, then closes everything. Idempotent. The future completes on a
     * thread of its own, since no event loop is left.
     */
    public synchronized Future<Void> close() {
        if (closed == null) {
            lifecycle.drain();
            Promise<Void> done = Promise.promise();
            Thread.ofVirtual().name("close").start(() -> closeAll(done));
            closed = done.future();
        }
        return closed;
    }

    private void closeAll(Promise<Void> done) {
        try {
            verticles.undeploy();
            pools.close();
            closeVertx();
            tracing.close();
            meters.close();
            done.complete();
        } catch (Exception e) {
            done.fail(e);
        }
    }

    /** The client of a server that does not answer never closes its sockets; they end with the process. */
    private void closeVertx() throws Exception {
        try {
            vertx.close().await(VERTX_CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Stopping with open connections: a server does not answer");
        }
    }

    /** Once only. Fails if the gateway cannot start or is closed meanwhile. */
    Future<Gateway> start() {
        ProcessChecks.register(vertx, resources, () -> schema, clock::offset);
        EventLoopWatch loops = new EventLoopWatch(lifecycle);
        DeploymentOptions everyLoop = new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE);
        Future<?> started = createTokens()
                .compose(v -> discoverSignIn())
                .<Void>map(v -> createLive())
                .compose(v -> createApi())
                .compose(v -> verticles.deploy(
                        this::server,
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors())))
                .compose(v -> verticles.deploy(() -> new EventLoopLag(registry, loops), everyLoop))
                .compose(v -> vertx.executeBlocking(this::migrate))
                .compose(v -> clock.start());
        for (Deployment deployment : deployments()) {
            if (deployment.enabled()) {
                started = started.compose(v -> verticles.deploy(deployment.verticle(), deployment.options()));
            }
        }
        Promise<Gateway> running = Promise.promise();
        started.onSuccess(v -> {
                    lifecycle.run();
                    LOG.info(
                            "ready on {}:{} as {}, health and metrics on port {}",
                            config.http().host(),
                            port(),
                            config.roles(),
                            managementPort());
                    running.complete(this);
                })
                .onFailure(failure -> close().onComplete(done -> running.fail(failure)));
        return running.future();
    }

    private @Nullable Void migrate() {
        if (config.database().migrateAtStart()) {
            Migrations.Result result = Migrations.run(config.database());
            schema = result.current();
            LOG.info("schema version {}, migrations applied: {}", schema, result.applied());
            return null;
        }
        List<String> pending = Migrations.pending(config.database());
        if (!pending.isEmpty()) {
            throw new IllegalStateException(
                    "The schema lacks the migrations %s; run the command migrate or set database.migrate-at-start"
                            .formatted(String.join(", ", pending)));
        }
        schema = "up to date";
        return null;
    }
}
