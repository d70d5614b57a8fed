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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
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
    void summariesContainNeitherZonesNorRangeWhichRevealTheAge() throws Exception {
        long ride = fixture.warehouse.count("SELECT ride_id FROM ride WHERE zone_s IS NOT NULL LIMIT 1");

        assertThat(api.json("getRideSummary", "ride", ride).encode())
                .contains("zonesS", "zonesMaxBpm", "rangeMinBpm", "rangeMaxBpm");
        assertThat(api.json(PSEUDONYMOUS, "getRideSummary", "ride", ride).encode())
                .contains("maxBpm")
                .doesNotContain("zones", "range");
    }

    /** A personal field, and SQL for another value that the age group and the weight rounded to 5 kg do not exclude. */
    enum Hidden {
        NAME("name = 'Another Name', title = 'Dr'"),
        CONTACT("email_address = 'another@example.com'"),
        ADDRESS("address_unit = '9', address_street = 'Another Street', address_postcode = 'AN0 1ER'"),
        CITY("address_city = 'Another City'"),
        HEIGHT("height_cm = 181"),
        ACCOUNT("account_created = date '2001-02-03', original_source = 'another'"),
        WEIGHT("weight_kg = round(weight_kg / 5.0) * 5 + %d"),
        BIRTH("date_of_birth = date_of_birth + %d");

        private final String assignment;

        Hidden(String assignment) {
            this.assignment = assignment;
        }
    }

    /** Whatever depends on a hidden field would let a caller tell two of its values apart. */
    @Property(tries = 24)
    void noResponseDependsOnAHiddenField(
            @ForAll Hidden field,
            @ForAll @IntRange(max = 1_000) int index,
            @ForAll @IntRange(min = -2, max = 2) int other)
            throws Exception {
        List<Object> riders =
                fixture.warehouse.rows("""
                        SELECT rider_id FROM rider WHERE weight_kg IS NOT NULL AND date_of_birth IS NOT NULL
                            AND extract(day FROM date_of_birth) BETWEEN 5 AND 20
                            AND extract(month FROM date_of_birth) <> 11 ORDER BY rider_id""").stream().map(List::getFirst).toList();
        Object rider = riders.get(index % riders.size());
        List<String> before = everythingAbout(rider);
        fixture.warehouse.execute("CREATE TABLE kept AS SELECT * FROM rider WHERE rider_id = " + rider);
        try {
            fixture.warehouse.execute(
                    "UPDATE rider SET " + field.assignment.formatted(other) + " WHERE rider_id = " + rider);

            assertThat(everythingAbout(rider)).isEqualTo(before);
        } finally {
            fixture.warehouse.execute("""
                    UPDATE rider r SET name = k.name, title = k.title, email_address = k.email_address,
                        address_unit = k.address_unit, address_street = k.address_street, address_city = k.address_city,
                        address_postcode = k.address_postcode, height_cm = k.height_cm, weight_kg = k.weight_kg,
                        account_created = k.account_created, original_source = k.original_source,
                        date_of_birth = k.date_of_birth
                    FROM kept k WHERE k.rider_id = r.rider_id;
                    DROP TABLE kept""");
        }
    }

    /** What {@code rides:read} can read that is about one rider or ranks riders. */
    private static List<String> everythingAbout(Object rider) throws Exception {
        List<String> documents = new ArrayList<>();
        for (JsonObject ride : api.all("listRides", "riders", List.of(rider))) {
            documents.add(api.json(PSEUDONYMOUS, "getRide", "ride", ride.getLong("rideId"))
                    .encode());
            documents.add(api.json(PSEUDONYMOUS, "getRideSummary", "ride", ride.getLong("rideId"))
                    .encode());
        }
        documents.add(api.json(PSEUDONYMOUS, "getRider", "rider", rider).encode());
        documents.add(api.json(PSEUDONYMOUS, "listRidesOfRider", "rider", rider).encode());
        documents.add(api.json(PSEUDONYMOUS, "listRiders", "limit", 200).encode());
        documents.add(api.json(PSEUDONYMOUS, "listAlerts", "limit", 200).encode());
        documents.add(api.json(PSEUDONYMOUS, "getDay", "date", "today").encode());
        for (String by : List.of("rides", "energy", "power", "wattsPerKg")) {
            documents.add(api.json(PSEUDONYMOUS, "getLeaderboard", "date", "today", "by", by, "over", "5s")
                    .encode());
        }
        for (String list : List.of("listRides", "listRiders")) {
            documents.add(api.respond(PSEUDONYMOUS, "text/csv", null, list, "limit", 200)
                    .body()
                    .toString());
        }
        return documents;
    }
}
