package com.deloton.gateway.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.heartrate.Episode.Rule;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RuleWordsTest {
    @Test
    void aHighHeartRateWithoutPedallingHasItsOwnWords() {
        AlertNotification notification = notification(Rule.NOT_PEDALLING);

        assertThat(RuleWords.subject(notification))
                .isEqualTo("Your heart rate is high while you are not pedalling: 180 bpm");
        assertThat(RuleWords.pastSubject(notification, "At 10:15"))
                .isEqualTo("At 10:15 your heart rate was high while you were not pedalling: 180 bpm");
        assertThat(RuleWords.lead(notification, "On your bike ride"))
                .isEqualTo(
                        "On your bike ride we measured a high heart rate for ten seconds while you were not pedalling.");
        assertThat(RuleWords.advice(notification)).isEqualTo("Please rest until your heart rate has come down.");
        assertThat(RuleWords.limitsLabel(notification)).isEqualTo("Your limit at rest");
        assertThat(RuleWords.limits(notification)).isEqualTo("170 beats per minute");
    }

    @Test
    void noRecoveryNamesTheEffort() {
        AlertNotification notification = notification(Rule.NO_RECOVERY);

        assertThat(RuleWords.subject(notification))
                .isEqualTo("Your heart rate has hardly fallen since your effort: 180 bpm");
        assertThat(RuleWords.pastSubject(notification, "At 10:15"))
                .isEqualTo("At 10:15 your heart rate had hardly fallen since your effort: 180 bpm");
        assertThat(RuleWords.lead(notification, "On your bike ride"))
                .isEqualTo("On your bike ride your heart rate hardly fell in the two minutes after an effort.");
    }

    private static AlertNotification notification(Rule rule) {
        return notification(rule, AlertNotification.Kind.ALERT);
    }

    /** A warning at 10:15 UTC in November: 180 bpm above 50 to 170; the heart rate was 160 bpm again a minute later. */
    static AlertNotification notification(Rule rule, AlertNotification.Kind kind) {
        Instant at = Instant.parse("2026-11-24T10:15:00Z");
        return new AlertNotification(
                new AlertNotification.Key(1, 2),
                kind,
                1,
                new AlertNotification.Recipient(7, null, null, null),
                false,
                at,
                at,
                180,
                rule,
                true,
                false,
                new HeartRateLimits(50, 170),
                new AlertNotification.Measured(at.plusSeconds(60), 160),
                0,
                at,
                new AlertNotification.Situation(null, at, null),
                null,
                null);
    }
}
