package com.deloton.gateway.api;

import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.testing.ApiFixture;
import com.deloton.gateway.testing.IngestFixture;
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
public abstract class FleetApiFixture {
    protected static final FleetOptions FLEET =
            IngestFixture.ABNORMAL.withBikes(12).withMessages(4_000).withSeed(5);

    private static final Instant NOW = Instant.parse("2026-11-24T23:00:00Z");

    protected static final IngestFixture fixture = new IngestFixture();
    protected static final ApiFixture api;
    /** Rides of the ledger by bike, in order, but for those that the warehouse cannot have. */
    protected static final Map<String, List<ExpectedRide>> expected = new TreeMap<>();

    static {
        try {
            String ingest = fixture.start(InstantSource.system());
            fixture.ride(FLEET);
            IngestFixture.await(fixture.vertx().undeploy(ingest));
            api = new ApiFixture(fixture.vertx(), fixture.pool(), InstantSource.fixed(NOW));
        } catch (Exception e) {
            throw new ExceptionInInitializerError(e);
        }
        fixture.ledger.stream()
                .filter(ride -> ride.logOnMicros() != null || !ride.readings().isEmpty())
                .sorted(Comparator.comparingInt(ExpectedRide::ordinal))
                .forEach(ride -> expected.computeIfAbsent(ride.bikeSerial(), k -> new ArrayList<>())
                        .add(ride));
    }

    protected static long expectedRides() {
        return expected.values().stream().mapToLong(List::size).sum();
    }

    protected static List<ExpectedRide> expectedRidesOf(String bike) {
        return Objects.requireNonNull(expected.get(bike));
    }

    protected static JsonObject rideOf(String bike, int index) throws Exception {
        return api.all("listRides", "bike", bike, "sort", "startedAt").get(index);
    }

    protected static String anyBike() {
        return expected.keySet().iterator().next();
    }
}
