package com.deloton.gateway.ops;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static com.deloton.gateway.testing.OtlpReceiver.attributes;
import static com.deloton.gateway.testing.OtlpReceiver.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.Gateway;
import com.deloton.gateway.config.ConfigLoader;
import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.config.tracing.TracingConfig;
import com.deloton.gateway.local.LocalMail;
import com.deloton.gateway.simulate.model.WireFormat;
import com.deloton.gateway.testing.BikeProducer;
import com.deloton.gateway.testing.OtlpReceiver;
import com.deloton.gateway.testing.TestConfigs;
import com.deloton.gateway.testing.TestIssuer;
import com.deloton.gateway.testing.TestServers;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("NullAway.Init")
class TracingIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String TOPIC = TestServers.freshTopic(1);

    private static OtlpReceiver receiver;
    private static LocalMail mail;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        receiver = new OtlpReceiver();
        mail = TestServers.mail();
        GatewayConfig plain = TestConfigs.gateway(
                TestConfigs.database(TestServers.freshDatabase()),
                TestServers.kafkaBootstrap(),
                TOPIC,
                Role.INGEST,
                Role.ALERT,
                Role.API);
        GatewayConfig alerts = ConfigLoader.load(
                List.of(),
                Map.of(
                        "DELOTON_MAIL_HOST", "127.0.0.1",
                        "DELOTON_MAIL_PORT", String.valueOf(mail.smtpPort()),
                        "DELOTON_MAIL_SECURITY", "plain",
                        "DELOTON_MAIL_FROM", "alerts@example.com",
                        "DELOTON_MAIL_ALLOWED_DOMAINS", "example.com",
                        "DELOTON_ALERT_LINK_SECRET", "0123456789abcdef0123456789abcdef"),
                "mail",
                "alert");
        gateway = Gateway.start(
                        new GatewayConfig(
                                plain.roles(),
                                plain.http(),
                                plain.kafka(),
                                plain.database(),
                                plain.ingest(),
                                plain.heartRate(),
                                alerts.mail(),
                                alerts.alert(),
                                plain.webhook(),
                                plain.jwt(),
                                plain.api(),
                                plain.live(),
                                plain.report(),
                                plain.analyst(),
                                plain.retention(),
                                plain.archive(),
                                new TracingConfig(receiver.url(), 1, Duration.ofSeconds(5), 2_048)),
                        InstantSource.system())
                .await();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close().await();
        mail.close();
        receiver.close();
    }

    @Test
    void theTraceOfARecordContinuesToItsCommitItsAlertAndTheMail() throws Exception {
        Instant start = Instant.now().minusSeconds(30);
        try (BikeProducer bikes = new BikeProducer(TOPIC)) {
            bikes.send(0, "bike", logOn(start));
            int second = 1;
            for (int bpm : List.of(150, 170, 176, 178)) {
                bikes.send(0, "bike", reading(start, second++, bpm));
            }
            bikes.send(0, "bike", List.of(reading(start, second, 180).getFirst()));
            ProducerRecord<byte[], byte[]> last = new ProducerRecord<>(
                    TOPIC,
                    0,
                    "bike".getBytes(StandardCharsets.UTF_8),
                    WireFormat.record(reading(start, second, 180).getLast()));
            last.headers()
                    .add("traceparent", "00-%s-%s-01".formatted(TRACE, SPAN).getBytes(StandardCharsets.US_ASCII));
            bikes.producer().send(last).get();
        }

        awaitTrue(() -> receiver.trace(TRACE).size() >= 4);
        List<Span> trace = receiver.trace(TRACE);
        Span record = span(trace, "process " + TOPIC);
        Span alert = span(trace, "store alert");
        assertThat(hex(record.getParentSpanId())).isEqualTo(SPAN);
        assertThat(span(trace, "flush").getParentSpanId()).isEqualTo(record.getSpanId());
        assertThat(alert.getParentSpanId()).isEqualTo(record.getSpanId());
        assertThat(span(trace, "mail alert").getParentSpanId()).isEqualTo(alert.getSpanId());
        assertThat(attributes(record)).contains("messaging.destination.partition.id=0", "messaging.kafka.offset=13");
        assertThat(attributes(span(trace, "mail alert"))).contains("deloton.mail.result=Accepted");
        assertThat(mail.mails()).hasSize(1);
        assertThat(receiver.spans().toString()).doesNotContain("rider7@example.com", "Traced Rider");
        assertThat(receiver.spans())
                .filteredOn(span -> span.getName().equals("poll " + TOPIC))
                .anyMatch(poll -> poll.getLinksList().stream()
                        .anyMatch(link -> link.getSpanId().equals(record.getSpanId())));
    }

    @Test
    void aRequestIsTracedWithItsStatementsAndWithoutWhatIdentifiesAPerson() throws Exception {
        String caller = "1bf92f3577b34da6a3ce929d0e0e4736";
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/v1/riders/815/rides?limit=5".formatted(gateway.port())))
                .header("Authorization", "Bearer " + TestIssuer.shared().token("rides:read", "riders:read"))
                .header("traceparent", "00-%s-%s-01".formatted(caller, SPAN))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            client.send(request, HttpResponse.BodyHandlers.discarding());
        }

        awaitTrue(() ->
                receiver.trace(caller).stream().anyMatch(span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER));
        List<Span> trace = receiver.trace(caller);
        Span server = trace.getFirst();
        assertThat(server.getName()).isEqualTo("GET");
        assertThat(hex(server.getParentSpanId())).isEqualTo(SPAN);
        assertThat(attributes(server)).contains("url.path=/v1/riders");
        assertThat(trace).anyMatch(span -> attributes(span).toString().contains("SELECT"));
        assertThat(trace.toString()).doesNotContain("815", "limit=5", "Bearer");
    }

    private static Span span(List<Span> spans, String name) {
        return spans.stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A woman born in 1990, whose heart rate should not exceed 174 bpm. */
    private static List<String> logOn(Instant start) {
        return List.of(
                WireFormat.BEGINNING_OF_MAIN,
                WireFormat.BEGINNING_OF_RIDE,
                WireFormat.gettingUserData(micros(start)),
                WireFormat.system(
                        micros(start) + 500_000,
                        "{\"user_id\":7,\"name\":\"Traced Rider\",\"gender\":\"female\",\"date_of_birth\":636249600000,"
                                + "\"email_address\":\"rider7@example.com\",\"bike_serial\":\"SN7\"}"));
    }

    private static List<String> reading(Instant start, int second, int bpm) {
        long at = micros(start) + second * 1_000_000L;
        return List.of(WireFormat.ride(at, second, 30), WireFormat.telemetry(at + 500_000, bpm, 60, 50));
    }

    private static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }
}
