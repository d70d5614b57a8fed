package com.deloton.gateway.alert;

import static com.deloton.gateway.testing.IngestRig.TROUBLED;
import static com.deloton.gateway.testing.IngestRig.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.local.LocalMail;
import com.deloton.gateway.simulate.model.LedgerRide;
import com.deloton.gateway.simulate.model.Rider;
import com.deloton.gateway.testing.IngestRig;
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

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AlertEndToEndTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 24);

    private final IngestRig rig = new IngestRig();
    private LocalMail mail = TestServers.mail();

    @AfterEach
    void close() throws Exception {
        rig.close();
        mail.close();
    }

    @Test
    void everyTroubledRideIsMailedOnceAndNoOther() throws Exception {
        start(mail.smtpPort());
        rig.ride(TROUBLED.withMessages(20_000));

        assertThat(rig.expectedAlerts()).hasSizeGreaterThan(20);
        awaitMailed();
        assertThat(mailed()).containsExactlyInAnyOrderElementsOf(expected());
        assertThat(rig.ledger).anyMatch(ride -> ride.episodes().isEmpty());
    }

    @Test
    void ridersInRangeAreNotMailed() throws Exception {
        start(mail.smtpPort());
        rig.ride(TROUBLED.withTroubled(0).withMessages(10_000));

        assertThat(rig.warehouse.count("SELECT count(*) FROM alert")).isZero();
        assertThat(mail.mails()).isEmpty();
    }

    @Test
    void aDeadMailServerDelaysMailsAndLosesNone() throws Exception {
        int port = mail.smtpPort();
        mail.close();
        start(port);
        rig.ride(TROUBLED.withMessages(8_000));
        awaitTrue(() -> rig.warehouse.count("SELECT count(*) FROM alert_delivery WHERE attempts > 2") > 0);
        mail = LocalMail.start(port, 0);

        awaitMailed();
        assertThat(mailed()).containsExactlyInAnyOrderElementsOf(expected());
    }

    @Test
    void aRestartInTheMidstOfRidesMailsNothingTwice() throws Exception {
        start(mail.smtpPort());
        var fleet = rig.fleet(TROUBLED.withMessages(12_000).withSpeed(40));
        try {
            fleet.start();
            for (int i = 0; i < 2; i++) {
                long stored = rig.warehouse.count("SELECT count(*) FROM reading");
                awaitTrue(() -> rig.warehouse.count("SELECT count(*) FROM reading") > stored + 800);
                rig.renew();
                start(mail.smtpPort());
            }
            assertThat(fleet.awaitEnd(java.time.Duration.ofSeconds(60))).isTrue();
        } finally {
            fleet.close();
        }
        rig.warehouse.awaitRecords(rig.topic, fleet.sent());

        awaitMailed();
        assertThat(mailed()).containsExactlyInAnyOrderElementsOf(expected());
    }

    @Test
    void inRealTimeAMailIsAcceptedWithinASecondOfItsReading() throws Exception {
        start(mail.smtpPort());
        rig.ride(TROUBLED.withBikes(60)
                .withTroubled(1)
                .withSpeed(10)
                .withPauseSeconds(0, 120)
                .withMessages(60 * 160));
        awaitMailed();

        Timer delivery = rig.meters.get("deloton.alert.delivery").timer();
        System.out.printf(
                "alert delivery: %d mails, mean %.0f ms, max %.0f ms, %s%n",
                delivery.count(),
                delivery.mean(TimeUnit.MILLISECONDS),
                delivery.max(TimeUnit.MILLISECONDS),
                List.of(delivery.takeSnapshot().percentileValues()));
        assertThat(delivery.count()).isEqualTo(rig.expectedAlerts().size()).isGreaterThan(40);
        assertThat(delivery.max(TimeUnit.SECONDS)).isLessThan(15);
        assertThat(delivery.mean(TimeUnit.MILLISECONDS)).isLessThan(1_000);
    }

    private void start(int smtpPort) throws Exception {
        rig.start();
        IngestRig.await(rig.vertx()
                .deployVerticle(new AlertVerticle(
                        AlertRig.CONFIG,
                        AlertRig.mail(smtpPort),
                        "https://gateway.example.com",
                        rig.pool(),
                        rig.meters,
                        HealthChecks.create(rig.vertx()),
                        InstantSource.system())));
    }

    private void awaitMailed() throws Exception {
        awaitTrue(() ->
                rig.warehouse.count("SELECT count(*) FROM alert_delivery WHERE status NOT IN ('sent', 'suppressed')")
                        == 0);
        assertThat(rig.warehouse.count("SELECT count(*) FROM alert_delivery WHERE status = 'sent'"))
                .isEqualTo(rig.expectedAlerts().size());
    }

    /** {@code address bpm}, by the ledger alone. */
    private List<String> expected() {
        List<String> expected = new ArrayList<>();
        for (LedgerRide ride : rig.ledger) {
            if (!ride.episodes().isEmpty() && ride.riderUserId() != null) {
                int raisedS = ride.episodes().getFirst().raisedS();
                Integer bpm = ride.readings().stream()
                        .filter(reading -> reading.elapsedS() == raisedS)
                        .findFirst()
                        .orElseThrow()
                        .heartRateBpm();
                Rider rider = Rider.invent(TROUBLED.seed(), ride.riderUserId(), DAY);
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
