package com.deloton.gateway.live;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.Gateway;
import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.config.LiveConfig;
import com.deloton.gateway.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rides under way across restarts, and in processes that do not ingest. */
class LiveProcessesIT {
    private final LiveFixture fixture = new LiveFixture();

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    @Test
    void aRestartShowsTheRidesUnderWayAtOnce() throws Exception {
        Gateway first = fixture.start(LiveFixture.SHORT_TIMEOUTS, Role.INGEST, Role.LIVE);
        LiveFixture.Bike bike = fixture.bike("B").logOn(601, "Gil Gray");
        for (int second = 1; second <= 9; second++) {
            bike.reading(second, second < 5 ? 120 : 190, 80, 30, 100 + second);
        }
        awaitTrue(() -> fixture.ride(first, "B").getInteger("s", 0) == 9);
        JsonObject before = known(fixture.ride(first, "B"));
        fixture.close(first);
        Gateway second = fixture.start(LiveFixture.SHORT_TIMEOUTS, Role.INGEST, Role.LIVE);

        awaitTrue(() -> !fixture.ride(second, "B").isEmpty());

        assertThat(known(fixture.ride(second, "B"))).isEqualTo(before);
        assertThat(before.getString("state")).isEqualTo("firing");
        assertThat(before.getDouble("kj")).isEqualTo(0.9);
        bike.reading(10, 191, 80, 30, 200);
        awaitTrue(() -> fixture.ride(second, "B").getInteger("s") == 10);
        assertThat(fixture.ride(second, "B").getDouble("kj")).isEqualTo(1.1);
    }

    @Test
    void aProcessThatDoesNotIngestShowsTheSameAndWritesNothing() throws Exception {
        LiveFixture.Bike early = fixture.bike("EARLY", 0).logOn(602, "Hal Hill").reading(1, 100, 70, 20, 60);
        Gateway ingest = fixture.start(LiveFixture.SHORT_TIMEOUTS, Role.INGEST, Role.LIVE);
        awaitTrue(() -> !fixture.ride(ingest, "EARLY").isEmpty());
        fixture.warehouse.awaitRecords(fixture.topic, 5);
        Gateway web = fixture.startReadOnly(LiveFixture.SHORT_TIMEOUTS, Role.LIVE);
        awaitTrue(() -> !fixture.ride(web, "EARLY").isEmpty());
        BridgeClient viewer = fixture.view(web, LiveFixture.ALL).register("live.fleet", "live.alerts");

        early.reading(2, 190, 71, 21, 61).reading(3, 191, 72, 22, 62).reading(4, 192, 73, 23, 63);
        fixture.bike("LATE", 1).logOn(603, "Ida Ives").reading(1, 110, 74, 24, 64);
        fixture.addPartition();
        fixture.bike("NEW", 2).logOn(604, "Jo Jay").reading(1, 111, 75, 25, 65);

        viewer.await1("live.alerts", alert -> alert.getString("phase").equals("firing"));
        for (Gateway gateway : List.of(ingest, web)) {
            awaitTrue(() ->
                    rides(gateway).size() == 3 && fixture.ride(gateway, "EARLY").getInteger("s") == 4);
        }
        assertThat(rides(web)).isEqualTo(rides(ingest));
        assertThat(fixture.warehouse.count("SELECT count(*) FROM alert")).isEqualTo(1);
        assertThat(fixture.warehouse.count("SELECT max(epoch) - min(epoch) FROM ingest_position"))
                .isZero();

        fixture.close(ingest);
        early.reading(5, 120, 80, 30, 70);
        awaitTrue(() -> fixture.ride(web, "EARLY").getInteger("s") == 5);
        Gateway late = fixture.startReadOnly(LiveFixture.SHORT_TIMEOUTS, Role.LIVE);
        awaitTrue(() -> rides(late).equals(rides(web)));
        viewer.close();
    }

