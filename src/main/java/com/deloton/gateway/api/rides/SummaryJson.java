package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.event.RideIds;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.RideSummary;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of a ride's summary, as in the contract. */
public final class SummaryJson {
    private static final double SECONDS_PER_HOUR = 3600;
    /** Coarse enough that the ratio of several rides does not reveal the weight. */
    private static final double WEIGHT_STEP_KG = 5;

    private SummaryJson() {}

    /** Without {@code personal}, the zones and the range are left out: they reveal the age. */
    public static JsonObject of(RideReadings.RideWithReadings ride, boolean personal) {
        RideSummary s = ride.summary();
        return new Json()
                .put("rideId", ride.rideId())
                .put("status", RideRows.status(ride.row()))
                .put("durationS", s.durationS())
                .put("movingS", s.movingS())
                .put("readings", s.readings())
                .put("cleanedS", ride.cleanedS())
                .put("missingS", Math.max(0, s.durationS() - s.readings()))
                .put("source", source(ride))
                .put("energyKj", s.energyKj())
                .put("power", power(s, ride.row().getInteger("weight_kg")))
                .put("heartRate", heartRate(ride, s, personal))
                .put("cadence", new Json().put("meanRpm", s.cadenceMeanRpm()).put("maxRpm", s.cadenceMaxRpm()))
                .put("resistance", new Json().put("mean", s.resistanceMean()).put("max", s.resistanceMax()))
                .object();
    }

    private static Json heartRate(RideReadings.RideWithReadings ride, RideSummary s, boolean personal) {
        Json heartRate = new Json()
                .put("minBpm", s.heartRateMinBpm())
                .put("meanBpm", s.heartRateMeanBpm())
                .put("maxBpm", s.heartRateMaxBpm())
                .put("measuredS", s.heartRateMeasuredS());
        if (!personal) {
            return heartRate;
        }
        List<Integer> zones = s.zoneS();
        HeartRateLimits formula = ride.limits();
        return heartRate
                .put("zonesS", zones == null ? null : new JsonArray(zones))
                .put("zonesMaxBpm", formula == null ? null : (Integer) formula.maxBpm())
                .putColumns(ride.row(), "rangeMinBpm", "rangeMaxBpm");
    }

    private static Json source(RideReadings.RideWithReadings ride) {
        return new Json()
                .putColumns(ride.row(), "topic", "partition")
                .put("firstOffset", RideIds.offset(ride.rideId()));
    }

    /** Coggan: VI = NP / mean, IF = NP / FTP, TSS = s · NP · IF / (FTP · 3600) · 100. */
    private static Json power(RideSummary s, @Nullable Integer weightKg) {
        Double mean = s.powerMeanW();
        Double normalized = s.normalizedPowerW();
        Double ftp = s.ftpEstimateW();
        Double intensity = ratio(normalized, ftp);
        Double stress = intensity == null || normalized == null || ftp == null
                ? null
                : (Double) (s.durationS() * normalized * intensity / (ftp * SECONDS_PER_HOUR) * 100);
        return new Json()
                .put("meanW", mean)
                .put("maxW", s.powerMaxW())
                .put("normalizedW", normalized)
                .put("best5sW", s.best().s5())
                .put("best1minW", s.best().m1())
                .put("best5minW", s.best().m5())
                .put("best20minW", s.best().m20())
                .put("variabilityIndex", ratio(normalized, mean))
                .put("ftpEstimateW", ftp)
                .put("intensityFactor", intensity)
                .put("trainingStressScore", stress)
                .put("wattsPerKg", mean == null || weightKg == null ? null : wattsPerKg(mean, weightKg));
    }

    private static double wattsPerKg(double meanW, int weightKg) {
        double rounded = Math.max(WEIGHT_STEP_KG, Math.round(weightKg / WEIGHT_STEP_KG) * WEIGHT_STEP_KG);
        return Math.round(meanW / rounded * 10) / 10.0;
    }

    private static @Nullable Double ratio(@Nullable Double value, @Nullable Double base) {
        return value == null || base == null || base == 0 ? null : (Double) (value / base);
    }
}
