package com.deloton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.config.HttpConfig;
import com.deloton.gateway.testing.BikeProducer;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.SilentProxy;
import com.deloton.gateway.testing.TestConfigs;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayIT {
    private final TestServers.Database server = TestServers.freshDatabase();
    private final DatabaseConfig database = TestConfigs.database(server);

    @Test
    void isReadyAfterStartAndGoneAfterClose() throws Exception {
        Gateway gateway = start(TestConfigs.gateway(database, "127.0.0.1:1", "unused", Role.API));
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/health/ready"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(ready, HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("\"database\"", "\"gateway\"", "\"schema\"");

            gateway.close().await();
            gateway.close().await();

            assertThatThrownBy(() -> client.send(ready, HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void takesInTheStreamIfThatIsItsRole() throws Exception {
        GatewayConfig config =
                TestConfigs.gateway(database, TestServers.kafkaBootstrap(), TestServers.freshTopic(1), Role.INGEST);

        Gateway gateway = start(config);

        gateway.close().await();
    }

    @Test
    void aStopEndsWithinTenSecondsWhileTheDatabaseIsSilent() throws Exception {
        String topic = TestServers.freshTopic(1);
        try (SilentProxy proxy = new SilentProxy(database.host(), database.port());
                BikeProducer bikes = new BikeProducer(topic)) {
            TestServers.Database silent = new TestServers.Database(
                    "127.0.0.1", proxy.port(), server.name(), server.user(), server.password());
            Gateway gateway = start(TestConfigs.gateway(
                    TestConfigs.database(silent), TestServers.kafkaBootstrap(), topic, Role.INGEST, Role.API));
            Warehouse warehouse = new Warehouse(server);
            bikes.send(0, "bike", BikeProducer.ride(1, Instant.now().minusSeconds(60), 20));
            IngestFixture.awaitTrue(() -> warehouse.count("SELECT count(*) FROM reading") == 20);
            proxy.silence();
            bikes.send(0, "bike", BikeProducer.readings(Instant.now().minusSeconds(60), 21, 30));
            long before = System.nanoTime();

            gateway.close().await();

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void aDatabaseThatRefusesIsNamed() {
        GatewayConfig config =
                TestConfigs.gateway(TestConfigs.databaseAs(server, "stranger"), "127.0.0.1:1", "unused", Role.API);

        assertThatThrownBy(() -> start(config))
                .hasMessageContaining("The database " + server.name())
                .hasMessageContaining("stranger");
    }

    @ParameterizedTest
    @CsvSource({"http.port", "http.management.port"})
    void aPortInUseIsNamed(String setting) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            boolean management = setting.contains("management");
            GatewayConfig free = TestConfigs.gateway(database, "127.0.0.1:1", "unused", Role.API);
            GatewayConfig config = new GatewayConfig(
                    free.roles(),
                    new HttpConfig(
                            "127.0.0.1",
                            management ? 0 : port,
                            "http://localhost",
                            null,
                            new HttpConfig.Management("127.0.0.1", management ? port : 0)),
                    free.kafka(),
                    free.database(),
                    free.ingest(),
                    free.heartRate(),
                    free.mail(),
                    free.alert(),
                    free.webhook(),
                    free.jwt(),
                    free.api(),
                    free.live(),
                    free.report(),
                    free.analyst(),
                    free.retention(),
                    free.archive(),
                    free.tracing());

            assertThatThrownBy(() -> start(config))
                    .hasMessage(
                            "The HTTP server cannot listen on 127.0.0.1:%d (%s): the port is in use; set another one, or 0 for any free port",
                            port, setting);
        }
    }

    @Test
    void anOldSchemaIsNotServedIfItMayNotBeMigrated() {
        DatabaseConfig asIs = new DatabaseConfig(
                database.host(),
                database.port(),
                database.name(),
                database.user(),
                database.password(),
                database.sslMode(),
                null,
                2,
                false,
                null,
                null);

        assertThatThrownBy(() -> start(TestConfigs.gateway(asIs, "127.0.0.1:1", "unused", Role.API)))
                .hasMessageContaining("The schema lacks the migrations 1, 2,")
                .hasMessageContaining("database.migrate-at-start");
    }

    private static Gateway start(GatewayConfig config) {
        return Gateway.start(config, InstantSource.system()).await();
    }
}
