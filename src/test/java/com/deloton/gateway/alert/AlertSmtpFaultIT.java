package com.deloton.gateway.alert;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.ScriptedSmtp;
import com.deloton.gateway.testing.ScriptedSmtp.Stage;
import com.deloton.gateway.testing.Warehouse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rider gets, in copies, while the mail server misbehaves at one stage of the dialogue. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Isolated("short time limits")
class AlertSmtpFaultIT {
    /** Short, where a test waits for it. */
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    /** Where a slow machine must not cause a second attempt. */
    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(5);

    private static final Warehouse WAREHOUSE = Warehouse.fresh();

    private final ScriptedSmtp smtp = new ScriptedSmtp();
    private final AlertFixture fixture = new AlertFixture(WAREHOUSE);
    private final CountDownLatch released = new CountDownLatch(1);

    /** The first mail of a process loads classes and takes longer than {@link #TIMEOUT}. */
    @BeforeAll
    static void sendFirstMail() throws Exception {
        AlertSmtpFaultIT first = new AlertSmtpFaultIT();
        first.startWithOneAlert(LONG_TIMEOUT);
        awaitTrue(() -> first.fixture.count("status = 'sent'") == 1);
        first.close();
    }

    @AfterEach
    void close() throws Exception {
        released.countDown();
        fixture.close();
        smtp.close();
        WAREHOUSE.execute("DELETE FROM alert");
        WAREHOUSE.execute("DELETE FROM rider");
    }

    @Test
    void aLateFinalAnswerCausesNoSecondCopy() throws Exception {
        smtp.toMail(text -> {
            fixture.awaitMillis(2 * TIMEOUT.toMillis());
            return "250 taken";
        });
        startWithOneAlert();

        awaitTrue(() -> fixture.count("status = 'sent' AND attempts = 1") == 1);
        assertThat(smtp.mails()).hasSize(1);
    }

    @Test
    void aFinalAnswerBeyondTheLimitCausesOneMoreCopyAndThenALongerWait() throws Exception {
        smtp.toMail(text -> {
            fixture.awaitMillis(4 * TIMEOUT.toMillis());
            return "250 taken";
        });
        startWithOneAlert();

        awaitTrue(() -> fixture.count("status = 'sent' AND attempts = 2") == 1);
        assertThat(outcomes()).containsExactly("unconfirmed", "accepted");
        assertThat(smtp.mails()).hasSize(2).allSatisfy(copy -> assertThat(copy).contains("<alert-1-1-alert@"));
    }

    @ParameterizedTest
    @ValueSource(strings = {ScriptedSmtp.ACCEPT_AND_SILENCE, ScriptedSmtp.ACCEPT_AND_CUT})
    void aServerThatNeverConfirmsGetsTwoCopiesAndStaffSeeWhy(String answer) throws Exception {
        smtp.toMail(text -> answer);
        startWithOneAlert();

        awaitTrue(() -> fixture.count("status = 'failed'") == 1);
        assertThat(fixture.warehouse.rows("SELECT mail_status, mail_reason FROM alert_state"))
                .containsExactly(List.of(
                        "failed", "unconfirmed: the mail was sent 2 times and the mail server never confirmed it"));
        assertThat(smtp.mails()).hasSize(2);
        assertThat(outcomes()).startsWith("unconfirmed", "unconfirmed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA"})
    void aDialogueGivenUpAtAnyStageSendsNothingLater(Stage stage) throws Exception {
        AtomicInteger dialogues = new AtomicInteger();
        CountDownLatch answered = new CountDownLatch(1);
        Function<String, String> held = input -> {
            if (dialogues.incrementAndGet() == 1) {
                await(released);
                answered.countDown();
            }
            return fine(stage);
        };
        smtp.script(stage, held);
        startWithOneAlert();

        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
        released.countDown();
        await(answered);
        smtp.unscript(stage);
        high(2);
        awaitTrue(() -> fixture.count("status = 'sent'") == 2);

        assertThat(smtp.mails()).hasSize(2);
        assertThat(fixture.warehouse.rows("SELECT answer FROM alert_attempt WHERE attempt = 1 AND ride_id = 1"))
                .singleElement()
                .satisfies(row -> assertThat((String) row.getFirst())
                        .startsWith("the mail server did not answer within 0.3 s ("));
    }

