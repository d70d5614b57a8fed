package com.deloton.gateway.ingest;

import static com.deloton.gateway.testing.BikeProducer.ride;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.BikeProducer;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway on whose disk native libraries cannot be unpacked, as on one that is mounted noexec. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NativeCodecIT {
    @Test
    void aPartitionThatNeedsTheLibraryIsNamedAndTheOthersAreRead() throws Exception {
        Warehouse warehouse = Warehouse.fresh();
        String topic = TestServers.freshTopic(2);
        Instant start = Instant.now().minusSeconds(60);
        try (BikeProducer plain = new BikeProducer(topic);
                BikeProducer packed = new BikeProducer(topic, Map.of("compression.type", "snappy", "linger.ms", 50))) {
            packed.send(0, "packed", ride(1, start, 5));
            plain.send(1, "plain", ride(2, start, 5));
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            try (GatewayProcess gateway = GatewayProcess.start(
                            warehouse.database(),
                            topic,
                            Map.of(
                                    "DELOTON_HTTP_PORT",
                                    String.valueOf(port),
                                    "JAVA_TOOL_OPTIONS",
                                    "-Dorg.xerial.snappy.tempdir=/proc/nope"));
                    HttpClient http = HttpClient.newHttpClient()) {
                awaitTrue(() -> warehouse.count(
                                "SELECT count(*) FROM ride JOIN reading USING (ride_id) WHERE stream_key = 'plain'")
                        == 5);
                awaitTrue(() -> get(http, port, "/health/live").statusCode() == 503);
                HttpResponse<String> ready = get(http, port, "/health/ready");
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body())
                        .contains(topic + "-0 cannot be read at offset 0")
                        .contains("snappyjava");
                plain.send(1, "later", ride(3, start, 5));
                awaitTrue(() -> warehouse.count(
                                "SELECT count(*) FROM ride JOIN reading USING (ride_id) WHERE stream_key = 'later'")
                        == 5);
                assertThat(gateway.stop()).isZero();
            }
        }
    }

    private static HttpResponse<String> get(HttpClient http, int port, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
