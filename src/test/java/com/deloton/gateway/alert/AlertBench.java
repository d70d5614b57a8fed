package com.deloton.gateway.alert;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;

import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.ScriptedSmtp;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How late alerts are, with bikes in real time of which 1 % of the rides are out of range at a time: from Kafka's timestamp
 * of the reading to the acceptance by the mail server and to the call of a webhook. The kill window is the time from the
 * acceptance to the stored result; a gateway that is killed within it sends one more copy. {@code -Dalert.bikes=1000,10000}
 * are the sizes, {@code -Dalert.warmup} and {@code -Dalert.seconds} the seconds before and of each measurement.
 */
@Tag("bench")
class AlertBench {
    private static final List<Integer> BIKES = Stream.of(
                    System.getProperty("alert.bikes", "1000,10000").split(",", -1))
            .map(Integer::valueOf)
            .toList();
    private static final int WARM_UP_S = Integer.getInteger("alert.warmup", 60);
    private static final int MEASURED_S = Integer.getInteger("alert.seconds", 120);
    private static final Pattern MESSAGE_ID = Pattern.compile("<alert-(\\d+-\\d+)-alert@");
    private static final String RAISED = "alert.raised-";

    private final Map<String, Long> accepted = new ConcurrentHashMap<>();
    private final Map<String, Long> called = new ConcurrentHashMap<>();

    @Test
    void fromReadingToMailAndWebhook() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (ScriptedSmtp smtp = new ScriptedSmtp()) {
            smtp.toMail(this::accept);
            HttpServer hooks = vertx.createHttpServer()
                    .requestHandler(request -> {
                        String id = String.valueOf(request.getHeader("webhook-id"));
                        called.putIfAbsent(id.replace(RAISED, ""), System.currentTimeMillis());
                        request.response().setStatusCode(204).end();
                    })
                    .listen(0, "127.0.0.1")
                    .await();
            for (int bikes : BIKES) {
                run(bikes, smtp.port(), hooks.actualPort());
            }
        } finally {
            vertx.close().await();
        }
    }

    private String accept(String mail) {
        Matcher id = MESSAGE_ID.matcher(mail);
        if (id.find()) {
            accepted.putIfAbsent(id.group(1), System.currentTimeMillis());
        }
        return "250 taken";
    }

    private void run(int bikes, int smtpPort, int hookPort) throws Exception {
        Warehouse warehouse = Warehouse.fresh();
        String topic = TestServers.freshTopic(4);
        int port = LocalServers.freePort();
        FleetProducer fleet = new FleetProducer(
                Map.of("bootstrap.servers", TestServers.kafkaBootstrap()),
                topic,
                FleetOptions.defaults()
                        .withBikes(bikes)
                        .withAbnormalHeartRate(0.01)
                        .withRideSeconds(60, 90)
                        .withPauseSeconds(1, 5),
                InstantSource.system());
        GatewayProcess gateway = GatewayProcess.startOptimised(
                warehouse.database(),
                topic,
                Map.ofEntries(
                        Map.entry("DELOTON_GATEWAY_ROLES", "ingest,alert"),
                        Map.entry("DELOTON_HTTP_PORT", String.valueOf(port)),
                        Map.entry("DELOTON_INGEST_FLUSH_INTERVAL", "1s"),
                        Map.entry("DELOTON_MAIL_HOST", "127.0.0.1"),
                        Map.entry("DELOTON_MAIL_PORT", String.valueOf(smtpPort)),
                        Map.entry("DELOTON_MAIL_SECURITY", "plain"),
                        Map.entry("DELOTON_MAIL_FROM", "alerts@deloton.example.com"),
                        Map.entry("DELOTON_MAIL_ALLOWED_DOMAINS", "example.com"),
                        Map.entry("DELOTON_ALERT_LINK_SECRET", AlertFixture.SECRET),
                        Map.entry("DELOTON_WEBHOOK_TARGETS", "this-machine"),
                        Map.entry("DELOTON_WEBHOOK_ENDPOINT_OPS_URL", "http://127.0.0.1:" + hookPort + "/"),
                        Map.entry("DELOTON_WEBHOOK_ENDPOINT_OPS_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                        Map.entry("DELOTON_WEBHOOK_ENDPOINT_OPS_EVENTS", "alert.raised")));
        try {
            awaitTrue(() -> GatewayProcess.isReady(port));
            fleet.start();
            TimeUnit.SECONDS.sleep(WARM_UP_S);
            long from = System.currentTimeMillis();
            TimeUnit.SECONDS.sleep(MEASURED_S);
            report(bikes, warehouse, from, System.currentTimeMillis());
        } finally {
            fleet.close();
            gateway.close();
        }
    }

    private void report(int bikes, Warehouse warehouse, long from, long to) throws Exception {
        TimeUnit.SECONDS.sleep(5);
        List<Long> mails = new ArrayList<>();
        List<Long> hooks = new ArrayList<>();
        List<Long> windows = new ArrayList<>();
        int missing = 0;
        for (List<Object> row : warehouse.rows("""
                SELECT ride_id || '-' || first_s, (extract(epoch FROM received_at) * 1000)::bigint,
                    coalesce((extract(epoch FROM d.sent_at) * 1000)::bigint, 0)
                FROM alert JOIN alert_delivery d USING (ride_id, first_s)
                WHERE d.kind = 'alert' AND d.status <> 'suppressed' ORDER BY 2""")) {
            long received = (Long) row.get(1);
            long stored = (Long) row.get(2);
            if (received < from || received >= to) {
                continue;
            }
            Long mail = accepted.get(String.valueOf(row.getFirst()));
            Long hook = called.get(String.valueOf(row.getFirst()));
            if (mail == null || hook == null || stored == 0) {
                missing++;
                continue;
            }
            mails.add(mail - received);
            hooks.add(hook - received);
            windows.add(stored - mail);
        }
        System.out.printf(
                "%,d bikes, %d alerts, %d not sent yet: mail %s, webhook %s, kill window %s%n",
                bikes, mails.size(), missing, quantiles(mails), quantiles(hooks), quantiles(windows));
    }

    private static String quantiles(List<Long> values) {
        if (values.isEmpty()) {
            return "none";
        }
        List<Long> sorted = values.stream().sorted().toList();
        return "p50 %d ms, p99 %d ms, max %d ms"
                .formatted(
                        sorted.get(sorted.size() / 2),
                        sorted.get(Math.min(sorted.size() - 1, (int) (sorted.size() * 0.99))),
                        sorted.getLast());
    }
}
