package com.deloton.gateway.api.operations;

import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.model.LedgerRide;
import com.deloton.gateway.testing.ApiRig;
import com.deloton.gateway.testing.IngestRig;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The operations that read, on a warehouse that a simulated fleet has filled, once for all classes that ask. */
abstract class FleetAnswers {
    static final FleetOptions FLEET =
            IngestRig.TROUBLED.withBikes(12).withMessages(4_000).withSeed(5);

    private static final Instant NOW = Instant.parse("2026-11-24T23:00:00Z");

    static final IngestRig rig = new IngestRig();
    static final ApiRig api;
    /** Rides of the ledger by bike, in order, but for those that the warehouse cannot have. */
    static final Map<String, List<LedgerRide>> said = new TreeMap<>();

    static {
        try {
            String ingest = rig.start(InstantSource.system());
            rig.ride(FLEET);
            IngestRig.await(rig.vertx().undeploy(ingest));
            api = new ApiRig(rig.vertx(), rig.pool(), InstantSource.fixed(NOW));
        } catch (Exception e) {
            throw new ExceptionInInitializerError(e);
        }
        rig.ledger.stream()
                .filter(ride -> ride.logOnMicros() != null || !ride.readings().isEmpty())
                .sorted(Comparator.comparingInt(LedgerRide::ordinal))
                .forEach(ride -> said.computeIfAbsent(ride.bikeSerial(), k -> new ArrayList<>())
                        .add(ride));
    }

    static long saidRides() {
        return said.values().stream().mapToLong(List::size).sum();
    }

    static List<LedgerRide> saidOf(String bike) {
        return Objects.requireNonNull(said.get(bike));
    }

    static JsonObject rideOf(String bike, int index) throws Exception {
        return api.all("listRides", "bike", bike, "sort", "startedAt").get(index);
    }

    static String anyBike() {
        return said.keySet().iterator().next();
    }
}
