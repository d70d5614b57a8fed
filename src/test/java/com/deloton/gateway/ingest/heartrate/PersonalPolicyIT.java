package com.deloton.gateway.ingest.heartrate;

import static com.deloton.gateway.testing.IngestFixture.ABNORMAL;
import static com.deloton.gateway.testing.IngestFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.HeartRateConfig;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.store.Timestamps;
import com.deloton.gateway.testing.IngestFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PersonalPolicyIT {
    private static final HeartRateConfig PERSONAL = new HeartRateConfig(
            HeartRateConfig.Policy.PERSONAL,
            HeartRateConfig.DEFAULT.readings(),
            HeartRateConfig.DEFAULT.recoveryReadings(),
            HeartRateConfig.DEFAULT.recoveryMarginBpm(),
            HeartRateConfig.DEFAULT.longestGap(),
            HeartRateConfig.DEFAULT.coolDown(),
            HeartRateConfig.DEFAULT.flapWindow(),
            HeartRateConfig.DEFAULT.criticalAboveMaxBpm(),
            HeartRateConfig.DEFAULT.criticalBpm(),
            HeartRateConfig.DEFAULT.jumpBpm());

    private final IngestFixture fixture = new IngestFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void alertsNeedTenSecondsAndTheMaximaOfRidersAreLearntOnceAndErased() throws Exception {
        fixture.heartRate = PERSONAL;
        fixture.warehouse.rows("""
                WITH s AS (INSERT INTO rider_alert_setting (rider_id, max_bpm)
                    SELECT id, 110 FROM generate_series(1, 9999) id RETURNING 1)
                SELECT count(*) FROM s""");
        fixture.start();
        fixture.ride(ABNORMAL.withMessages(6_000));

        assertThat(fixture.warehouse.count("SELECT count(*) FROM alert WHERE rule = 'range' AND max_bpm = 110"))
                .isPositive();
        assertThat(fixture.warehouse.count("SELECT count(*) FROM alert WHERE raised_s - first_s < 10"))
                .isZero();

        MaximumLearner learner =
                new MaximumLearner(fixture.vertx(), fixture.pool(), HeartRatePolicy.DEFAULT, new SimpleMeterRegistry());
        await(learner.learnAll());

        assertThat(fixture.warehouse.count("SELECT count(*) FROM ride WHERE held_bpm > 0"))
                .isPositive();
        assertThat(fixture.warehouse.count("SELECT count(*) FROM ride r WHERE status <> 'open' AND rider_id IS NOT NULL"
                        + " AND age_years IS NOT NULL AND held_bpm IS NULL AND NOT EXISTS (SELECT FROM ride o"
                        + " WHERE o.rider_id = r.rider_id AND o.status = 'open')"))
                .isZero();
        long learnt = fixture.warehouse.count("SELECT count(*) FROM rider_heart_rate");
        assertThat(learnt).isPositive();

        fixture.warehouse.execute("UPDATE rider SET erased_at = now()");

        assertThat(fixture.warehouse.count("SELECT count(*) FROM rider_heart_rate"))
                .isZero();
    }

    @Test
    void aRideKeepsTheMaximumOfItsStart() throws Exception {
        fixture.warehouse.execute("""
                INSERT INTO rider (rider_id, gender, date_of_birth, seen_at) VALUES (7, 'female', '1986-01-01', now());
                INSERT INTO rider_heart_rate (rider_id, bpm, measured_at, applies_from, former_bpm, former_at)
                VALUES (7, 204, '2026-11-24T10:00Z', '2026-11-24T12:00Z', 200, '2026-11-23T10:00Z')""");
        LearntMaxima maxima = new LearntMaxima(fixture.vertx(), fixture.pool());
        await(maxima.start());

        assertThat(maxBpm(maxima, 8, "2026-11-24T11:59:59Z")).isEqualTo(207);
        assertThat(maxBpm(maxima, 7, "2026-11-24T11:59:59Z")).isEqualTo(210);
        assertThat(maxBpm(maxima, 7, "2026-11-24T12:00:00Z")).isEqualTo(214);
    }

    private static int maxBpm(LearntMaxima maxima, long riderId, String start) {
        Rider rider = new Rider(
                riderId,
                null,
                null,
                Rider.Gender.FEMALE,
                LocalDate.of(1986, 1, 1),
                null,
                new Rider.Address(null, null, null, null),
                null,
                null,
                null,
                null);
        Ride ride = new Ride(1, rider, null, Timestamps.micros(Instant.parse(start)), new RideSeries());
        return Objects.requireNonNull(maxima.limits(ride)).maxBpm();
    }
}
