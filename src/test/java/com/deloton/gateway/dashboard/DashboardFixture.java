package com.deloton.gateway.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.Gateway;
import com.deloton.gateway.config.ConfigLoader;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.simulate.model.SimulatedRider;
import com.deloton.gateway.simulate.model.WireFormat;
import com.deloton.gateway.store.Timestamps;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.TestIssuer;
import com.deloton.gateway.testing.TestServers;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A gateway that may be stopped and started on its port, bikes that say what a test wants, and pages that watch. */
final class DashboardFixture implements AutoCloseable {
    private static final List<String> EVERYTHING =
            List.of("rides:read", "riders:read", "riders:write", "alerts:write", "ops");

    final TestServers.Database database = TestServers.freshDatabase();
    final String topic;
    final TestIssuer issuer = TestIssuer.start();
    final int port = LocalServers.freePort();
    private final Map<String, String> settings = new TreeMap<>();
    private final KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", TestServers.kafkaBootstrap(), "linger.ms", "0"),
            new StringSerializer(),
            new ByteArraySerializer());
    /** Records of all bikes. */
    private final AtomicLong sent = new AtomicLong();

    private @Nullable Gateway gateway;

    DashboardFixture(int partitions) {
        topic = TestServers.freshTopic(partitions);
        settings.put("DELOTON_GATEWAY_ROLES", "ingest,live,api");
        settings.put("DELOTON_HTTP_HOST", "127.0.0.1");
        settings.put("DELOTON_HTTP_PORT", String.valueOf(port));
        settings.put("DELOTON_HTTP_MANAGEMENT_PORT", "0");
        settings.put("DELOTON_HTTP_PUBLIC_URL", url());
        settings.put("DELOTON_KAFKA_BOOTSTRAP_SERVERS", TestServers.kafkaBootstrap());
        settings.put("DELOTON_KAFKA_TOPIC", topic);
        settings.put("DELOTON_KAFKA_GROUP_ID", "group-" + topic);
        settings.put("DELOTON_DATABASE_HOST", database.host());
        settings.put("DELOTON_DATABASE_PORT", String.valueOf(database.port()));
        settings.put("DELOTON_DATABASE_NAME", database.name());
        settings.put("DELOTON_DATABASE_USER", database.user());
        settings.put("DELOTON_DATABASE_PASSWORD", database.password());
        settings.put("DELOTON_INGEST_FLUSH_INTERVAL", "200ms");
        settings.put("DELOTON_API_JWT_ISSUER", TestIssuer.ISSUER);
        settings.put("DELOTON_API_JWT_JWKS_URL", issuer.url());
    }

    DashboardFixture with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** Ingests, shows and answers requests; hands out development tokens as {@code local} does. */
    DashboardFixture start() {
        gateway = Gateway.start(
                        ConfigLoader.load(List.of(), settings),
                        InstantSource.system(),
                        List.of(this::developmentTokens))
                .await();
        return this;
    }

    void stop() {
        if (gateway != null) {
            gateway.close().await();
            gateway = null;
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    private void developmentTokens(Router router) {
        router.post("/v1/token")
                .handler(context -> context.request().body().onSuccess(body -> {
                    JsonObject wanted = body.length() == 0 ? new JsonObject() : body.toJsonObject();
                    JsonArray asked = wanted.getJsonArray("scopes");
                    Long rider = wanted.getLong("rider");
                    String[] scopes = asked == null
                            ? EVERYTHING.toArray(String[]::new)
                            : asked.stream().map(String.class::cast).toArray(String[]::new);
                    context.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                            .end(new JsonObject()
                                    .put("token", rider == null ? issuer.token(scopes) : issuer.tokenOfRider(rider))
                                    .encode());
                }));
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Returns when all rides that have begun are stored as ended. */
    void awaitNoOpenRide() throws Exception {
        try (Connection connection = database.connect();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT sum(next_offset), (SELECT count(*) FROM ride WHERE status = 'open') FROM ingest_position")) {
            IngestFixture.awaitTrue(() -> {
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next() && rows.getLong(1) >= sent.get() && rows.getLong(2) == 0;
                }
            });
        }
    }

    Bike bike(String serial) {
        return new Bike(serial);
    }

    /** Speaks the bikes' format, by the machine's clock. */
    final class Bike {
        private final String serial;
        private final Instant zero = Instant.now().truncatedTo(ChronoUnit.SECONDS);

        private Bike(String serial) {
            this.serial = serial;
        }

        /** A woman born in 1990, whose heart rate should stay between 45 and 174 bpm. */
        Bike logOn(long userId, String name) throws Exception {
            SimulatedRider rider = new SimulatedRider(
                    userId,
                    name,
                    "female",
                    "1 High Street,London,E1 1AA",
                    LocalDate.of(1990, 3, 1),
                    "rider" + userId + "@example.com",
                    170,
                    60,
                    LocalDate.of(2020, 3, 1),
                    "direct");
            say(WireFormat.BEGINNING_OF_MAIN);
            say(WireFormat.BEGINNING_OF_RIDE);
            say(WireFormat.system(micros(0), WireFormat.compactObject(rider.payload(serial))));
            return this;
        }

        /** Returns when the broker has it. A heart rate of 0 is one that was not measured. */
        Bike reading(int elapsedS, int bpm, int rpm, int resistance, double watts) throws Exception {
            say(WireFormat.ride(micros(elapsedS) - 500_000, elapsedS, resistance));
            say(WireFormat.telemetry(micros(elapsedS), bpm, rpm, watts));
            return this;
        }

        /** Ends the ride. */
        void end() throws Exception {
            say(WireFormat.BEGINNING_OF_MAIN);
        }

        private long micros(int elapsedS) {
            return Timestamps.micros(zero.plusSeconds(elapsedS)) + 1_000;
        }

        private void say(String line) throws Exception {
            producer.send(new ProducerRecord<>(topic, serial, WireFormat.record(line)))
                    .get();
            sent.incrementAndGet();
        }

        /** Sends a record of any content. */
        void send(String record) throws Exception {
            producer.send(new ProducerRecord<>(topic, serial, record.getBytes(UTF_8)))
                    .get();
            sent.incrementAndGet();
        }
    }

    Watcher watch(Browser browser, Look look) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(url())
                .setViewportSize(look.width, look.height)
                .setColorScheme(look.scheme));
        return new Watcher(context);
    }

    /** What the page is looked at with. */
    enum Look {
        DESKTOP_LIGHT(1440, 900, ColorScheme.LIGHT),
        DESKTOP_DARK(1440, 900, ColorScheme.DARK),
        PHONE_LIGHT(390, 844, ColorScheme.LIGHT),
        PHONE_DARK(390, 844, ColorScheme.DARK);

        private final int width;
        private final int height;
        private final ColorScheme scheme;

        Look(int width, int height, ColorScheme scheme) {
            this.width = width;
            this.height = height;
            this.scheme = scheme;
        }
    }

    @Override
    public void close() {
        stop();
        producer.close();
        issuer.close();
    }
}
