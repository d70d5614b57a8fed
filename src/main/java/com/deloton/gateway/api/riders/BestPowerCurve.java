package com.deloton.gateway.api.riders;

import com.deloton.gateway.api.query.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/** Best mean power by length of effort over several rides. Not thread-safe. */
final class BestPowerCurve {
    /** Lengths of an effort in s. */
    static final int[] SECONDS = {1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1200};

    private final double[] best = new double[SECONDS.length];
    private final long[] rideIds = new long[SECONDS.length];

    BestPowerCurve() {
        java.util.Arrays.fill(best, -1);
    }

    /** Adds a row with ride_id and power_w, one element per second; a second without power counts as 0 W. */
    void add(Row ride) {
        add(ride.getLong("ride_id"), ride.getArrayOfFloats("power_w"));
    }

    void add(long rideId, @Nullable Float[] powerW) {
        double[] sums = new double[powerW.length + 1];
        for (int i = 0; i < powerW.length; i++) {
            Float watts = powerW[i];
            sums[i + 1] = sums[i] + (watts == null ? 0 : watts);
        }
        for (int d = 0; d < SECONDS.length; d++) {
            for (int end = SECONDS[d]; end < sums.length; end++) {
                double mean = (sums[end] - sums[end - SECONDS[d]]) / SECONDS[d];
                if (mean > best[d]) {
                    best[d] = mean;
                    rideIds[d] = rideId;
                }
            }
        }
    }

    /** The points that at least one ride is long enough for. */
    JsonArray json() {
        JsonArray points = new JsonArray();
        for (int d = 0; d < SECONDS.length; d++) {
            if (best[d] >= 0) {
                points.add(new Json()
                        .put("seconds", SECONDS[d])
                        .put("powerW", best[d])
                        .put("rideId", rideIds[d])
                        .object());
            }
        }
        return points;
    }
}
