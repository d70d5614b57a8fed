package com.deloton.gateway.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.mail.SmtpDialogue.Answer;
import com.deloton.gateway.mail.SmtpDialogue.Stage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SmtpRejectionTest {
    @ParameterizedTest
    @CsvSource({
        "RCPT_TO, 550 5.1.1 <zoe@example.com> unknown",
        "RCPT_TO, 550 no such user here",
        "RCPT_TO, 501 5.1.3 bad address syntax",
        "RCPT_TO, 550 5.2.1 mailbox disabled",
        "RCPT_TO, 551 5.1.6 user has moved",
        "RCPT_TO, 553 mailbox name not allowed",
        "RCPT_TO, 556 5.1.10 null MX",
        "FINAL_DOT, 554 5.6.0 content rejected",
        "FINAL_DOT, 550 5.7.1 message refused as spam",
        "FINAL_DOT, 552 5.3.4 message too big",
        "FINAL_DOT, 552 5.2.3 message too long"
    })
    void aPermanentRejectionOfRecipientOrContentIsFinal(Stage stage, String answer) {
        assertThat(isFinal(stage, answer)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "RCPT_TO, 451 4.7.1 greylisted",
        "RCPT_TO, 552 5.2.2 over quota",
        "RCPT_TO, 552 Requested mail action aborted",
        "RCPT_TO, 550 mailbox is full",
        "RCPT_TO, 550 Daily sending limit exceeded",
        "RCPT_TO, 550 5.4.5 quota exceeded",
        "RCPT_TO, 550 5.4.6 routing loop detected",
        "RCPT_TO, 554 5.7.1 Service unavailable; client host [192.0.2.1] blocked",
        "RCPT_TO, 550 5.7.1 relaying denied",
        "RCPT_TO, 554 5.3.5 system incorrectly configured",
        "RCPT_TO, 503 5.5.1 bad sequence of commands",
        "RCPT_TO, 521 5.3.2 this host does not accept mail",
        "RCPT_TO, 530 5.7.0 authentication required",
        "FINAL_DOT, 552 5.2.2 over quota",
        "FINAL_DOT, 554 5.3.0 system trouble; try again later",
        "FINAL_DOT, 554 5.3.2 system not accepting mail",
        "FINAL_DOT, 550 5.4.5 daily quota exceeded"
    })
    void troubleOfTheServerIsNotFinal(Stage stage, String answer) {
        assertThat(isFinal(stage, answer)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RCPT_TO", "FINAL_DOT"})
    void otherStagesAreNeverFinal(Stage stage) {
        assertThat(isFinal(stage, "550 5.1.1 refused")).isFalse();
    }

    private static boolean isFinal(Stage stage, String answer) {
        return SmtpRejection.isFinal(stage, new Answer(Integer.parseInt(answer.substring(0, 3)), answer));
    }
}
