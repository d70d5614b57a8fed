package com.deloton.gateway.alert;

import static com.deloton.gateway.testing.IngestRig.awaitTrue;
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
class AlertDeliveryTest {
    private final ScriptedSmtp smtp = new ScriptedSmtp();
    private final AlertRig rig = new AlertRig();

    @AfterEach
    void close() throws Exception {
        rig.close();
        smtp.close();
    }

    @Test
    void aRefusalForNowIsRepeatedUntilTheMailIsTaken() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        smtp.toMail(mail -> attempts.incrementAndGet() <= 3 ? "451 come back later, zoe@example.com" : "250 taken");
        high(1, "zoe@example.com");
        rig.start(AlertRig.CONFIG, AlertRig.mail(smtp.port()));

        awaitTrue(() -> rig.count("status = 'sent'") == 1);
        assertThat(smtp.mails()).hasSize(1);
        assertThat(rig.warehouse.rows("SELECT attempt, outcome, smtp_code, answer FROM alert_attempt ORDER BY attempt"))
                .contains(List.of(1, "deferred", 451, "451 come back later, (address)"), at(3))
                .hasSize(4)
                .last()
                .satisfies(row -> assertThat(row.get(1)).isEqualTo("accepted"));
        assertThat(rig.meters.get("deloton.alert.retries").counter().count()).isEqualTo(3);
        assertThat(rig.warehouse.rows("SELECT message_id FROM alert_delivery"))
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
        rig.start(AlertRig.CONFIG, AlertRig.mail(smtp.port()));

