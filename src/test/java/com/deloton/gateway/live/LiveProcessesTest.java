package com.deloton.gateway.live;

import static com.deloton.gateway.testing.IngestRig.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.Gateway;
import com.deloton.gateway.config.GatewayConfig.Role;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rides under way across restarts, and in processes that do not ingest. */
class LiveProcessesTest {
    private final LiveRig rig = new LiveRig();

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void aRestartShowsTheRidesUnderWayAtOnce() throws Exception {
        Gateway first = rig.start(LiveRig.IMPATIENT, Role.INGEST, Role.LIVE);
        LiveRig.Bike bike = rig.bike("B").logOn(601, "Gil Gray");
        for (int second = 1; second <= 9; second++) {
            bike.reading(second, second < 5 ? 120 : 190, 80, 30, 100 + second);
        }
        awaitTrue(() -> rig.ride(first, "B").getInteger("s", 0) == 9);
        JsonObject before = known(rig.ride(first, "B"));
        rig.close(first);
        Gateway second = rig.start(LiveRig.IMPATIENT, Role.INGEST, Role.LIVE);

        awaitTrue(() -> !rig.ride(second, "B").isEmpty());

        assertThat(known(rig.ride(second, "B"))).isEqualTo(before);
        assertThat(before.getString("state")).isEqualTo("firing");
        assertThat(before.getDouble("kj")).isEqualTo(0.9);
        bike.reading(10, 191, 80, 30, 200);
        awaitTrue(() -> rig.ride(second, "B").getInteger("s") == 10);
        assertThat(rig.ride(second, "B").getDouble("kj")).isEqualTo(1.1);
    }

    @Test
    void aProcessThatDoesNotIngestShowsTheSameAndWritesNothing() throws Exception {
        LiveRig.Bike early = rig.bike("EARLY", 0).logOn(602, "Hal Hill").reading(1, 100, 70, 20, 60);
        Gateway ingest = rig.start(LiveRig.IMPATIENT, Role.INGEST, Role.LIVE);
        awaitTrue(() -> !rig.ride(ingest, "EARLY").isEmpty());
        rig.warehouse.awaitRecords(rig.topic, 5);
        Gateway web = rig.startReadOnly(LiveRig.IMPATIENT, Role.LIVE);
        awaitTrue(() -> !rig.ride(web, "EARLY").isEmpty());
        BridgeClient viewer = rig.view(web, LiveRig.ALL).register("live.fleet", "live.alerts");

        early.reading(2, 190, 71, 21, 61).reading(3, 191, 72, 22, 62).reading(4, 192, 73, 23, 63);
        rig.bike("LATE", 1).logOn(603, "Ida Ives").reading(1, 110, 74, 24, 64);
        rig.addPartition();
        rig.bike("NEW", 2).logOn(604, "Jo Jay").reading(1, 111, 75, 25, 65);

        viewer.await1("live.alerts", alert -> alert.getString("phase").equals("firing"));
        for (Gateway gateway : List.of(ingest, web)) {
            awaitTrue(() ->
                    rides(gateway).size() == 3 && rig.ride(gateway, "EARLY").getInteger("s") == 4);
        }
        assertThat(rides(web)).isEqualTo(rides(ingest));
        assertThat(rig.warehouse.count("SELECT count(*) FROM alert")).isEqualTo(1);
        assertThat(rig.warehouse.count("SELECT max(epoch) - min(epoch) FROM ingest_position"))
                .isZero();

        rig.close(ingest);
        early.reading(5, 120, 80, 30, 70);
        awaitTrue(() -> rig.ride(web, "EARLY").getInteger("s") == 5);
        Gateway late = rig.startReadOnly(LiveRig.IMPATIENT, Role.LIVE);
        awaitTrue(() -> rides(late).equals(rides(web)));
        viewer.close();
    }

    private List<JsonObject> rides(Gateway gateway) throws Exception {
        return rig.snapshot(gateway, LiveRig.ALL).getJsonArray("rides").stream()
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
