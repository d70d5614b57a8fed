package com.deloton.gateway.ride.heartrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.Rider.Gender;
import com.deloton.gateway.ride.heartrate.Episode.Rule;
import com.deloton.gateway.ride.heartrate.PolicyTrial.TrialRide;
import com.deloton.gateway.simulate.model.HealthyRide;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Both policies on rides of the simulator, which is fitted to real activities. */
class PolicyTrialTest {
    private static final int RIDERS = 400;
    private static final int RIDES = 10;
    private static final int RIDE_S = 1_800;
    private static final int FOUND_S = 15;
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    @Test
    void thePersonalPolicyRaisesAtMostOneAlertPerThousandHoursOfHealthyRiders() {
        Random random = new Random(20_261_130);
        PolicyTrial trial = new PolicyTrial(HeartRatePolicy.DEFAULT, PolicyTrial.Policy.CUSTOMER, 10);
        for (int rider = 0; rider < RIDERS; rider++) {
            int age = random.nextInt(18, 75);
            double maximum = 211 - 0.64 * age + 10.8 * random.nextGaussian();
            Gender gender = rider % 2 == 0 ? Gender.FEMALE : Gender.MALE;
            for (int ride = 0; ride < RIDES; ride++) {
                long start = 3 * MICROS_PER_DAY * ride;
                RideSeries series = series(new HealthyRide(maximum, RIDE_S, random), start);
                trial.add(new TrialRide(
                        (long) rider * RIDES + ride, (long) rider, gender, age, RiderAlertSetting.NONE, start, series));
            }
        }

        PolicyTrial.Tally total = trial.total();
        assertThat(total.rideHours()).isGreaterThan(1_900);
        assertThat(total.perThousandHours(total.personal())).isLessThanOrEqualTo(1);
        assertThat(total.perThousandHours(total.customer())).isGreaterThan(100);
        assertThat(trial.listedRides()).hasSize(10);
    }

    @Test
    void everySustainedExcessIsFoundWithinFifteenSeconds() {
        everyExcessIsFound(Rule.RANGE, ride -> {}, limits -> limits.maxBpm() + 3);
    }

    @Test
    void everyHighHeartRateWithoutPedallingIsFoundWithinFifteenSeconds() {
        everyExcessIsFound(
                Rule.NOT_PEDALLING, ride -> ride.injectPause(900, 300), limits -> limits.maxBpm() * 85 / 100 + 3);
    }

    private static void everyExcessIsFound(
            Rule rule, Consumer<HealthyRide> before, ToIntFunction<HeartRateLimits> least) {
        Random random = new Random(7);
        for (int n = 0; n < 500; n++) {
            int age = random.nextInt(18, 75);
            HeartRateLimits limits = Objects.requireNonNull(PersonalMaximum.limits(Gender.FEMALE, age, null, 0));
            HealthyRide ride = new HealthyRide(211 - 0.64 * age, RIDE_S, random);
            before.accept(ride);
            int from = 1_000;
            int bpm = Math.min(248, least.applyAsInt(limits) + random.nextInt(rule == Rule.RANGE ? 30 : 20));
            ride.injectHeartRate(from, 40, bpm);

            Episode found = firstEpisode(ride, limits, from);

            assertThat(found).as("ride %d at %d bpm, limits %s", n, bpm, limits).isNotNull();
            assertThat(Objects.requireNonNull(found).rule()).isEqualTo(rule);
            assertThat(found.raisedS()).isBetween(from, from + FOUND_S);
        }
    }

    private static @Nullable Episode firstEpisode(HealthyRide ride, HeartRateLimits limits, int from) {
        RideSeries series = series(ride, 0);
        PersonalWatch watch = new PersonalWatch(HeartRatePolicy.DEFAULT, limits, false);
        for (int s = 1; s <= ride.seconds(); s++) {
            for (HeartRateEvent event : watch.accept(series.get(s))) {
                if (event instanceof HeartRateEvent.Raised raised
                        && raised.episode().raisedS() >= from) {
                    return raised.episode();
                }
            }
        }
        return null;
    }

    private static RideSeries series(HealthyRide ride, long startMicros) {
        RideSeries series = new RideSeries();
        for (int s = 1; s <= ride.seconds(); s++) {
            series.add(new Reading(s, startMicros + s * 1_000_000L, ride.heartRate(s), ride.cadence(s), 30, 100));
        }
        return series;
    }
}
