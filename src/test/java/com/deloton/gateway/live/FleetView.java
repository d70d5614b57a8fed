package com.deloton.gateway.live;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The fleet as a page puts it together: a snapshot, then the frames after it. */
final class FleetView {
    private static final List<String> COLUMNS = List.of("s", "hr", "rpm", "res", "w");

    private final Map<Long, JsonObject> rides = new TreeMap<>();
    private long seq;

    FleetView(JsonObject snapshot) {
        seq = snapshot.getLong("seq");
        snapshot.getJsonArray("rides").forEach(ride -> put((JsonObject) ride));
    }

    private void put(JsonObject ride) {
        rides.put(ride.getLong("ride"), ride);
    }

    void apply(JsonObject frame) {
        if (frame.getLong("seq") <= seq) {
            return;
        }
        seq = frame.getLong("seq");
        frame.getJsonArray("ended").forEach(id -> rides.remove(((Number) id).longValue()));
        frame.getJsonArray("started").forEach(ride -> put((JsonObject) ride));
        JsonArray ids = frame.getJsonArray("ride");
        for (int i = 0; i < ids.size(); i++) {
            JsonObject ride = Objects.requireNonNull(rides.get(ids.getLong(i)), "a ride that never started");
            for (String column : COLUMNS) {
                ride.put(column, frame.getJsonArray(column).getValue(i));
            }
        }
    }

    JsonObject ride(String bike) {
        return rides.values().stream()
                .filter(ride -> ride.getString("bike").equals(bike))
                .findFirst()
                .orElseGet(JsonObject::new);
    }

    Map<Long, JsonObject> rides() {
        return rides;
    }
}
