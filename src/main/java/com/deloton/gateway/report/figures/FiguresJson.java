package com.deloton.gateway.report.figures;

import com.deloton.gateway.report.figures.DailyFigures.Alerts;
import com.deloton.gateway.report.figures.DailyFigures.Best;
import com.deloton.gateway.report.figures.DailyFigures.Counts;
import com.deloton.gateway.report.figures.DailyFigures.Group;
import com.deloton.gateway.report.figures.DailyFigures.Quality;
import com.deloton.gateway.report.figures.DailyFigures.Totals;
import com.deloton.gateway.ride.Rider.Gender;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The figures as JSON for the archive, without single riders, so that an erasure need not change the archive. */
public final class FiguresJson {
    private FiguresJson() {}

    public static JsonObject of(DailyFigures figures) {
        ReportDay day = figures.day();
        JsonObject records = new JsonObject();
        figures.records().forEach(best -> records.put(name(best.kind()), best(best)));
        JsonArray groups = new JsonArray();
        figures.groups().stream()
                .filter(group -> group.gender() != null || group.age() != null)
                .forEach(group -> groups.add(group(group)));
        return new JsonObject()
                .put("date", day.date().toString())
                .put("zone", day.zone().getId())
                .put("from", day.start().toString())
                .put("to", day.end().toString())
                .put("takenAt", figures.takenAt().toString())
                .put("totals", totals(figures.totals()))
                .put("dayBefore", totals(figures.dayBefore()))
                .put("weekBefore", totals(figures.weekBefore()))
                .put("groups", groups)
                .put("ridesPerHour", hours(day, figures.ridesPerHour()))
                .put("heartRateZonesS", new JsonArray(figures.zoneS()))
                .put("best", records)
                .put("alerts", alerts(figures.alerts()))
                .put("quality", quality(figures.quality()));
    }

    private static JsonObject alerts(Alerts alerts) {
        return new JsonObject()
                .put("raised", alerts.raised())
                .put("mailed", alerts.mailed())
                .put("waiting", alerts.waiting())
                .put("failed", alerts.failed())
                .put("quiet", alerts.quiet())
                .put("critical", alerts.critical())
                .put("riders", alerts.riders())
                .put("sensorFaults", alerts.sensorFaults())
                .put("acknowledged", alerts.acknowledgements().number())
                .put("notAcknowledged", alerts.acknowledgements().missing())
                .put("acknowledgedMedianS", alerts.acknowledgements().medianS())
                .put("acknowledgedSlowestS", alerts.acknowledgements().slowestS());
    }

    private static JsonObject quality(Quality quality) {
        return new JsonObject()
                .put("readings", quality.received())
                .put("readingsExpected", quality.expected())
                .put("withoutHeartRate", quality.withoutHeartRate())
                .put("withoutPower", quality.withoutPower())
                .put("quarantined", quality.quarantined())
                .put("ridesOpen", quality.open())
                .put("ridesAbandoned", quality.abandoned())
                .put("ridesUnnamed", quality.unnamed());
    }

    private static JsonObject counts(Counts counts) {
        return new JsonObject()
                .put("rides", counts.rides())
                .put("riders", counts.riders())
                .put("durationS", counts.durationS())
                .put("energyKj", counts.energyKj())
                .put("powerMeanW", counts.powerMeanW())
                .put("heartRateMeanBpm", counts.heartRateMeanBpm());
    }

    private static JsonObject totals(Totals totals) {
        return counts(totals.counts())
                .put("riderPowerMeanW", totals.riderPowerMeanW())
                .put("riderHeartRateMeanBpm", totals.riderHeartRateMeanBpm());
    }

    private static JsonObject group(Group group) {
        Gender gender = group.gender();
        ReportAgeGroup age = group.age();
        JsonObject json = new JsonObject();
        json.put("gender", gender == null ? "all" : gender.label());
        json.put("ageGroup", age == null ? "all" : age.label());
        return json.mergeIn(counts(group.counts()));
    }

    private static JsonArray hours(ReportDay day, List<Integer> rides) {
        JsonArray hours = new JsonArray();
        List<String> labels = day.hourLabels();
        for (int i = 0; i < labels.size(); i++) {
            hours.add(new JsonObject().put("hour", labels.get(i)).put("rides", rides.get(i)));
        }
        return hours;
    }

    private static JsonObject best(Best best) {
        return new JsonObject()
                .put("value", best.value())
                .put("before", best.before())
                .put("record", best.isRecord())
                .put("rideId", best.rideId());
    }

    private static String name(Best.Kind kind) {
        return switch (kind) {
            case DURATION_S -> "durationS";
            case ENERGY_KJ -> "energyKj";
            case POWER_5S_W -> "powerBest5sW";
            case POWER_1MIN_W -> "powerBest1minW";
            case POWER_5MIN_W -> "powerBest5minW";
            case POWER_20MIN_W -> "powerBest20minW";
        };
    }
}