    @Test
    void twoProcessesThatShareThePartitionsShowTheSameFleet() throws Exception {
        LiveFixture.Bike left = fixture.bike("LEFT", 0).logOn(605, "Kim Kerr").reading(1, 100, 70, 20, 60);
        LiveFixture.Bike right = fixture.bike("RIGHT", 1).logOn(606, "Lou Lamb").reading(1, 101, 71, 21, 61);
        Gateway first = fixture.start(LiveFixture.SHORT_TIMEOUTS, Role.INGEST, Role.LIVE);
        awaitTrue(() -> rides(first).size() == 2);
        fixture.warehouse.awaitRecords(fixture.topic, 10);

        Gateway second = fixture.start(LiveFixture.SHORT_TIMEOUTS, Role.INGEST, Role.LIVE);
        awaitTrue(() -> fixture.warehouse.count("SELECT count(*) FROM ingest_position WHERE epoch > 1") == 1);
        left.reading(2, 102, 72, 22, 62);
        right.reading(2, 103, 73, 23, 63);

        for (Gateway gateway : List.of(first, second)) {
            awaitTrue(() -> fixture.ride(gateway, "LEFT").getInteger("s", 0) == 2
                    && fixture.ride(gateway, "RIGHT").getInteger("s", 0) == 2);
        }
        assertThat(rides(first)).isEqualTo(rides(second));
        assertThat(fixture.warehouse.count("SELECT count(*) FROM ride")).isEqualTo(2);

        fixture.close(second);
        left.reading(3, 104, 74, 24, 64);
        right.reading(3, 105, 75, 25, 65);
        awaitTrue(() -> rides(first).stream().allMatch(ride -> ride.getInteger("s") == 3));
    }

    @Test
    void aProcessThatReadsTheFleetTopicShowsTheSameRidesAndAlerts() throws Exception {
        LiveConfig live = LiveFixture.shortTimeouts(TestServers.freshTopic(2));
        LiveFixture.Bike early = fixture.bike("EARLY", 0).logOn(607, "Mo Marsh").reading(1, 100, 70, 20, 60);
        Gateway ingest = fixture.start(live, Role.INGEST, Role.LIVE);
        awaitTrue(() -> !fixture.ride(ingest, "EARLY").isEmpty());
        Gateway web = fixture.startReadOnly(live, Role.LIVE);
        awaitTrue(() -> !fixture.ride(web, "EARLY").isEmpty());
        BridgeClient viewer = fixture.view(web, LiveFixture.ALL).register("live.alerts");

        early.reading(2, 190, 71, 21, 61).reading(3, 191, 72, 22, 62).reading(4, 192, 73, 23, 63);
        fixture.bike("LATE", 1).logOn(608, "Nia Nash").reading(1, 110, 74, 24, 64);
        fixture.bike("LATE", 1).reading(2, 111, 74, 24, 64);

        viewer.await1("live.alerts", alert -> alert.getString("phase").equals("firing"));
        awaitTrue(() -> rides(ingest).size() == 2
                && fixture.ride(ingest, "EARLY").getInteger("s") == 4
                && fixture.ride(ingest, "LATE").getInteger("s") == 2);
        awaitTrue(() -> rides(web).equals(rides(ingest)));
        viewer.close();

        Gateway second = fixture.start(live, Role.INGEST, Role.LIVE);
        awaitTrue(() -> fixture.warehouse.count("SELECT count(*) FROM ingest_position WHERE epoch > 1") == 1);
        early.reading(5, 193, 75, 25, 65);
        fixture.bike("LATE", 1).reading(3, 112, 75, 25, 65);
        for (Gateway gateway : List.of(ingest, second, web)) {
            awaitTrue(() -> rides(gateway).size() == 2
                    && fixture.ride(gateway, "EARLY").getInteger("s") == 5
                    && fixture.ride(gateway, "LATE").getInteger("s") == 3);
        }
    }

    @Test
    void aProcessThatDoesNotIngestIsNotReadyWhileThePositionsBelongToADeletedTopic() throws Exception {
        fixture.bike("EARLY", 0).logOn(608, "Ned Nash").reading(1, 100, 70, 20, 60);
        Gateway ingest = fixture.start(LiveFixture.SHORT_TIMEOUTS, Role.INGEST);
        fixture.warehouse.awaitRecords(fixture.topic, 5);
        fixture.close(ingest);
        fixture.warehouse.execute("UPDATE ingest_position SET topic_id = 'former'");
        Gateway web = fixture.startReadOnly(LiveFixture.SHORT_TIMEOUTS, Role.LIVE);

        awaitTrue(
                () -> readiness(web)
                        .contains(
                                "the topic was deleted and created again: the positions of partitions [0, 1] belong to the former one"));
    }

    private static String readiness(Gateway gateway) throws Exception {
        URI ready = URI.create("http://localhost:%d/health/ready".formatted(gateway.managementPort()));
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private List<JsonObject> rides(Gateway gateway) throws Exception {
        return fixture.snapshot(gateway, LiveFixture.ALL).getJsonArray("rides").stream()
                .map(ride -> known((JsonObject) ride))
                .sorted((a, b) -> a.getString("bike").compareTo(b.getString("bike")))
                .collect(Collectors.toList());
    }

    /** Without the time at which Kafka had the last reading, which the warehouse knows only roughly. */
    private static JsonObject known(JsonObject ride) {
        JsonObject known = ride.copy();
        known.remove("at");
        return known;
    }
}
