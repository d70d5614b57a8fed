package com.deloton.gateway.ingest.heartrate;

import static com.deloton.gateway.testing.IngestFixture.ABNORMAL;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.event.Addresses;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.simulate.model.Fault;
import com.deloton.gateway.testing.IngestFixture;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeartRateMonitorIT {
    private final IngestFixture fixture = new IngestFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void theEpisodesAreTheLedgers() throws Exception {
        AtomicInteger woken = new AtomicInteger();
        fixture.vertx().eventBus().localConsumer(Addresses.ALERT_RAISED, message -> woken.incrementAndGet());
        fixture.start();
        fixture.ride(ABNORMAL.withMessages(20_000));

        assertThat(fixture.expectedAlerts()).hasSizeGreaterThan(20);
        assertThat(fixture.storedAlerts()).isEqualTo(fixture.expectedAlerts());
        assertThat(fixture.warehouse.count(
                        "SELECT count(*) FROM alert_delivery WHERE kind = 'alert' AND status = 'due'"))
                .isEqualTo(fixture.expectedAlerts().size());
        assertThat(fixture.warehouse.count(
                        "SELECT count(*) FROM alert a WHERE NOT EXISTS (SELECT FROM alert_transition t"
                                + " WHERE t.ride_id = a.ride_id AND t.first_s = a.first_s AND phase = 'firing')"))
                .isZero();
        assertThat(fixture.warehouse.count("SELECT count(*) FROM alert_state WHERE phase = 'normal'"))
                .isPositive();
        assertThat(fixture.meters.get("deloton.alert.episodes").counters().stream()
                        .mapToLong(c -> Math.round(c.count()))
                        .sum())
                .isEqualTo(fixture.warehouse.count("SELECT count(*) FROM alert"));
        assertThat(woken.get()).isPositive();
    }

    @Test
    void junkAndRepetitionsRaiseNothing() throws Exception {
        fixture.start();
        fixture.ride(ABNORMAL.withMessages(12_000)
                .withFault(Fault.NOT_JSON, 0.02)
                .withFault(Fault.HEART_RATE_RANGE, 0.02)
                .withFault(Fault.DUPLICATE, 0.05));

        assertThat(fixture.storedAlerts()).isEqualTo(fixture.expectedAlerts());
    }

    @Test
    void alertsWithTheirRidersAndBikesAreStoredAheadOfTheFlush() throws Exception {
        fixture.flushInterval = Duration.ofMinutes(1);
        fixture.start();
        FleetProducer fleet = fixture.fleet(ABNORMAL.withMessages(2_000));
        try {
            fleet.start();
            assertThat(fleet.awaitEnd(Duration.ofSeconds(60))).isTrue();
        } finally {
            fleet.close();
        }

        assertThat(fixture.expectedAlerts()).isNotEmpty();
        awaitTrue(() -> fixture.warehouse.count("""
                        SELECT count(*) FROM alert a JOIN rider r USING (rider_id)
                        WHERE a.quiet IS NULL AND a.bike_serial IS NOT NULL""") == fixture.expectedAlerts().size());
        assertThat(fixture.warehouse.count("SELECT count(*) FROM ride")).isZero();
    }

    @Test
    void restartsInTheMidstOfRidesRaiseTheSameEpisodes() throws Exception {
        fixture.start();
        FleetProducer fleet = fixture.fleet(ABNORMAL.withMessages(12_000).withSpeed(40));
        try {
            fleet.start();
            for (int i = 0; i < 3; i++) {
                long stored = fixture.warehouse.count("SELECT count(*) FROM reading");
                // On a slow machine the fleet ends before the third restart, which then changes nothing.
                awaitTrue(() -> fixture.warehouse.count("SELECT count(*) FROM reading") > stored + 300
                        || fleet.awaitEnd(Duration.ofMillis(1)));
                fixture.renew();
                fixture.start();
            }
            assertThat(fleet.awaitEnd(Duration.ofSeconds(60))).isTrue();
        } finally {
            fleet.close();
        }
        fixture.warehouse.awaitRecords(fixture.topic, fleet.sent());

        assertThat(fixture.storedAlerts()).isEqualTo(fixture.expectedAlerts());
    }

    @Test
    void aDatabaseThatDoesNotTakeEpisodesLosesNone() throws Exception {
        fixture.start();
        owner("ALTER TABLE alert RENAME TO alert_away");
        FleetProducer fleet = fixture.fleet(ABNORMAL.withMessages(6_000));
        try {
            fleet.start();
            assertThat(fleet.awaitEnd(Duration.ofSeconds(60))).isTrue();
        } finally {
            fleet.close();
        }
        awaitTrue(() ->
                fixture.meters.get("deloton.ingest.flush.failures").counter().count() > 1);
        owner("ALTER TABLE alert_away RENAME TO alert");
        fixture.warehouse.awaitRecords(fixture.topic, fleet.sent());

        assertThat(fixture.expectedAlerts()).isNotEmpty();
        assertThat(fixture.storedAlerts()).isEqualTo(fixture.expectedAlerts());
    }

    private void owner(String sql) throws Exception {
        try (Connection connection = fixture.warehouse.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void ridersSettingsCount() throws Exception {
        fixture.warehouse.rows("""
                WITH s AS (INSERT INTO rider_alert_setting (rider_id, min_bpm, max_bpm, opt_out)
                    SELECT id, 31, 249, id % 2 = 0 FROM generate_series(1, 9999) id RETURNING 1)
                SELECT count(*) FROM s""");
        fixture.start();
        fixture.ride(ABNORMAL.withMessages(6_000));

        assertThat(fixture.expectedAlerts()).isNotEmpty();
        assertThat(fixture.warehouse.count("SELECT count(*) FROM alert")).isZero();
    }

    @Test
    void anOptOutIsRecordedButNotDue() throws Exception {
        fixture.warehouse.rows("""
                WITH s AS (INSERT INTO rider_alert_setting (rider_id, opt_out)
                    SELECT id, true FROM generate_series(1, 9999) id RETURNING 1)
                SELECT count(*) FROM s""");
        fixture.start();
        fixture.ride(ABNORMAL.withMessages(6_000));

        assertThat(fixture.warehouse.count("SELECT count(*) FROM alert WHERE quiet = 'opt_out'"))
                .isGreaterThanOrEqualTo(fixture.expectedAlerts().size())
                .isPositive();
        assertThat(fixture.warehouse.count("SELECT count(*) FROM alert_delivery WHERE status <> 'suppressed'"))
                .isZero();
    }
}
