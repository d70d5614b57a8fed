package com.deloton.gateway.alert;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.ScriptedSmtp;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AlertSilenceIT {
    private final ScriptedSmtp smtp = new ScriptedSmtp();
    private final AlertFixture fixture = new AlertFixture();

    @BeforeEach
    void riders() throws Exception {
        fixture.rider(1, null, "Zoë", "zoe@example.com");
        fixture.rider(2, null, "Sam", "sam@example.com");
        fixture.execute("INSERT INTO webhook_endpoint (name, events) VALUES ('ops', '{alert.raised,alert.recovered}')");
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
        smtp.close();
    }

    @Test
    void aSilencedAlertIsStoredWithoutMailAndWebhook() throws Exception {
        silence();
        fixture.hearts(1, 1, 190, 190, 190, 160, 160, 160);
        fixture.hearts(2, 2, 190, 190, 190);
        fixture.start(AlertFixture.config(true, null, null), AlertFixture.mail(smtp.port()));

        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
        assertThat(
                        fixture.warehouse.rows(
                                "SELECT ride_id, mail_status, mail_reason, silence_id FROM alert_state WHERE silence_id IS NOT NULL"))
                .containsExactly(List.of(1L, "suppressed", "silenced", 1L));
        assertThat(smtp.mails())
                .singleElement()
                .satisfies(mail -> assertThat(mail).contains("sam@example.com"));
        assertThat(webhooks()).containsExactly(List.of("alert.raised-2-1"));
    }

    @Test
    void aMailThatWaitsWhenTheSilenceBeginsIsNotSent() throws Exception {
        fixture.hearts(1, 1, 190, 190, 190);
        silence();
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));

        awaitTrue(() -> fixture.count("status = 'suppressed' AND reason = 'silenced'") == 1);
        assertThat(fixture.warehouse.rows("SELECT silence_id FROM alert")).containsExactly(List.of(1L));
        assertThat(smtp.mails()).isEmpty();
    }

    @Test
    void anAlertThatOutlastsItsSilenceIsSent() throws Exception {
        silence();
        fixture.hearts(1, 1, 190, 190, 190);
        fixture.hearts(3, 1, 190, 190, 190, 160, 160, 160);
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port()));
        assertThat(fixture.count("reason = 'silenced'")).isEqualTo(2);

        fixture.execute("UPDATE silence SET ends_at = now()");

        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
        assertThat(fixture.warehouse.rows("SELECT ride_id, mail_status FROM alert_state ORDER BY ride_id"))
                .containsExactly(List.of(1L, "sent"), List.of(3L, "suppressed"));
        assertThat(fixture.warehouse.count("SELECT count(*) FROM alert WHERE silence_id IS NOT NULL"))
                .isEqualTo(1);
        assertThat(webhooks()).containsExactly(List.of("alert.raised-1-1"));
    }

    @Test
    void aSilencedAlertBeginsNoCoolDown() throws Exception {
        silence();
        fixture.hearts(1, 1, 190, 190, 190);
        fixture.execute("UPDATE silence SET ends_at = now() - interval '1 second'");

        int[] hearts = new int[72];
        Arrays.fill(hearts, 160);
        Arrays.fill(hearts, 0, 3, 190);
        Arrays.fill(hearts, 69, 72, 190);
        fixture.hearts(1, 1, hearts);

        assertThat(fixture.warehouse.rows("SELECT first_s, status FROM alert_delivery ORDER BY first_s"))
                .containsExactly(List.of(1, "suppressed"), List.of(70, "due"));
    }

    private void silence() throws Exception {
        fixture.execute("""
                INSERT INTO silence (rider_id, starts_at, ends_at, comment, created_by)
                VALUES (1, now() - interval '1 minute', now() + interval '1 hour', 'Test', 'tester')""");
    }

    private List<List<Object>> webhooks() {
        return fixture.warehouse.rows("SELECT webhook_id FROM webhook_delivery ORDER BY delivery_id");
    }
}
