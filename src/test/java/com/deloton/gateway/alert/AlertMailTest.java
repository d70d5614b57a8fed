package com.deloton.gateway.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.alert.AlertNotification.Kind;
import com.deloton.gateway.mail.OutgoingMail;
import com.deloton.gateway.ride.heartrate.Episode.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A mail is in the present tense only while its news is fresh. */
class AlertMailTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:25:00Z");

    private final AlertMail mails = new AlertMail(
            AlertFixture.CONFIG,
            new AcknowledgeLink(AlertFixture.SECRET, "https://gateway.example.com", Duration.ofDays(7)));

    private OutgoingMail mail(Kind kind, boolean late) {
        return mails.message(RuleWordsTest.notification(Rule.RANGE, kind), List.of("zoe@example.com"), NOW, late, null);
    }

    @Test
    void aFreshAlertAsksTheRiderToSlowDown() {
        OutgoingMail mail = mail(Kind.ALERT, false);

        assertThat(mail.subject()).isEqualTo("Your heart rate is above your range: 180 bpm");
        assertThat(mail.text()).contains("Please slow down", "Stop riding").doesNotContain("late");
    }

    @Test
    void aLateAlertIsInThePast() {
        OutgoingMail mail = mail(Kind.ALERT, true);

        assertThat(mail.subject()).isEqualTo("At 10:15 your heart rate was above your range: 180 bpm");
        assertThat(mail.text())
                .contains("On your bike ride at 10:15 we measured", "This mail reaches you late.")
                .doesNotContain("slow down", "Stop riding");
    }

    @Test
    void aReminderIsInThePastAsTheAlertMayBeOver() {
        OutgoingMail mail = mail(Kind.REMINDER, false);

        assertThat(mail.subject()).isEqualTo("Reminder: at 10:15 your heart rate was above your range: 180 bpm");
        assertThat(mail.text())
                .contains("You have not acknowledged this alert yet. On your bike ride at 10:15 we measured")
                .doesNotContain("slow down", "Stop riding", "late");
    }

    @Test
    void aRecoveryIsInThePastWhenItIsLate() {
        assertThat(mail(Kind.RECOVERY, false).subject()).isEqualTo("Your heart rate is back in your range");

        OutgoingMail late = mail(Kind.RECOVERY, true);
        assertThat(late.subject()).isEqualTo("Your heart rate was back in your range");
        assertThat(late.text())
                .contains(
                        "This mail reaches you late.", "160 beats per minute", "10:16:00 GMT, Tuesday 24 November 2026")
                .doesNotContain("Stop riding");
    }

    @Test
    void theRangeIsNotCalledAnEstimateWhereItWasAgreed() {
        assertThat(mail(Kind.ALERT, false).text()).contains("The range is an estimate, unless it was agreed with you");
    }
}
