package com.deloton.gateway.ingest.heart;

import static com.deloton.gateway.testing.IngestRig.TROUBLED;
import static com.deloton.gateway.testing.IngestRig.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.simulate.model.Dirt;
import com.deloton.gateway.testing.IngestRig;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeartsTest {
    private final IngestRig rig = new IngestRig();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void theEpisodesAreTheLedgers() throws Exception {
        AtomicInteger woken = new AtomicInteger();
        rig.vertx().eventBus().localConsumer(Hearts.RAISED, message -> woken.incrementAndGet());
        rig.start();
        rig.ride(TROUBLED.withMessages(20_000));

        assertThat(rig.expectedAlerts()).hasSizeGreaterThan(20);
        assertThat(rig.storedAlerts()).isEqualTo(rig.expectedAlerts());
        assertThat(rig.warehouse.count("SELECT count(*) FROM alert_delivery WHERE kind = 'alert' AND status = 'due'"))
                .isEqualTo(rig.expectedAlerts().size());
        assertThat(rig.warehouse.count("SELECT count(*) FROM alert a WHERE NOT EXISTS (SELECT FROM alert_transition t"
                        + " WHERE t.ride_id = a.ride_id AND t.first_s = a.first_s AND phase = 'firing')"))
                .isZero();
        assertThat(rig.warehouse.count("SELECT count(*) FROM alert_state WHERE phase = 'normal'"))
                .isPositive();
        assertThat(rig.meters.get("deloton.alert.episodes").counters().stream()
                        .mapToLong(c -> Math.round(c.count()))
                        .sum())
                .isEqualTo(rig.warehouse.count("SELECT count(*) FROM alert"));
        assertThat(woken.get()).isPositive();
    }

    @Test
    void junkAndRepetitionsRaiseNothing() throws Exception {
        rig.start();
        rig.ride(TROUBLED.withMessages(12_000)
                .withDirt(Dirt.NOT_JSON, 0.02)
                .withDirt(Dirt.HEART_RATE_RANGE, 0.02)
                .withDirt(Dirt.DUPLICATE, 0.05));

        assertThat(rig.storedAlerts()).isEqualTo(rig.expectedAlerts());
    }

    @Test
    void restartsInTheMidstOfRidesRaiseTheSameEpisodes() throws Exception {
        rig.start();
        FleetProducer fleet = rig.fleet(TROUBLED.withMessages(12_000).withSpeed(40));
        try {
            fleet.start();
            for (int i = 0; i < 3; i++) {
                long stored = rig.warehouse.count("SELECT count(*) FROM reading");
                awaitTrue(() -> rig.warehouse.count("SELECT count(*) FROM reading") > stored + 300);
                rig.renew();
                rig.start();
            }
            assertThat(fleet.awaitEnd(Duration.ofSeconds(60))).isTrue();
        } finally {
            fleet.close();
        }
        rig.warehouse.awaitRecords(rig.topic, fleet.sent());

        assertThat(rig.storedAlerts()).isEqualTo(rig.expectedAlerts());
    }

    @Test
    void aDatabaseThatDoesNotTakeEpisodesLosesNone() throws Exception {
        rig.start();
        owner("ALTER TABLE alert RENAME TO alert_away");
        FleetProducer fleet = rig.fleet(TROUBLED.withMessages(6_000));
        try {
            fleet.start();
            assertThat(fleet.awaitEnd(Duration.ofSeconds(60))).isTrue();
        } finally {
            fleet.close();
        }
        awaitTrue(
                () -> rig.meters.get("deloton.ingest.flush.failures").counter().count() > 1);
        owner("ALTER TABLE alert_away RENAME TO alert");
        rig.warehouse.awaitRecords(rig.topic, fleet.sent());

        assertThat(rig.expectedAlerts()).isNotEmpty();
        assertThat(rig.storedAlerts()).isEqualTo(rig.expectedAlerts());
    }

    private void owner(String sql) throws Exception {
        try (Connection connection = rig.warehouse.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void ridersSettingsCount() throws Exception {
        rig.warehouse.rows("""
                WITH s AS (INSERT INTO rider_alert_setting (rider_id, min_bpm, max_bpm, opt_out)
                    SELECT id, 31, 249, id % 2 = 0 FROM generate_series(1, 9999) id RETURNING 1)
                SELECT count(*) FROM s""");
        rig.start();
        rig.ride(TROUBLED.withMessages(6_000));

        assertThat(rig.expectedAlerts()).isNotEmpty();
        assertThat(rig.warehouse.count("SELECT count(*) FROM alert")).isZero();
    }

    @Test
    void anOptOutIsRecordedButNotDue() throws Exception {
        rig.warehouse.rows("""
                WITH s AS (INSERT INTO rider_alert_setting (rider_id, opt_out)
                    SELECT id, true FROM generate_series(1, 9999) id RETURNING 1)
                SELECT count(*) FROM s""");
        rig.start();
        rig.ride(TROUBLED.withMessages(6_000));

        assertThat(rig.warehouse.count("SELECT count(*) FROM alert WHERE quiet = 'opt_out'"))
                .isGreaterThanOrEqualTo(rig.expectedAlerts().size())
                .isPositive();
        assertThat(rig.warehouse.count("SELECT count(*) FROM alert_delivery WHERE status <> 'suppressed'"))
                .isZero();
    }
}
