package com.deloton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.ConfigLoader;
import com.deloton.gateway.config.GatewayConfig;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientRackIT {
    private static final String METADATA = "ECS_CONTAINER_METADATA_URI_V4";

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
                    {"Cluster": "prod", "AvailabilityZone": "eu-west-2b"} | euw2-az3
                    {"Cluster": "prod", "AvailabilityZone": "eu-west-2c"} | none
                    {"Cluster": "prod"}                                   | none
                    {"AvailabilityZone": 7}                               | none
                    not JSON                                              | none
                    """)
    void theRackIsThatOfTheTasksZone(String metadata, String rack) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v4/id/task", exchange -> {
            byte[] body = metadata.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            assertThat(rack("http://127.0.0.1:%d/v4/id"
                            .formatted(server.getAddress().getPort())))
                    .isEqualTo(rack);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aSilentServerHoldsUpTheStartForTwoSeconds() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            long before = System.nanoTime();

            assertThat(rack("http://127.0.0.1:%d/v4/id".formatted(silent.getLocalPort())))
                    .isNull();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void outsideOfEcsThereIsNoRackAndAGivenOneStays() throws InterruptedException {
        assertThat(ServeCommand.withRack(config(Map.of()), Map.of()).kafka().properties())
                .isEmpty();
        assertThat(config(Map.of("DELOTON_KAFKA_PROPERTIES_CLIENT_RACK", "mine"))
                        .kafka()
                        .withRack("euw2-az3")
                        .properties())
                .isEqualTo(Map.of("client.rack", "mine"));
    }

    private static @Nullable String rack(String metadata) throws InterruptedException, IOException {
        return ServeCommand.withRack(config(Map.of()), Map.of(METADATA, metadata))
                .kafka()
                .properties()
                .get("client.rack");
    }

    private static GatewayConfig config(Map<String, String> more) {
        Map<String, String> env = new HashMap<>(more);
        env.put("DELOTON_KAFKA_BOOTSTRAP_SERVERS", "broker:9092");
        env.put("DELOTON_KAFKA_ZONE_RACKS", "eu-west-2a=euw2-az2,eu-west-2b=euw2-az3");
        return ConfigLoader.load(List.of(), env, "kafka");
    }
}
