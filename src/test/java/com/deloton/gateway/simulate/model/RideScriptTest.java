package com.deloton.gateway.simulate.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RideScriptTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 24);

    @Property(tries = 300)
    void aRideStaysWithinWhatABikeCanSay(@ForAll long seed, @ForAll @IntRange(min = 1, max = 520) int seconds) {
        RideScript ride = ride(seed, seconds, false);
        for (int s = 1; s <= seconds; s++) {
            assertThat(ride.resistance(s)).isBetween(0, 170);
            assertThat(ride.cadence(s)).isBetween(0, 163);
            assertThat(ride.power(s)).isBetween(0.0, 1485.0);
        }
    }

    @Property(tries = 300)
    void aHealthyHeartStaysInsideItsLimits(@ForAll long seed, @ForAll @IntRange(min = 1, max = 520) int seconds) {
        SimulatedRider rider = SimulatedRider.generate(seed, 7, DAY);
        RideScript ride = ride(seed, seconds, false);
        for (int s = 1; s <= seconds; s++) {
            if (ride.heartRate(s) != 0) {
                assertThat(ride.heartRate(s)).isBetween(rider.minimumBpm(DAY) + 3, rider.maximumBpm(DAY) - 6);
            }
        }
    }

    @Property(tries = 300)
    void anAbnormalHeartRateLeavesItsLimitsForThreeSecondsOrMoreWithoutALeap(
            @ForAll long seed, @ForAll @IntRange(min = RideScript.MIN_ABNORMAL_RIDE_S, max = 520) int seconds) {
        SimulatedRider rider = SimulatedRider.generate(seed, 7, DAY);
        RideScript ride = ride(seed, seconds, true);
        int run = 0;
        int longest = 0;
        for (int s = 1; s <= seconds; s++) {
            int bpm = ride.heartRate(s);
            boolean outside = bpm != 0 && (bpm > rider.maximumBpm(DAY) || bpm < rider.minimumBpm(DAY));
            run = outside ? run + 1 : 0;
            longest = Math.max(longest, run);
            if (s > 1 && bpm != 0 && ride.heartRate(s - 1) != 0) {
                assertThat(Math.abs(bpm - ride.heartRate(s - 1))).isLessThanOrEqualTo(20);
            }
        }
        assertThat(longest).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aFullRideHasTwoSprintsOfTwentySecondsAndFewSecondsOfGreatPower() {
        for (int seed = 0; seed < 50; seed++) {
            RideScript ride = ride(seed, 520, false);
            int sprinting = 0;
            int above400 = 0;
            int starts = 0;
            for (int s = 2; s <= 520; s++) {
                sprinting += ride.resistance(s) >= 151 ? 1 : 0;
                starts += ride.resistance(s) >= 151 && ride.resistance(s - 1) < 151 ? 1 : 0;
                above400 += ride.power(s) > 400 ? 1 : 0;
            }
            assertThat(sprinting).isEqualTo(40);
            assertThat(starts).isEqualTo(2);
            assertThat(above400).isBetween(10, 40);
        }
    }

    @Test
    void heartRateDropsOutForOneTo155Seconds() {
        Set<Integer> lengths = new HashSet<>();
        for (int seed = 0; seed < 400; seed++) {
            RideScript ride = ride(seed, 520, false);
            int run = 0;
            for (int s = 1; s <= 520; s++) {
                if (ride.heartRate(s) == 0) {
                    run++;
                } else if (run > 0) {
                    lengths.add(run);
                    run = 0;
                }
            }
        }
        assertThat(lengths).allSatisfy(length -> assertThat(length).isBetween(1, 155));
        assertThat(lengths).contains(1).anyMatch(length -> length > 60);
    }

    @Test
    void ridersAreOfAllKindsAndNoMailAddressBelongsToAnybody() {
        Set<String> genders = new HashSet<>();
        Set<Integer> addressParts = new HashSet<>();
        boolean young = false;
        boolean old = false;
        boolean nobody = false;
        boolean beforeEpoch = false;
        Set<String> names = new HashSet<>();
        for (int id = 0; id < 2000; id++) {
            SimulatedRider rider = SimulatedRider.generate(1, id, DAY);
            int age = rider.dateOfBirth().until(DAY).getYears();
            young |= age < 18;
            old |= age >= 75;
            nobody |= rider.gender() == null;
            beforeEpoch |= rider.dateOfBirth().toEpochDay() < 0;
            genders.add(String.valueOf(rider.gender()));
            addressParts.add(rider.address().split(",").length);
            names.add(rider.name());
            assertThat(rider.emailAddress()).matches("[a-z.]+\\d+@([a-z]+\\.)?example\\.com");
            assertThat(rider.heightCm()).isBetween(151, 189);
            assertThat(rider.weightKg()).isBetween(31, 99);
            assertThat(rider.name() + rider.address()).doesNotContain("\"", "\\");
        }
        assertThat(young && old && nobody && beforeEpoch).isTrue();
        assertThat(genders).contains("male", "female", "non-binary");
        assertThat(addressParts).containsExactlyInAnyOrder(3, 4);
        assertThat(names)
                .anyMatch(n -> n.contains("'"))
                .anyMatch(n -> n.contains("-"))
                .anyMatch(n -> n.contains("ø"));
        assertThat(names).anyMatch(n -> n.startsWith("Mrs. ")).anyMatch(n -> n.startsWith("Mr "));
    }

    private static RideScript ride(long seed, int seconds, boolean abnormalHeartRate) {
        return new RideScript(
                SimulatedRider.generate(seed, 7, DAY), DAY, seconds, abnormalHeartRate, new SplittableRandom(seed));
    }
}