    @ParameterizedTest
    @ValueSource(strings = {ScriptedSmtp.SILENCE, ScriptedSmtp.DRIP})
    void mailsThatWaitForASilentServerAreSentOnceWhenItRecovers(String answer) throws Exception {
        smtp.script(Stage.GREETING, ignored -> answer);
        for (int i = 1; i <= 12; i++) {
            high(i);
        }
        fixture.start(AlertFixture.staleAfter(Duration.ofMillis(500)), AlertFixture.mail(smtp.port(), TIMEOUT));
        awaitTrue(() -> smtp.connections() > 8);
        awaitTrue(() -> fixture.gauge("deloton.alert.waiting") == 12);
        awaitTrue(() -> fixture.gauge("deloton.alert.waiting.oldest") > 0.5);
        awaitTrue(() -> !fixture.isReady());
        smtp.unscript(Stage.GREETING);

        awaitTrue(() -> fixture.count("status = 'sent'") == 12);
        assertThat(smtp.mails()).hasSize(12);
        awaitTrue(() -> fixture.gauge("deloton.alert.waiting") == 0);
        awaitTrue(fixture::isReady);
    }

    @ParameterizedTest
    @CsvSource({
        "GREETING, 554 5.7.1 no service here for now",
        "GREETING, 421 4.3.2 closing down",
        "EHLO, 421 4.3.2 closing down",
        "MAIL, 550 5.4.5 daily sending quota exceeded",
        "MAIL, 550 5.7.1 sender rejected",
        "RCPT, 451 4.7.1 greylisted",
        "RCPT, 452 4.5.3 too many recipients",
        "RCPT, 552 5.2.2 over quota",
        "RCPT, 550 5.4.5 quota exceeded",
        "RCPT, 530 5.7.0 authentication required",
        "DATA, 554 5.5.1 not now",
        "FINAL_DOT, 552 5.2.2 over quota",
        "FINAL_DOT, 451 4.3.0 try later",
        "GREETING, cut",
        "MAIL, cut",
        "RCPT, cut",
        "DATA, cut"
    })
    void troubleOfTheServerIsRetriedAndEndsInOneCopy(Stage stage, String answer) throws Exception {
        AtomicInteger answers = new AtomicInteger();
        smtp.script(stage, input -> answers.incrementAndGet() <= 2 ? answer : fine(stage));
        startWithOneAlert(LONG_TIMEOUT);

        awaitTrue(() -> fixture.count("status = 'sent' AND unconfirmed = 0 OR status = 'failed'") == 1);
        assertThat(outcomes()).startsWith("deferred").endsWith("accepted").doesNotContain("refused");
        assertThat(smtp.mails()).hasSize(1);
    }

    @Test
    void aServerWithoutEhloIsGreetedWithHelo() throws Exception {
        smtp.script(Stage.EHLO, line -> "502 5.5.1 unknown command");
        startWithOneAlert(LONG_TIMEOUT);

        awaitTrue(() -> fixture.count("status = 'sent' AND attempts = 1") == 1);
        assertThat(smtp.commands()).anyMatch(line -> line.startsWith("HELO "));
        assertThat(smtp.mails()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"RCPT, 550 5.1.1 unknown", "RCPT, 501 5.1.3 bad address", "FINAL_DOT, 554 5.6.0 content rejected"})
    void aRefusalOfTheMailIsFinal(Stage stage, String answer) throws Exception {
        smtp.script(stage, input -> answer);
        startWithOneAlert(LONG_TIMEOUT);

        awaitTrue(() -> fixture.count("status = 'failed' AND attempts = 1") == 1);
        assertThat(fixture.warehouse.rows("SELECT mail_reason FROM alert_state"))
                .containsExactly(List.of(answer));
        assertThat(outcomes()).containsExactly("refused");
        assertThat(smtp.mails()).isEmpty();
    }

