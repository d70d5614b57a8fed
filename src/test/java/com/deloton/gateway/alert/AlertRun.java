package com.deloton.gateway.alert;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;

import com.deloton.gateway.bench.PostgresCpu;
import com.deloton.gateway.bench.Quantiles;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.ScriptedSmtp;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gateways with the roles ingest and alert as processes, a mail server and a webhook's endpoint that note when an alert arrives. */
final class AlertRun implements AutoCloseable {
    private static final Pattern MESSAGE_ID = Pattern.compile("<alert-(\\d+-\\d+)-alert@");
    private static final String RAISED = "alert.raised-";
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String ALERTS = """
            SELECT ride_id || '-' || first_s, (extract(epoch FROM received_at) * 1000)::bigint,
                coalesce((extract(epoch FROM d.sent_at) * 1000)::bigint, 0)
            FROM alert JOIN alert_delivery d USING (ride_id, first_s)
            WHERE d.kind = 'alert' AND d.status <> 'suppressed' ORDER BY 2""";

    private final Map<String, Long> accepted = new ConcurrentHashMap<>();
    private final Map<String, Long> called = new ConcurrentHashMap<>();
    private final Vertx vertx = Vertx.vertx();
    private final ScriptedSmtp smtp = new ScriptedSmtp();
    private final int hookPort;

    AlertRun() {
        smtp.toMail(this::accept);
        HttpServer hooks = vertx.createHttpServer()
                .requestHandler(request -> {
                    String id = String.valueOf(request.getHeader("webhook-id"));
                    called.putIfAbsent(id.replace(RAISED, ""), System.currentTimeMillis());
                    request.response().setStatusCode(204).end();
                })
                .listen(0, "127.0.0.1")
                .await();
        hookPort = hooks.actualPort();
    }

    private String accept(String mail) {
        Matcher id = MESSAGE_ID.matcher(mail);
        if (id.find()) {
            accepted.putIfAbsent(id.group(1), System.currentTimeMillis());
        }
        return "250 taken";
    }

    /**
     * Measures the alerts whose reading came after the warm-up.
     *
     * @param seconds of the measurement
     */
    JsonObject measure(FleetOptions fleet, int warmUpS, int seconds) throws Exception {
        // Another database has other alerts with the same keys.
        accepted.clear();
        called.clear();
        Warehouse warehouse = Warehouse.fresh();
        String topic = TestServers.freshTopic(4);
        int port = LocalServers.freePort();
        PostgresCpu postgres = PostgresCpu.of(warehouse.database());
        try (GatewayProcess gateway = start(warehouse, topic, port);
                FleetProducer bikes = new FleetProducer(
                        Map.of("bootstrap.servers", TestServers.kafkaBootstrap()),
                        topic,
                        fleet,
                        InstantSource.system())) {
            awaitTrue(() -> GatewayProcess.isReady(port));
            bikes.start();
            TimeUnit.SECONDS.sleep(warmUpS);
            long from = System.currentTimeMillis();
            Duration gatewayBefore = gateway.jvm().cpu();
            double postgresBefore = postgres.seconds();
            TimeUnit.SECONDS.sleep(seconds);
            long to = System.currentTimeMillis();
            JsonObject row = new JsonObject()
                    .put("bikes", fleet.bikes())
                    .put("gatewayCpuS", gateway.jvm().cpu().minus(gatewayBefore).toNanos() / 1e9)
                    .put("postgresCpuS", postgres.seconds() - postgresBefore);
            awaitTrue(() -> isReadUpTo(warehouse, to));
            return addAlerts(row, warehouse, from, to);
        }
    }

    private GatewayProcess start(Warehouse warehouse, String topic, int port) throws Exception {
        return GatewayProcess.startOptimised(
                warehouse.database(),
                topic,
                Map.ofEntries(
                        Map.entry("DELOTON_GATEWAY_ROLES", "ingest,alert"),
                        Map.entry("DELOTON_HTTP_PORT", String.valueOf(port)),
                        Map.entry("DELOTON_INGEST_FLUSH_INTERVAL", "1s"),
                        Map.entry("DELOTON_MAIL_HOST", "127.0.0.1"),
                        Map.entry("DELOTON_MAIL_PORT", String.valueOf(smtp.port())),
                        Map.entry("DELOTON_MAIL_SECURITY", "plain"),
                        Map.entry("DELOTON_MAIL_FROM", "alerts@deloton.example.com"),
                        Map.entry("DELOTON_MAIL_ALLOWED_DOMAINS", "example.com"),
                        Map.entry("DELOTON_ALERT_LINK_SECRET", AlertFixture.SECRET),
                        Map.entry("DELOTON_WEBHOOK_TARGETS", "this-machine"),
                        Map.entry("DELOTON_WEBHOOK_ENDPOINT_OPS_URL", "http://127.0.0.1:" + hookPort + "/"),
                        Map.entry("DELOTON_WEBHOOK_ENDPOINT_OPS_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                        Map.entry("DELOTON_WEBHOOK_ENDPOINT_OPS_EVENTS", "alert.raised")));
    }

    /** Whether all readings and therefore all alerts until this time are stored. */
    private static boolean isReadUpTo(Warehouse warehouse, long to) {
        return warehouse.count(
                        "SELECT count(*) FROM ingest_position WHERE extract(epoch FROM last_record_at) * 1000 < " + to)
                == 0;
    }

    /** Waits until all alerts of the time are delivered. */
    private JsonObject addAlerts(JsonObject row, Warehouse warehouse, long from, long to) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        List<Alert> alerts = alerts(warehouse, from, to);
        while (!alerts.stream().allMatch(Alert::isDelivered) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(100);
            alerts = alerts(warehouse, from, to);
        }
        List<Alert> delivered = alerts.stream().filter(Alert::isDelivered).toList();
        row.put("alerts", alerts.size()).put("notDelivered", alerts.size() - delivered.size());
        Quantiles.of(delivered.stream()
                        .map(alert -> alert.mailed - alert.received)
                        .toList())
                .putInto(row, "mail", "Ms");
        Quantiles.of(delivered.stream()
                        .map(alert -> alert.called - alert.received)
                        .toList())
                .putInto(row, "webhook", "Ms");
        Quantiles.of(delivered.stream()
                        .map(alert -> alert.stored - alert.mailed)
                        .toList())
                .putInto(row, "killWindow", "Ms");
        return row;
    }

    /** Milliseconds since 1970: Kafka's timestamp, the acceptances, and the stored result; 0 if it is not there. */
    private record Alert(long received, long mailed, long called, long stored) {
        boolean isDelivered() {
            return mailed > 0 && called > 0 && stored > 0;
        }
    }

    private List<Alert> alerts(Warehouse warehouse, long from, long to) {
        List<Alert> alerts = new ArrayList<>();
        for (List<Object> row : warehouse.rows(ALERTS)) {
            String id = String.valueOf(row.getFirst());
            long received = (Long) row.get(1);
            if (received >= from && received < to) {
                alerts.add(new Alert(
                        received, accepted.getOrDefault(id, 0L), called.getOrDefault(id, 0L), (Long) row.get(2)));
            }
        }
        return alerts;
    }

    @Override
    public void close() {
        smtp.close();
        vertx.close().await();
    }
}
