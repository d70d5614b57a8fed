package com.deloton.gateway.bench;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Collection;

/** Of measured values; those of no values are NaN. */
public record Quantiles(double p50, double p99, double max) {
    public static Quantiles of(Collection<? extends Number> values) {
        return of(values.stream().mapToDouble(Number::doubleValue).toArray());
    }

    public static Quantiles of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Quantiles(share(sorted, 50), share(sorted, 99), share(sorted, 100));
    }

    private static double share(double[] sorted, int percent) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1L, (long) sorted.length * percent / 100)];
    }

    /** Puts them as {@code mailP50Ms}, {@code mailP99Ms} and {@code mailMaxMs} for the prefix mail and the unit Ms; nothing for no values. */
    public void putInto(JsonObject row, String prefix, String unit) {
        if (!Double.isNaN(max)) {
            row.put(prefix + "P50" + unit, p50).put(prefix + "P99" + unit, p99).put(prefix + "Max" + unit, max);
        }
    }
}
