package com.deloton.gateway.alert;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.AlertConfig;
import com.deloton.gateway.testing.ScriptedSmtp;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AlertDeliveryIT {
    private final ScriptedSmtp smtp = new ScriptedSmtp();
    private final AlertFixture fixture = new AlertFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
        smtp.close();
    }

    @Test
    void aRefusalForNowIsRepeatedUntilTheMailIsTaken() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        smtp.toMail(mail -> attempts.incrementAndGet() <= 3 ? "451 come back later, zoe@example.com" : "250 taken");
        high(1, "zoe@example.com");
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));

        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
        assertThat(smtp.mails()).hasSize(1);
        assertThat(fixture.warehouse.rows(
                        "SELECT attempt, outcome, smtp_code, answer FROM alert_attempt ORDER BY attempt"))
                .contains(List.of(1, "deferred", 451, "451 come back later, (address)"), at(3))
                .hasSize(4)
                .last()
                .satisfies(row -> assertThat(row.get(1)).isEqualTo("accepted"));
        assertThat(fixture.meters.get("deloton.alert.retries").counter().count())
                .isEqualTo(3);
        assertThat(fixture.warehouse.rows("SELECT message_id FROM alert_delivery"))
                .containsExactly(List.of("alert-1-1-alert@deloton.example.com"));
    }

    private static List<Object> at(int attempt) {
        return List.of(attempt, "deferred", 451, "451 come back later, (address)");
    }

    @Test
    void aRefusalForGoodFailsOnlyThatMail() throws Exception {
        smtp.toRecipient(to -> to.startsWith("gone") ? "550 5.1.1 <" + to + "> unknown" : "250 fine");
        high(1, "gone@example.com");
        high(2, "there@example.com");
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));

        awaitTrue(() -> fixture.count("status IN ('sent', 'failed')") == 2);
        assertThat(fixture.warehouse.rows("SELECT status, reason, attempts FROM alert_delivery WHERE ride_id = 1"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.getFirst()).isEqualTo("failed");
                    assertThat((String) row.get(1)).contains("5.1.1").doesNotContain("gone@");
                });
        assertThat(fixture.meters.get("deloton.alert.failures").counter().count())
                .isEqualTo(1);
    }

    @Test
    void anAlertOfALaterVersionHoldsUpNoOther() throws Exception {
        high(1, "later@example.com");
        high(2, "there@example.com");
        fixture.warehouse.execute(
                "DO $$ DECLARE c text; BEGIN FOR c IN SELECT conname FROM pg_constraint WHERE conrelid = 'alert'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%rule%' LOOP EXECUTE format('ALTER TABLE alert DROP CONSTRAINT %I', c); END LOOP; END $$");
        fixture.warehouse.execute("UPDATE alert SET rule = 'of_a_later_version' WHERE ride_id = 1");
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));

        awaitTrue(() -> fixture.count("status = 'sent' AND ride_id = 2") == 1);
        assertThat(fixture.count("status = 'sending' AND ride_id = 1")).isEqualTo(1);
    }

    @Test
    void aServerThatRefusesTheLoginLosesNoMail() throws Exception {
        smtp.toRecipient(to -> "530 authentication required");
        high(1, "zoe@example.com");
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));

        awaitTrue(() -> fixture.count("attempts > 1") == 1);
        smtp.toRecipient(to -> "250 fine");
        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
    }

    @Test
    void whatCannotBeSentInTimeHasFailedForAllToSee() throws Exception {
        smtp.toMail(mail -> "451 never");
        high(1, "zoe@example.com");
        AlertConfig impatient = new AlertConfig(
                Duration.ofMillis(50),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofSeconds(3),
                Duration.ofMinutes(2),
                Duration.ofHours(1),
                false,
                null,
                null,
                List.of(),
                ZoneId.of("UTC"),
                AlertFixture.SECRET,
                Duration.ofDays(1));
        fixture.start(impatient, AlertFixture.mail(smtp.port()));

        awaitTrue(() -> fixture.count("status = 'failed'") == 1);
        assertThat(fixture.warehouse.rows("SELECT reason FROM alert_delivery"))
                .containsExactly(List.of("given up: 451 never"));
        assertThat(fixture.meters.get("deloton.alert.failures").counter().count())
                .isEqualTo(1);
    }

    @Test
    void aGatewayThatDiesBeforeTheMarkLeavesTheMailToAnother() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        smtp.toMail(mail -> {
            if (taken.incrementAndGet() == 1) {
                fixture.pool.close();
                pause(100);
            }
            return "250 taken";
        });
        high(1, "zoe@example.com");
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port(), Duration.ofMillis(500)));
        awaitTrue(() -> smtp.mails().size() == 1);
        assertThat(fixture.count("status = 'sending' AND attempts = 1")).isEqualTo(1);
        fixture.close();
        AlertFixture other =
                new AlertFixture(fixture.warehouse).start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));

        awaitTrue(() -> fixture.count("status = 'sent' AND attempts = 2") == 1);
        other.close();
        assertThat(fixture.warehouse.count("SELECT count(*) FROM alert_attempt WHERE outcome IS NULL"))
                .isEqualTo(1);
        assertThat(smtp.mails())
                .hasSize(2)
                .allSatisfy(mail -> assertThat(mail).contains("<alert-1-1-alert@deloton.example.com>"));
    }

    @Test
    void anAlertOfMinutesAgoIsWordedInThePast() throws Exception {
        high(1, "zoe@example.com");
        fixture.execute(
                "UPDATE alert SET raised_at = '2026-11-24T18:42:07Z', received_at = now() - interval '5 minutes'");
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));

        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
        assertThat(smtp.mails())
                .singleElement()
                .satisfies(copy -> assertThat(copy)
                        .contains("Subject: At 18:42 your heart rate was above your range: 192 bpm")
                        .contains("This mail reaches you late")
                        .doesNotContain("Please slow down"));
    }

    @Test
    void anAlertOfHoursAgoIsRecordedAndNotMailed() throws Exception {
        high(1, "zoe@example.com");
        fixture.execute("UPDATE alert SET received_at = now() - interval '2 hours'");
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));

        awaitTrue(() -> fixture.count("status = 'suppressed'") == 1);
        assertThat(fixture.warehouse.rows("SELECT mail_status, mail_reason FROM alert_state"))
                .containsExactly(List.of("suppressed", "stale"));
        assertThat(fixture.meters.get("deloton.alert.discarded").counter().count())
                .isEqualTo(1);
        assertThat(smtp.mails()).isEmpty();
    }

    @Test
    void gatewaysShareTheWorkAndSendNothingTwice() throws Exception {
        smtp.toMail(mail -> {
            pause(5);
            return "250 taken";
        });
        for (int i = 1; i <= 60; i++) {
            high(i, "rider" + i + "@example.com");
        }
        AlertFixture second =
                new AlertFixture(fixture.warehouse).start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));
        AlertFixture third =
                new AlertFixture(fixture.warehouse).start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));

        awaitTrue(() -> fixture.count("status = 'sent'") == 60);
        second.close();
        third.close();
        assertThat(smtp.mails()).hasSize(60);
        assertThat(fixture.count("attempts > 1")).isZero();
    }

    @Test
    void nobodyIsMailedWhoMustNotBe() throws Exception {
        high(1, null);
        high(2, "someone@elsewhere.invalid");
        high(3, "evil@example.com\r\nBcc: all@example.com");
        high(4, "wantsnone@example.com");
        fixture.execute("INSERT INTO rider_alert_setting (rider_id, opt_out) VALUES (4, true)");
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));

        awaitTrue(() -> fixture.count("status = 'suppressed'") == 4);
        assertThat(smtp.mails()).isEmpty();
        assertThat(fixture.warehouse.rows("SELECT reason FROM alert_delivery ORDER BY ride_id"))
                .containsExactly(
                        List.of("no address"),
                        List.of("domain not allowed"),
                        List.of("not an address"),
                        List.of("opt_out"));
    }

    @Test
    void aMailWaitsForItsRider() throws Exception {
        fixture.hearts(1, 1, 190, 190, 190);
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));
        pause(400);
        assertThat(fixture.count("status = 'due' AND attempts = 0")).isEqualTo(1);
        fixture.rider(1, null, "Zoë", "zoe@example.com");

        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
    }

    @Test
    void recoveryReminderAndEscalationFollowWhereTheyAreWanted() throws Exception {
        fixture.rider(1, "Dr", "Zoë Núñez", "zoe@example.com");
        fixture.hearts(1, 1, 190, 190, 190, 160, 160, 160);
        fixture.rider(2, null, "Sam", "sam@example.com");
        fixture.hearts(2, 2, 190, 190, 190);
        fixture.execute("UPDATE alert SET acknowledged_at = now() WHERE ride_id = 2");
        fixture.start(
                AlertFixture.config(true, Duration.ofMillis(300), Duration.ofMillis(600)),
                AlertFixture.mail(smtp.port()));

        awaitTrue(() -> fixture.count("status = 'sent'") == 5);
        pause(500);
        assertThat(fixture.warehouse.rows(
                        "SELECT ride_id, kind FROM alert_delivery WHERE status = 'sent' ORDER BY 1, 2"))
                .containsExactly(
                        List.of(1L, "alert"),
                        List.of(1L, "escalation"),
                        List.of(1L, "recovery"),
                        List.of(1L, "reminder"),
                        List.of(2L, "alert"));
        assertThat(smtp.mails()).hasSize(5);
        assertThat(smtp.mails())
                .filteredOn(mail -> mail.contains("To: staff@example.com"))
                .hasSize(1);
    }

    private void high(long id, @org.jspecify.annotations.Nullable String address) throws Exception {
        fixture.rider(id, null, "Rider " + id, address);
        fixture.hearts(id, id, 190, 191, 192);
    }

    private static void pause(long millis) {
        java.util.concurrent.locks.LockSupport.parkNanos(millis * 1_000_000);
    }
}
