package com.deloton.gateway.ingest.fleet;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;

import com.deloton.gateway.bench.GatewayMetrics;
import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.event.IngestBatch.Event;
import com.deloton.gateway.event.IngestBatch.Measured;
import com.deloton.gateway.event.IngestBatch.PartitionRestored;
import com.deloton.gateway.event.IngestBatch.Started;
import com.deloton.gateway.event.RideIds;
import com.deloton.gateway.ingest.partition.IngestedPartitions;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.store.Pools;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.TestConfigs;
import com.deloton.gateway.testing.TestIssuer;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A live process that reads the fleet topic: rides with a reading each second, written by {@link FleetPublisherVerticle} in this
 * process.
 */
final class FleetTopicRun implements AutoCloseable {
    private static final int BURSTS_A_SECOND = 10;

    private final int bikes;
    private final HttpClient http = HttpClient.newHttpClient();
    private final TestIssuer issuer = TestIssuer.start();
    private final int port = LocalServers.freePort();
    private final GatewayMetrics metrics = new GatewayMetrics(port);
    private final Vertx vertx = Vertx.vertx();
    private final GatewayProcess gateway;
    private int elapsedS = 1;

    private FleetTopicRun(int bikes, Warehouse warehouse, String fleetTopic) throws IOException {
        this.bikes = bikes;
        gateway = GatewayProcess.startOptimised(
                warehouse.database(),
                TestServers.freshTopic(4),
                Map.of(
                        "DELOTON_GATEWAY_ROLES",
                        "live",
                        "DELOTON_HTTP_PORT",
                        String.valueOf(port),
                        "DELOTON_LIVE_FLEET_TOPIC",
                        fleetTopic,
                        "DELOTON_API_JWT_ISSUER",
                        TestIssuer.ISSUER,
                        "DELOTON_API_JWT_JWKS_URL",
                        issuer.url()),
                List.of("-Xmx1g"));
    }

    /** Returns when the live process shows the bikes. */
    static FleetTopicRun started(int bikes) throws Exception {
        String fleetTopic = TestServers.freshTopic(4);
        Warehouse warehouse = Warehouse.fresh();
        FleetTopicRun run = new FleetTopicRun(bikes, warehouse, fleetTopic);
        awaitTrue(() -> GatewayProcess.isReady(run.port));
        run.publish(warehouse, fleetTopic);
        run.start();
        run.ride(1);
        awaitTrue(() -> {
            run.ride(1);
            return run.riding() > bikes * 0.99;
        });
        return run;
    }

    private void publish(Warehouse warehouse, String fleetTopic) {
        IngestedPartitions ingested = new IngestedPartitions();
        ingested.add(0);
        vertx.deployVerticle(new FleetPublisherVerticle(
                        new KafkaConfig(TestServers.kafkaBootstrap(), "unused", "unused", Map.of()),
                        fleetTopic,
                        Duration.ofMillis(500),
                        ingested,
                        FleetWriter.unique(),
                        new ProcessResources(
                                new Pools(vertx, TestConfigs.database(warehouse.database())).general(),
                                new SimpleMeterRegistry(),
                                HealthChecks.create(vertx),
                                InstantSource.system())))
                .await();
    }

    /** What the live process uses after the warm-up. This JVM has writer and broker. */
    JsonObject measure(int warmUpS, int seconds) throws Exception {
        ride(warmUpS);
        double cpu = metrics.cpuSeconds();
        double jvmBefore = jvmCpu();
        long begin = System.nanoTime();
        ride(seconds);
        double cpuS = metrics.cpuSeconds() - cpu;
        double duration = (System.nanoTime() - begin) / 1e9;
        return new JsonObject()
                .put("bikes", bikes)
                .put("ridesShown", riding())
                .put("liveCpuShareOfACore", cpuS / duration)
                .put("writerAndBrokerCpuShareOfACore", (jvmCpu() - jvmBefore) / duration)
                .put("lagRecords", metrics.sum("deloton_live_follow_lag_records"));
    }

    private void start() {
        List<Event> events = new ArrayList<>();
        events.add(new PartitionRestored(0, 0, List.of()));
        for (int bike = 0; bike < bikes; bike++) {
            events.add(new Started(
                    RideIds.of(bike, 0),
                    "bike-" + bike,
                    null,
                    "SN-" + bike,
                    System.currentTimeMillis() * 1_000,
                    new HeartRateLimits(50, 190)));
        }
        IngestBatch.publish(vertx.eventBus(), events);
    }

    /** A reading of each bike in each second, in bursts as polls bring them. */
    private void ride(int seconds) {
        long start = System.nanoTime();
        for (int burst = 0; burst < seconds * BURSTS_A_SECOND; burst++) {
            List<Event> events = new ArrayList<>();
            long now = System.currentTimeMillis() * 1_000;
            int second = elapsedS + burst / BURSTS_A_SECOND;
            for (int bike = burst % BURSTS_A_SECOND; bike < bikes; bike += BURSTS_A_SECOND) {
                events.add(new Measured(
                        RideIds.of(bike, 0),
                        new Reading(second, now, 100 + (bike + second) % 80, 70 + second % 30, 40, 100 + bike % 150),
                        now));
            }
            IngestBatch.publish(vertx.eventBus(), events);
            LockSupport.parkNanos(start + (burst + 1) * 1_000_000_000L / BURSTS_A_SECOND - System.nanoTime());
        }
        elapsedS += seconds;
    }

    private int riding() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/live/fleet"))
                .header("authorization", "Bearer " + issuer.token("rides:read"))
                .build();
        return new JsonObject(
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .getJsonObject("totals")
                .getInteger("riding");
    }

    private static double jvmCpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    @Override
    public void close() {
        vertx.close().await();
        gateway.close();
        issuer.close();
    }
}
