package com.deloton.gateway.ingest.fleet;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The CPU of a live process that reads the fleet topic: {@code -Dfleet.bikes} rides (100,000) with a reading each second,
 * written by {@link FleetPublisherVerticle} in this process, {@code -Dfleet.warmup} (60) and {@code -Dfleet.seconds} (30).
 */
@Tag("bench")
class FleetTopicBench {
    private static final int BIKES = Integer.getInteger("fleet.bikes", 100_000);
    private static final int WARMUP_S = Integer.getInteger("fleet.warmup", 60);
    private static final int SECONDS = Integer.getInteger("fleet.seconds", 30);
    private static final int BURSTS_A_SECOND = 10;

    private final HttpClient http = HttpClient.newHttpClient();
    private final TestIssuer issuer = TestIssuer.start();
    private final int port = LocalServers.freePort();

    @Test
    void aLiveProcessReadsTheFleet() throws Exception {
        String topic = TestServers.freshTopic(4);
        Warehouse warehouse = Warehouse.fresh();
        GatewayProcess gateway = GatewayProcess.startOptimised(
                warehouse.database(),
                TestServers.freshTopic(4),
                Map.of(
                        "DELOTON_GATEWAY_ROLES",
                        "live",
                        "DELOTON_HTTP_PORT",
                        String.valueOf(port),
                        "DELOTON_LIVE_FLEET_TOPIC",
                        topic,
                        "DELOTON_API_JWT_ISSUER",
                        TestIssuer.ISSUER,
                        "DELOTON_API_JWT_JWKS_URL",
                        issuer.url()),
                List.of("-Xmx1g"));
        Vertx vertx = Vertx.vertx();
        try {
            awaitTrue(() -> GatewayProcess.isReady(port));
            IngestedPartitions ingested = new IngestedPartitions();
            ingested.add(0);
            ProcessResources resources = new ProcessResources(
                    new Pools(vertx, TestConfigs.database(warehouse.database())).general(),
                    new SimpleMeterRegistry(),
                    HealthChecks.create(vertx),
                    InstantSource.system());
            vertx.deployVerticle(new FleetPublisherVerticle(
                            new KafkaConfig(TestServers.kafkaBootstrap(), "unused", "unused", Map.of()),
                            topic,
                            Duration.ofMillis(500),
                            ingested,
                            FleetWriter.unique(),
                            resources))
                    .await();
            start(vertx);
            ride(vertx, 1, 10);
            awaitTrue(() -> riding() > BIKES * 0.99);
            ride(vertx, 11, WARMUP_S);
            double cpu = cpuSeconds();
            long begin = System.nanoTime();
            ride(vertx, 11 + WARMUP_S, SECONDS);
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    "%,d bikes in real time: a live process uses %.0f %% of a core; lag %.0f records%n",
                    BIKES, (cpuSeconds() - cpu) / seconds * 100, metric("deloton_live_follow_lag_records"));
        } finally {
            vertx.close().await();
            gateway.close();
        }
    }

    private static void start(Vertx vertx) {
        List<Event> events = new ArrayList<>();
        events.add(new PartitionRestored(0, 0, List.of()));
        for (int bike = 0; bike < BIKES; bike++) {
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
    private static void ride(Vertx vertx, int firstS, int seconds) {
        long start = System.nanoTime();
        for (int burst = 0; burst < seconds * BURSTS_A_SECOND; burst++) {
            List<Event> events = new ArrayList<>();
            long now = System.currentTimeMillis() * 1_000;
            int second = firstS + burst / BURSTS_A_SECOND;
            for (int bike = burst % BURSTS_A_SECOND; bike < BIKES; bike += BURSTS_A_SECOND) {
                events.add(new Measured(
                        RideIds.of(bike, 0),
                        new Reading(second, now, 100 + (bike + second) % 80, 70 + second % 30, 40, 100 + bike % 150),
                        now));
            }
            IngestBatch.publish(vertx.eventBus(), events);
            LockSupport.parkNanos(start + (burst + 1) * 1_000_000_000L / BURSTS_A_SECOND - System.nanoTime());
        }
    }

    private int riding() throws Exception {
        return new JsonObject(get("/live/fleet").body()).getJsonObject("totals").getInteger("riding");
    }

    private double cpuSeconds() throws Exception {
        return metric("process_cpu_time_ns_total") / 1e9;
    }

    private double metric(String name) throws Exception {
        Matcher line = Pattern.compile("^" + name + " (\\S+)$", Pattern.MULTILINE)
                .matcher(get("/metrics").body());
        return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("authorization", "Bearer " + issuer.token("rides:read"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
