package com.deloton.gateway.alert;

import static com.deloton.gateway.testing.IngestFixture.ABNORMAL;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.local.LocalMail;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.simulate.model.SimulatedRider;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.TestServers;
import io.micrometer.core.instrument.Timer;
import io.vertx.ext.healthchecks.HealthChecks;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Isolated("short time limits")
class AlertEndToEndIT {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 24);

    private final IngestFixture fixture = new IngestFixture();
    private LocalMail mail = TestServers.mail();

    @AfterEach
    void close() throws Exception {
        fixture.close();
        mail.close();
    }

    @Test
    void everyRideWithAnAbnormalHeartRateIsMailedOnceAndNoOther() throws Exception {
        start(mail.smtpPort());
        fixture.ride(ABNORMAL.withMessages(20_000));

        assertThat(fixture.expectedAlerts()).hasSizeGreaterThan(20);
        awaitMailed();
        assertThat(mailed()).containsExactlyInAnyOrderElementsOf(expected());
        assertThat(fixture.ledger).anyMatch(ride -> ride.episodes().isEmpty());
    }

    @Test
    void ridersInRangeAreNotMailed() throws Exception {
        start(mail.smtpPort());
        fixture.ride(ABNORMAL.withAbnormalHeartRate(0).withMessages(10_000));

        assertThat(fixture.warehouse.count("SELECT count(*) FROM alert")).isZero();
        assertThat(mail.mails()).isEmpty();
    }

    @Test
    void aDeadMailServerDelaysMailsAndLosesNone() throws Exception {
        int port = mail.smtpPort();
        mail.close();
        start(port);
        fixture.ride(ABNORMAL.withMessages(8_000));
        awaitTrue(() -> fixture.warehouse.count("SELECT count(*) FROM alert_delivery WHERE attempts > 2") > 0);
        mail = LocalMail.start(port, 0);

        awaitMailed();
        assertThat(mailed()).containsExactlyInAnyOrderElementsOf(expected());
    }

    @Test
    void aRestartInTheMidstOfRidesMailsNothingTwice() throws Exception {
        start(mail.smtpPort());
        var fleet = fixture.fleet(ABNORMAL.withMessages(12_000).withSpeed(40));
        try {
            fleet.start();
            for (int i = 0; i < 2; i++) {
                long stored = fixture.warehouse.count("SELECT count(*) FROM reading");
                awaitTrue(() -> fixture.warehouse.count("SELECT count(*) FROM reading") > stored + 800);
                fixture.renew();
                start(mail.smtpPort());
            }
            assertThat(fleet.awaitEnd(java.time.Duration.ofSeconds(60))).isTrue();
        } finally {
            fleet.close();
        }
        fixture.warehouse.awaitRecords(fixture.topic, fleet.sent());

        awaitMailed();
        assertThat(mailed()).containsExactlyInAnyOrderElementsOf(expected());
    }

    @Test
    void inRealTimeAMailIsAcceptedWithinASecondOfItsReading() throws Exception {
        start(mail.smtpPort());
        fixture.ride(ABNORMAL.withBikes(60)
                .withAbnormalHeartRate(1)
                .withSpeed(10)
                .withPauseSeconds(0, 120)
                .withMessages(60 * 160));
        awaitMailed();

        Timer delivery = fixture.meters.get("deloton.alert.delivery").timer();
        assertThat(delivery.count()).isEqualTo(fixture.expectedAlerts().size()).isGreaterThan(40);
        assertThat(delivery.max(TimeUnit.SECONDS)).isLessThan(15);
        assertThat(delivery.mean(TimeUnit.MILLISECONDS)).isLessThan(1_000);
    }

    private void start(int smtpPort) throws Exception {
        fixture.start();
        IngestFixture.await(fixture.vertx()
                .deployVerticle(new AlertVerticle(
                        AlertFixture.CONFIG,
                        AlertFixture.mail(smtpPort),
                        "https://gateway.example.com",
                        new ProcessResources(
                                fixture.pool(),
                                fixture.meters,
                                HealthChecks.create(fixture.vertx()),
                                InstantSource.system()))));
    }

    private void awaitMailed() throws Exception {
        awaitTrue(() -> fixture.warehouse.count(
                        "SELECT count(*) FROM alert_delivery WHERE status NOT IN ('sent', 'suppressed')")
                == 0);
        assertThat(fixture.warehouse.count("SELECT count(*) FROM alert_delivery WHERE status = 'sent'"))
                .isEqualTo(fixture.expectedAlerts().size());
    }

    /** {@code address bpm}, by the ledger alone. */
    private List<String> expected() {
        List<String> expected = new ArrayList<>();
        for (ExpectedRide ride : fixture.ledger) {
            if (!ride.episodes().isEmpty() && ride.riderUserId() != null) {
                int raisedS = ride.episodes().getFirst().raisedS();
                Integer bpm = ride.readings().stream()
                        .filter(reading -> reading.elapsedS() == raisedS)
                        .findFirst()
                        .orElseThrow()
                        .heartRateBpm();
                SimulatedRider rider = SimulatedRider.generate(ABNORMAL.seed(), ride.riderUserId(), DAY);
                expected.add(rider.emailAddress() + " " + Objects.requireNonNull(bpm));
            }
        }
        return expected;
    }

    private List<String> mailed() {
        return mail.mails().stream()
                .map(m -> String.join(",", m.to()) + " " + m.subject().replaceAll(".*: (\\d+) bpm", "$1"))
                .toList();
    }
}
