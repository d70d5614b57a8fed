package com.deloton.gateway.api.rides;

import static com.deloton.gateway.testing.ApiFixture.PSEUDONYMOUS;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.api.FleetApiFixture;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a caller with {@code rides:read} can compute from all summaries of a rider. */
class InferenceIT extends FleetApiFixture {
    /** As far apart as the rounding makes indistinguishable. */
    private static final int INDISTINGUISHABLE_KG = 5;

    @Test
    void noNumberOfSummariesGivesTheWeightCloserThanFiveKilograms() throws Exception {
        Map<Long, List<JsonObject>> powers = new TreeMap<>();
        for (List<Object> ride : fixture.warehouse.rows(
                "SELECT rider_id, ride_id FROM ride WHERE rider_id IS NOT NULL AND status <> 'open'")) {
            JsonObject summary = api.json(PSEUDONYMOUS, "getRideSummary", "ride", ride.get(1));
            JsonObject power = summary.getJsonObject("power");
            if (power.getDouble("wattsPerKg") != null) {
                powers.computeIfAbsent((Long) ride.getFirst(), rider -> new ArrayList<>())
                        .add(power);
            }
        }

        assertThat(powers).hasSizeGreaterThan(5);
        powers.forEach((rider, all) -> {
            long weight = fixture.warehouse.count("SELECT weight_kg FROM rider WHERE rider_id = " + rider);
            List<Integer> possible = IntStream.rangeClosed(20, 250)
                    .filter(kg -> all.stream().allMatch(power -> explains(kg, power)))
                    .boxed()
                    .toList();
            assertThat(possible)
                    .as("weights of rider %d that explain %d rides", rider, all.size())
                    .contains(Math.toIntExact(weight))
                    .hasSizeGreaterThanOrEqualTo(INDISTINGUISHABLE_KG);
        });
    }

    /** The gateway's rounding is public. */
    private static boolean explains(int kg, JsonObject power) {
        double rounded = Math.round(kg / 5.0) * 5.0;
        return Math.abs(power.getDouble("meanW") / rounded - power.getDouble("wattsPerKg")) <= 0.051;
    }

    @Test
    void summariesContainNoZonesWhichTheReadingsWouldTurnIntoTheAge() throws Exception {
        long ride = fixture.warehouse.count("SELECT ride_id FROM ride WHERE zone_s IS NOT NULL LIMIT 1");

        assertThat(api.json("getRideSummary", "ride", ride).encode()).contains("zonesS");
        assertThat(api.json(PSEUDONYMOUS, "getRideSummary", "ride", ride).encode())
                .contains("maxBpm")
                .doesNotContain("zonesS");
    }
}