        awaitTrue(() -> rig.count("status IN ('sent', 'failed')") == 2);
        assertThat(rig.warehouse.rows("SELECT status, reason, attempts FROM alert_delivery WHERE ride_id = 1"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.getFirst()).isEqualTo("failed");
                    assertThat((String) row.get(1)).contains("5.1.1").doesNotContain("gone@");
                });
        assertThat(rig.meters.get("deloton.alert.failures").counter().count()).isEqualTo(1);
    }

    @Test
    void aServerThatRefusesTheLoginLosesNoMail() throws Exception {
        smtp.toRecipient(to -> "530 authentication required");
        high(1, "zoe@example.com");
        rig.start(AlertRig.CONFIG, AlertRig.mail(smtp.port()));

        awaitTrue(() -> rig.count("attempts > 1") == 1);
        smtp.toRecipient(to -> "250 fine");
        awaitTrue(() -> rig.count("status = 'sent'") == 1);
    }

    @Test
    void aServerThatDoesNotAnswerIsNotWaitedForForever() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        smtp.toRecipient(to -> {
            if (attempts.incrementAndGet() == 1) {
                pause(3_000);
            }
            return "250 fine";
        });
        high(1, "zoe@example.com");
        rig.start(AlertRig.CONFIG, AlertRig.mail(smtp.port(), Duration.ofMillis(500)));

        awaitTrue(() -> rig.count("status = 'sent' AND attempts > 1") == 1);
    }

    @Test
    void whatCannotBeSentInTimeHasFailedForAllToSee() throws Exception {
        smtp.toMail(mail -> "451 never");
        high(1, "zoe@example.com");
        AlertConfig impatient = new AlertConfig(
                Duration.ofMillis(50),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(700),
                false,
                null,
                null,
                List.of(),
                ZoneId.of("UTC"),
                AlertRig.SECRET,
                Duration.ofDays(1));
        rig.start(impatient, AlertRig.mail(smtp.port()));

        awaitTrue(() -> rig.count("status = 'failed'") == 1);
        assertThat(rig.warehouse.rows("SELECT reason FROM alert_delivery"))
                .containsExactly(List.of("given up: 451 never"));
        assertThat(rig.meters.get("deloton.alert.failures").counter().count()).isEqualTo(1);
    }

    @Test
    void aGatewayThatDiesBeforeTheMarkLeavesTheMailToAnother() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        smtp.toMail(mail -> {
            if (taken.incrementAndGet() == 1) {
                rig.pool.close();
                pause(100);
            }
            return "250 taken";
        });
        high(1, "zoe@example.com");
        rig.start(AlertRig.CONFIG, AlertRig.mail(smtp.port(), Duration.ofMillis(500)));
        awaitTrue(() -> smtp.mails().size() == 1);
        assertThat(rig.count("status = 'sending' AND attempts = 1")).isEqualTo(1);
        rig.close();
        AlertRig other = new AlertRig(rig.warehouse).start(AlertRig.CONFIG, AlertRig.mail(smtp.port()));

        awaitTrue(() -> rig.count("status = 'sent' AND attempts = 2") == 1);
        other.close();
        assertThat(rig.warehouse.count("SELECT count(*) FROM alert_attempt WHERE outcome IS NULL"))
                .isEqualTo(1);
        assertThat(smtp.mails())
                .hasSize(2)
                .allSatisfy(mail -> assertThat(mail).contains("<alert-1-1-alert@deloton.example.com>"));
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
        AlertRig second = new AlertRig(rig.warehouse).start(AlertRig.CONFIG, AlertRig.mail(smtp.port()));
        AlertRig third = new AlertRig(rig.warehouse).start(AlertRig.CONFIG, AlertRig.mail(smtp.port()));
        rig.start(AlertRig.CONFIG, AlertRig.mail(smtp.port()));

        awaitTrue(() -> rig.count("status = 'sent'") == 60);
        second.close();
        third.close();
        assertThat(smtp.mails()).hasSize(60);
        assertThat(rig.count("attempts > 1")).isZero();
    }

    @Test
    void nobodyIsMailedWhoMustNotBe() throws Exception {
        high(1, null);
        high(2, "someone@elsewhere.invalid");
        high(3, "evil@example.com\r\nBcc: all@example.com");
        high(4, "wantsnone@example.com");
        rig.execute("INSERT INTO rider_alert_setting (rider_id, opt_out) VALUES (4, true)");
        rig.start(AlertRig.CONFIG, AlertRig.mail(smtp.port()));

        awaitTrue(() -> rig.count("status = 'suppressed'") == 4);
        assertThat(smtp.mails()).isEmpty();
        assertThat(rig.warehouse.rows("SELECT reason FROM alert_delivery ORDER BY ride_id"))
                .containsExactly(
                        List.of("no address"),
                        List.of("domain not allowed"),
                        List.of("not an address"),
                        List.of("opt_out"));
    }

    @Test
    void aMailWaitsForItsRider() throws Exception {
        rig.hearts(1, 1, 190, 190, 190);
        rig.start(AlertRig.CONFIG, AlertRig.mail(smtp.port()));
        pause(400);
        assertThat(rig.count("status = 'due' AND attempts = 0")).isEqualTo(1);
        rig.rider(1, null, "Zoë", "zoe@example.com");

        awaitTrue(() -> rig.count("status = 'sent'") == 1);
    }

    @Test
    void recoveryReminderAndEscalationFollowWhereTheyAreWanted() throws Exception {
        rig.rider(1, "Dr", "Zoë Núñez", "zoe@example.com");
        rig.hearts(1, 1, 190, 190, 190, 160, 160, 160);
        rig.rider(2, null, "Sam", "sam@example.com");
        rig.hearts(2, 2, 190, 190, 190);
        rig.execute("UPDATE alert SET acknowledged_at = now() WHERE ride_id = 2");
        rig.start(AlertRig.config(true, Duration.ofMillis(300), Duration.ofMillis(600)), AlertRig.mail(smtp.port()));

        awaitTrue(() -> rig.count("status = 'sent'") == 5);
        pause(500);
        assertThat(rig.warehouse.rows("SELECT ride_id, kind FROM alert_delivery WHERE status = 'sent' ORDER BY 1, 2"))
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
        rig.rider(id, null, "Rider " + id, address);
        rig.hearts(id, id, 190, 191, 192);
    }

    private static void pause(long millis) {
        java.util.concurrent.locks.LockSupport.parkNanos(millis * 1_000_000);
    }
}
