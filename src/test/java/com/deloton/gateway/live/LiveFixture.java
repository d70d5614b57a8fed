package com.deloton.gateway.live;

import static com.deloton.gateway.testing.IngestFixture.await;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.Gateway;
import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.config.LiveConfig;
import com.deloton.gateway.store.Pools;
import com.deloton.gateway.testing.TestConfigs;
import com.deloton.gateway.testing.TestIssuer;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Gateways on a topic and a database of their own, bikes that say what a test wants, and viewers. */
final class LiveFixture {
    static final String[] ALL = {"rides:read", "riders:read"};

    /** Ten frames per second; stalled viewers are closed after 2 s. */
    static final LiveConfig SHORT_TIMEOUTS = shortTimeouts(null);

    static LiveConfig shortTimeouts(@Nullable String fleetTopic) {
        return new LiveConfig(Duration.ofMillis(100), 100, 50, 80, Duration.ofSeconds(2), List.of(), null, fleetTopic);
    }

    final Warehouse warehouse;
    final String topic = TestServers.freshTopic(2);
    final TestIssuer issuer = TestIssuer.start();
    final Vertx vertx = Vertx.vertx();
    final WebSocketClient sockets = vertx.createWebSocketClient();
    private final HttpClient http = HttpClient.newHttpClient();
    private final TestServers.Database database = TestServers.freshDatabase();
    private int readers;
    private final List<Gateway> gateways = new ArrayList<>();
    private final KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", TestServers.kafkaBootstrap(), "metadata.max.age.ms", "500"),
            new StringSerializer(),
            new ByteArraySerializer());

    LiveFixture() {
        warehouse = Warehouse.in(database);
    }

    /** Connections to the warehouse, closed with {@link #vertx}. */
    Pool pool() {
        return new Pools(vertx, TestConfigs.database(database)).general();
    }

    Gateway start(LiveConfig live, Role... roles) {
        return start(TestConfigs.database(database), live, roles);
    }

    /** A gateway whose database refuses to be written to. */
    Gateway startReadOnly(LiveConfig live, Role... roles) {
        String user = "reader_" + readers++ + "_of_" + database.name();
        warehouse.execute(
                "CREATE ROLE %1$s LOGIN PASSWORD '%2$s'; ALTER ROLE %1$s SET default_transaction_read_only = on; GRANT USAGE ON SCHEMA public TO %1$s; GRANT SELECT ON ALL TABLES IN SCHEMA public TO %1$s"
                        .formatted(user, database.password()));
        DatabaseConfig asOwner = TestConfigs.databaseAs(database, user);
        return start(
                new DatabaseConfig(
                        asOwner.host(),
                        asOwner.port(),
                        asOwner.name(),
                        user,
                        asOwner.password(),
                        asOwner.sslMode(),
                        null,
                        2,
                        false,
                        null,
                        null),
                live,
                roles);
    }

    private Gateway start(DatabaseConfig as, LiveConfig live, Role... roles) {
        GatewayConfig plain = TestConfigs.gateway(as, TestServers.kafkaBootstrap(), topic, roles);
        Gateway gateway = Gateway.start(
                        new GatewayConfig(
                                plain.roles(),
                                plain.http(),
                                new KafkaConfig(
                                        TestServers.kafkaBootstrap(),
                                        topic,
                                        "test-" + topic,
                                        Map.of("metadata.max.age.ms", "500")),
                                plain.database(),
                                plain.ingest(),
                                plain.heartRate(),
                                null,
                                null,
                                plain.webhook(),
                                issuer.config(),
                                plain.api(),
                                live,
                                plain.report(),
                                plain.analyst(),
                                plain.retention(),
                                plain.archive(),
                                plain.tracing()),
                        InstantSource.system())
                .await();
        gateways.add(gateway);
        return gateway;
    }

    BridgeClient view(Gateway gateway, String... scopes) throws Exception {
        return BridgeClient.raw(this, gateway.port(), ticket(gateway, issuer.token(scopes)));
    }

    String ticket(Gateway gateway, String token) throws Exception {
        HttpResponse<String> response = post(gateway, "/live/tickets", token);
        if (response.statusCode() != 201) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        return new JsonObject(response.body()).getString("ticket");
    }

    HttpResponse<String> post(Gateway gateway, String path, String token) throws Exception {
        return send(request(gateway, path, token).POST(HttpRequest.BodyPublishers.noBody()));
    }

    HttpResponse<String> post(Gateway gateway, String path, String token, JsonObject body) throws Exception {
        return send(request(gateway, path, token)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
    }

    HttpResponse<String> request(Gateway gateway, String method, String path, String token) throws Exception {
        return send(request(gateway, path, token).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    HttpResponse<String> get(Gateway gateway, String path, String token) throws Exception {
        return send(request(gateway, path, token));
    }

    JsonObject snapshot(Gateway gateway, String... scopes) throws Exception {
        return new JsonObject(get(gateway, "/live/fleet", issuer.token(scopes)).body());
    }

    /** A ride of the snapshot by its bike's serial, or an empty object. */
    JsonObject ride(Gateway gateway, String bike) throws Exception {
        return snapshot(gateway, ALL).getJsonArray("rides").stream()
                .map(JsonObject.class::cast)
                .filter(ride -> ride.getString("bike").equals(bike))
                .findFirst()
                .orElseGet(JsonObject::new);
    }

    private static HttpRequest.Builder request(Gateway gateway, String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
        return token.isEmpty() ? request : request.header("authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    Bike bike(String serial) {
        return new Bike(serial, null);
    }

    Bike bike(String serial, int partition) {
        return new Bike(serial, partition);
    }

    /** Speaks the wire format; its clock is the machine's. */
    final class Bike {
        final String serial;
        private final Instant zero = Instant.now().truncatedTo(ChronoUnit.SECONDS);

        private int second;

        private final @Nullable Integer partition;

        private Bike(String serial, @Nullable Integer partition) {
            this.serial = serial;
            this.partition = partition;
        }

        /** A woman born in 1990: a heart rate from 45 to 174 is normal. */
        Bike logOn(long userId, String name) throws Exception {
            say("--------- beginning of main");
            say("--------- beginning of a new ride");
            say(stamp(0) + " mendoza v9: [SYSTEM] data = "
                    + new JsonObject()
                            .put("user_id", userId)
                            .put("name", name)
                            .put("gender", "female")
                            .put("address", "1 High Street,London,E1 1AA")
                            .put(
                                    "date_of_birth",
                                    Instant.parse("1990-03-01T00:00:00Z").toEpochMilli())
                            .put("email_address", "rider@example.com")
                            .put("height_cm", 170)
                            .put("weight_kg", 60)
                            .put(
                                    "account_create_date",
                                    Instant.parse("2020-03-01T00:00:00Z").toEpochMilli())
                            .put("bike_serial", serial)
                            .put("original_source", "direct"));
            return this;
        }

        /** The second after the last one said. */
        int next() {
            return second + 1;
        }

        Bike reading(int elapsed, int bpm, int rpm, int resistance, double watts) throws Exception {
            second = elapsed;
            say("%s mendoza v9: [INFO]: Ride - duration = %d.0; resistance = %d"
                    .formatted(stamp(elapsed * 1_000L - 500), elapsed, resistance));
            say("%s mendoza v9: [INFO]: Telemetry - hrt = %d; rpm = %d; power = %s"
                    .formatted(stamp(elapsed * 1_000L), bpm, rpm, watts));
            return this;
        }

        void end() throws Exception {
            say("--------- beginning of main");
        }

        private String stamp(long millis) {
            return zero.plusMillis(1 + millis).toString().replace('T', ' ').replace("Z", "000");
        }

        private void say(String line) throws Exception {
            byte[] value = new JsonObject().put("log", line + "\n").encode().getBytes(UTF_8);
            producer.send(new ProducerRecord<>(topic, partition, serial, value)).get();
        }
    }

    void close(Gateway gateway) {
        gateways.remove(gateway);
        gateway.close().await();
    }

    void addPartition() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafkaBootstrap()))) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3)))
                    .all()
                    .get();
        }
    }

    void close() throws Exception {
        gateways.forEach(gateway -> gateway.close().await());
        producer.close();
        issuer.close();
        await(vertx.close());
    }
}
