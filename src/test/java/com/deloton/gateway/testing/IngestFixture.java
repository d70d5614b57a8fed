package com.deloton.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.HeartRateConfig;
import com.deloton.gateway.config.IngestConfig;
import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.ingest.IngestVerticle;
import com.deloton.gateway.ingest.partition.IngestedPartitions;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.simulate.model.ExpectedRide;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** A gateway that takes in what a simulated fleet says, on servers of its own; started and stopped at will. */
public final class IngestFixture {
    /** Short rides, a third of them by riders whose heart rate leaves its limits. */
    public static final FleetOptions ABNORMAL = FleetOptions.defaults()
            .withSeed(11)
            .withBikes(20)
            .withSpeed(Double.POSITIVE_INFINITY)
            .withStart(Instant.parse("2026-11-24T10:00:00Z"))
            .withRideSeconds(45, 80)
            .withAbnormalHeartRate(0.35);

    public final Warehouse warehouse;
    public final String topic;
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final List<ExpectedRide> ledger = Collections.synchronizedList(new ArrayList<>());
    public Duration flushInterval = Duration.ofMillis(50);
    public Duration abandonAfter = Duration.ofMinutes(30);
    /** Client properties beyond the gateway's own. */
    public Map<String, String> kafkaProperties = Map.of();

    public HeartRateConfig heartRate = HeartRateConfig.DEFAULT;
    public int maxStreams = IngestConfig.DEFAULT_MAX_STREAMS_PER_PARTITION;
    private Vertx vertx = Vertx.vertx();
    private HealthChecks ready = HealthChecks.create(vertx);
    private Pool pool;
    private long sent;

    public IngestFixture() {
        this(Warehouse.fresh(), TestServers.freshTopic(3));
    }

    public IngestFixture(Warehouse warehouse, String topic) {
        this.warehouse = warehouse;
        this.topic = topic;
        pool = pool(vertx, warehouse);
    }

    public Vertx vertx() {
        return vertx;
    }

    public Pool pool() {
        return pool;
    }

    public HealthChecks ready() {
        return ready;
    }

    /** Uses other connections for the verticles that are started from now on. */
    public void usePool(Function<Vertx, Pool> maker) {
        pool = maker.apply(vertx);
    }

    public void start() throws Exception {
        start(InstantSource.system());
    }

    /** One more instance; the answer is the id by which it is undeployed. */
    public String start(InstantSource clock) throws Exception {
        return await(vertx.deployVerticle(new IngestVerticle(
                new KafkaConfig(TestServers.kafkaBootstrap(), topic, "group-" + topic, kafkaProperties),
                new IngestConfig(
                        1, flushInterval, IngestConfig.DEFAULT_MAX_FLUSH_INTERVAL, 20_000, abandonAfter, maxStreams),
                heartRate,
                new ProcessResources(pool, meters, ready, clock),
                new IngestedPartitions())));
    }

    /** Stops all there is and makes a new Vert.x and pool, with nothing deployed. */
    public void renew() throws Exception {
        close();
        vertx = Vertx.vertx();
        ready = HealthChecks.create(vertx);
        pool = pool(vertx, warehouse);
    }

    public void close() throws Exception {
        close(vertx);
    }

    /** As a gateway does it: what uses the pool ends before the pool does. */
    public static void close(Vertx vertx) throws Exception {
        for (String verticle : vertx.deploymentIDs()) {
            await(vertx.undeploy(verticle));
        }
        await(vertx.close());
    }

    /** Lets a fleet say all it has to say, and waits until that is in the warehouse; again with another if need be. */
    public void ride(FleetOptions options) throws Exception {
        FleetProducer fleet = fleet(options);
        try {
            fleet.start();
            assertThat(fleet.awaitEnd(Duration.ofSeconds(60))).isTrue();
        } finally {
            fleet.close();
        }
        sent += fleet.sent();
        warehouse.awaitRecords(topic, sent);
    }

    public FleetProducer fleet(FleetOptions options) {
        return new FleetProducer(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrap()),
                topic,
                options,
                InstantSource.system(),
                ledger::add);
    }

    /** Of the rides so far, as {@link #expectedAlerts(List)}. */
    public Set<String> expectedAlerts() {
        return expectedAlerts(ledger);
    }

    /** {@code bike/ordinal firstS-raisedS high} of the first episode of each ride of a ledger. */
    public static Set<String> expectedAlerts(List<ExpectedRide> ledger) {
        Map<String, Integer> ordinals = new TreeMap<>();
        Set<String> expected = new TreeSet<>();
        ledger.stream()
                .sorted(Comparator.comparingInt(ExpectedRide::ordinal))
                .filter(ride -> ride.logOnMicros() != null || !ride.readings().isEmpty())
                .forEach(ride -> {
                    int ordinal = ordinals.merge(ride.bikeSerial(), 1, Integer::sum);
                    ride.episodes().stream()
                            .limit(ride.riderUserId() == null ? 0 : 1)
                            .forEach(e -> expected.add("%s/%d %d-%d %s"
                                    .formatted(ride.bikeSerial(), ordinal, e.firstS(), e.raisedS(), e.high())));
                });
        return expected;
    }

    /** Of this warehouse, as {@link #storedAlerts(Warehouse)}. */
    public Set<String> storedAlerts() {
        return storedAlerts(warehouse);
    }

    /** As {@link #expectedAlerts(List)}, of a warehouse's alerts that are mailed. */
    public static Set<String> storedAlerts(Warehouse warehouse) {
        Set<String> stored = new TreeSet<>();
        warehouse.rows("""
                        SELECT r.stream_key, r.ordinal, a.first_s, a.raised_s, a.high
                        FROM alert a
                        JOIN (SELECT *, row_number() OVER (PARTITION BY stream_key ORDER BY started_at, ride_id) AS ordinal
                            FROM ride) r USING (ride_id)
                        WHERE a.quiet IS NULL""").forEach(row -> stored.add("%s/%d %d-%d %s".formatted(row.toArray())));
        return stored;
    }

    /** With the rights that a gateway has, and no more. */
    public static Pool pool(Vertx vertx, Warehouse warehouse) {
        try (Connection connection = warehouse.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("GRANT deloton_gateway TO CURRENT_USER");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return PgBuilder.pool()
                .using(vertx)
                .connectingTo(
                        PgConnectOptions.fromUri(warehouse.database().url()).addProperty("role", "deloton_gateway"))
                .build();
    }

    public static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** Something that will be so. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    public static void awaitTrue(Condition condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("still not so after 60 s").isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
