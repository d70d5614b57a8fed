package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The readings of a ride, one per second or means over steps, as JSON or CSV. */
public final class ReadingSampler {
    private static final String CSV_HEAD = "elapsed_s,at,heart_rate_bpm,cadence_rpm,resistance,power_w\r\n";
    private static final int CSV_ROW = 56;

    private ReadingSampler() {}

    /** One step; a value without any measurement is null. */
    record Step(
            int elapsedS,
            Instant at,
            @Nullable Double heartRate,
            @Nullable Double cadence,
            @Nullable Double resistance,
            @Nullable Double power,
            boolean cleaned) {}

    /** One item for each step of {@code stepS} seconds that has a reading. */
    public static JsonArray json(RideSeries series, int stepS) {
        JsonArray items = new JsonArray();
        each(
                series,
                stepS,
                step -> items.add(new Json()
                        .put("elapsedS", step.elapsedS)
                        .put("at", step.at.toString())
                        .put("heartRateBpm", step.heartRate)
                        .put("cadenceRpm", step.cadence)
                        .put("resistance", step.resistance)
                        .put("powerW", step.power)
                        .put("cleaned", step.cleaned ? true : null)
                        .object()));
        return items;
    }

    /** RFC 4180. Numbers and times only: no cell can start a spreadsheet formula. */
    static Buffer csv(RideSeries series, int stepS) {
        StringBuilder csv = new StringBuilder(CSV_HEAD.length() + series.readings() / stepS * CSV_ROW);
        csv.append(CSV_HEAD);
        each(series, stepS, step -> {
            csv.append(step.elapsedS).append(',').append(Json.millis(step.at));
            cell(csv, step.heartRate);
            cell(csv, step.cadence);
            cell(csv, step.resistance);
            cell(csv, step.power);
            csv.append("\r\n");
        });
        return Buffer.buffer(csv.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static void cell(StringBuilder csv, @Nullable Double value) {
        csv.append(',');
        if (value != null) {
            double rounded = Json.round(value);
            if (rounded == Math.rint(rounded)) {
                csv.append((long) rounded);
            } else {
                csv.append(rounded);
            }
        }
    }

    private static void each(RideSeries series, int stepS, Consumer<Step> sink) {
        int first = Math.floorDiv(series.firstS(), stepS) * stepS;
        for (int from = first; from <= series.lastS(); from += stepS) {
            Mean mean = new Mean();
            for (int s = from; s < from + stepS; s++) {
                if (series.has(s)) {
                    mean.add(series.get(s));
                    mean.cleaned |= series.isCleaned(s);
                }
            }
            if (mean.at != null) {
                sink.accept(mean.step(from));
            }
        }
    }

    private static final class Mean {
        private @Nullable Instant at;
        private boolean cleaned;
        private final double[] sums = new double[4];
        private final int[] counts = new int[4];

        void add(Reading reading) {
            if (at == null) {
                at = Instant.EPOCH.plus(reading.atMicros(), ChronoUnit.MICROS).truncatedTo(ChronoUnit.MILLIS);
            }
            add(0, reading.hasHeartRate(), reading.heartRateBpm());
            add(1, reading.cadenceRpm() != Reading.ABSENT, reading.cadenceRpm());
            add(2, reading.resistance() != Reading.ABSENT, reading.resistance());
            add(3, reading.hasPower(), reading.powerW());
        }

        private void add(int column, boolean measured, double value) {
            if (measured) {
                sums[column] += value;
                counts[column]++;
            }
        }

        private @Nullable Double mean(int column) {
            return counts[column] == 0 ? null : (Double) (sums[column] / counts[column]);
        }

        Step step(int elapsedS) {
            return new Step(elapsedS, at == null ? Instant.EPOCH : at, mean(0), mean(1), mean(2), mean(3), cleaned);
        }
    }
}