    @Test
    void anAcceptedMailWhoseResultCannotBeStoredIsNotSentAgain() throws Exception {
        WAREHOUSE.execute("""
                CREATE FUNCTION reject_sent() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'no result today'; END $$""");
        WAREHOUSE.execute("""
                CREATE TRIGGER reject_sent BEFORE UPDATE ON alert_delivery FOR EACH ROW
                WHEN (NEW.status = 'sent') EXECUTE FUNCTION reject_sent()""");
        startWithOneAlert();
        awaitTrue(() -> fixture.count("attempts > 2") == 1);
        WAREHOUSE.execute("DROP TRIGGER reject_sent ON alert_delivery");

        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
        assertThat(smtp.mails()).hasSize(1);
        assertThat(smtp.connections()).isEqualTo(1);
    }

    @Test
    void aClaimThatAnotherGatewayHasTakenOverIsNotSent() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        smtp.toRecipient(to -> {
            reached.countDown();
            await(released);
            return "250 fine";
        });
        startWithOneAlert(LONG_TIMEOUT);
        await(reached);
        fixture.execute("UPDATE alert_delivery SET attempts = 9, next_attempt_at = now() + interval '1 hour'");
        released.countDown();

        awaitTrue(() -> smtp.commands().contains("QUIT"));
        assertThat(smtp.commands()).doesNotContain("DATA");
        assertThat(smtp.mails()).isEmpty();
        assertThat(fixture.count("status = 'sending' AND attempts = 9 AND unconfirmed = 0"))
                .isEqualTo(1);
    }

    @Test
    void internationalDomainsAreSentAsIdn() throws Exception {
        fixture.rider(1, null, "Zoë", "zoe@b\u00fccher.example.com");
        fixture.hearts(1, 1, 190, 191, 192);
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port(), LONG_TIMEOUT));

        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
        assertThat(smtp.commands()).contains("RCPT TO:<zoe@xn--bcher-kva.example.com>");
    }

    @Test
    void internationalLocalPartsAreSentBySmtputf8WhereItIsOffered() throws Exception {
        smtp.offer("8BITMIME", "SMTPUTF8");
        fixture.rider(1, null, "J\u00f6rg", "j\u00f6rg@example.com");
        fixture.hearts(1, 1, 190, 191, 192);
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port(), LONG_TIMEOUT));

        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
        assertThat(smtp.commands())
                .contains("RCPT TO:<j\u00f6rg@example.com>")
                .anyMatch(line -> line.startsWith("MAIL FROM:") && line.contains("SMTPUTF8"));
        assertThat(smtp.mails())
                .singleElement()
                .satisfies(copy -> assertThat(copy).contains("To: j\u00f6rg@example.com"));
    }

    @Test
    void internationalLocalPartsAreUndeliverableWithoutSmtputf8() throws Exception {
        fixture.rider(1, null, "J\u00f6rg", "j\u00f6rg@example.com");
        fixture.hearts(1, 1, 190, 191, 192);
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port(), LONG_TIMEOUT));

        awaitTrue(() -> fixture.count("status = 'failed'") == 1);
        assertThat(fixture.warehouse.rows("SELECT mail_reason FROM alert_state"))
                .containsExactly(List.of(
                        "the local part of the address is not ASCII and the mail server does not offer SMTPUTF8"));
    }

    private void startWithOneAlert() throws Exception {
        startWithOneAlert(TIMEOUT);
    }

    private void startWithOneAlert(Duration timeout) throws Exception {
        high(1);
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(smtp.port(), timeout));
    }

    private void high(long id) throws Exception {
        fixture.rider(id, null, "Rider " + id, "rider" + id + "@example.com");
        fixture.hearts(id, id, 190, 191, 192);
    }

    private List<String> outcomes() {
        return fixture
                .warehouse
                .rows("SELECT coalesce(outcome, 'none') FROM alert_attempt WHERE ride_id = 1 ORDER BY attempt")
                .stream()
                .map(row -> (String) row.getFirst())
                .toList();
    }

    private static String fine(Stage stage) {
        return switch (stage) {
            case GREETING -> "220 scripted ESMTP";
            case DATA -> "354 go on";
            default -> "250 fine";
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, java.util.concurrent.TimeUnit.SECONDS)) {
                throw new IllegalStateException("the latch was not released");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
