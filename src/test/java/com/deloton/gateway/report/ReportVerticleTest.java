package com.deloton.gateway.report;

import static com.deloton.gateway.testing.IngestRig.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.testing.ApiRig;
import com.deloton.gateway.testing.ScriptedSmtp;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReportVerticleTest {
    private static final LocalDate SUNDAY = LocalDate.parse("2026-11-22");

    private final ScriptedSmtp smtp = new ScriptedSmtp();
    private final ReportRig rig = new ReportRig("2026-11-23T09:29:59.500Z");
    private final MailConfig mail = ReportRig.mail(smtp.port(), Duration.ofSeconds(5));

    @AfterEach
    void close() throws Exception {
        rig.close();
        smtp.close();
    }

    @Test
    void atHalfPastNineOneOfTwoGatewaysReportsTheDayBefore() throws Exception {
        rig.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        ReportRig other = rig.beside().start(ReportRig.config(), mail);
        rig.start(ReportRig.config(), mail);
        letBothLook(other);
        assertThat(rig.count("true")).as("too early").isZero();

        rig.set("2026-11-23T09:30:00Z");
        awaitTrue(() -> rig.count("status = 'sent'") == 1);
        letBothLook(other);
        other.close();

        assertThat(smtp.mails())
                .singleElement()
                .satisfies(
                        text -> assertThat(text)
                                .contains(
                                        "To: ceo@example.com",
                                        "staff@example.com",
                                        "Message-ID: <daily-report-2026-11-22-1@deloton.example.com>",
                                        "Auto-Submitted: auto-generated",
                                        "List-Id: Deloton daily report <daily-report.deloton.example.com>",
                                        "List-Unsubscribe: <mailto:gateway@deloton.example.com?subject=unsubscribe%20daily%20report>"));
        assertThat(
                        rig.warehouse.rows(
                                "SELECT status, requested_by, revision, attempts, rides, riders, recipients, reason FROM daily_report"))
                .containsExactly(java.util.Arrays.asList("sent", "schedule", 1, 1, 1, 1, 2, null));
        assertThat(rig.warehouse.rows("SELECT html, plain_text, csv, figures::text FROM daily_report"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .allSatisfy(form -> assertThat((String) form)
                                .as("the archive names no rider")
                                .doesNotContain("Zoë")
                                .doesNotContain("Rider 7")));
    }

    @Test
    void aGatewayThatIsKilledWhileSendingLeavesTheReportToAnother() throws Exception {
        rig.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        AtomicInteger taken = new AtomicInteger();
        smtp.toMail(text -> {
            if (taken.incrementAndGet() == 1) {
                rig.pool.close().await();
            }
            return "250 taken";
        });
        MailConfig hasty = ReportRig.mail(smtp.port(), Duration.ofSeconds(2));
        rig.set("2026-11-23T09:30:00Z");
        rig.start(ReportRig.config(), hasty);
        awaitTrue(() -> smtp.mails().size() == 1);
        assertThat(rig.count("status = 'ready' AND attempts = 1")).isEqualTo(1);
        rig.close();
        ReportRig other = rig.beside().start(ReportRig.config(), mail);
        other.letItLook();
        assertThat(other.count("status = 'ready' AND attempts = 1"))
                .as("the claim holds")
                .isEqualTo(1);
        rig.warehouse.execute("UPDATE daily_report SET next_attempt_at = now()");

        awaitTrue(() -> other.count("status = 'sent' AND attempts = 2 AND revision = 1") == 1);
        other.close();
        assertThat(smtp.mails()).hasSize(2);
        assertThat(smtp.mails().stream().map(ReportVerticleTest::messageId)).containsOnly("daily-report-2026-11-22-1");
    }

    @Test
    void aGatewayThatIsSlowKeepsItsClaim() throws Exception {
        rig.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        CompletableFuture<String> answer = new CompletableFuture<>();
        smtp.toMail(text -> answer.join());
        rig.set("2026-11-23T09:30:00Z");
        MailConfig renewing = ReportRig.mail(smtp.port(), Duration.ofSeconds(1));
        rig.start(ReportRig.config(), renewing);
        awaitTrue(() -> rig.count("status = 'ready'") == 1);
        String claimed = "SELECT (extract(epoch FROM next_attempt_at) * 1000)::bigint FROM daily_report";
        long first = rig.warehouse.count(claimed);

        awaitTrue(() -> rig.warehouse.count(claimed) > first);
        answer.complete("250 taken");
        awaitTrue(() -> rig.count("status = 'sent' AND attempts = 1") == 1);
    }

    @Test
    void aMailServerThatIsDownGetsTheReportWhenItIsBack() throws Exception {
        rig.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        smtp.toMail(text -> "451 come back later");
        rig.set("2026-11-23T09:30:00Z");
        rig.start(ReportRig.config(), mail);

        awaitTrue(
                () -> rig.count("status = 'ready' AND attempts > 2 AND reason LIKE '451%' AND html IS NOT NULL") == 1);
        smtp.toMail(text -> "250 taken");
        awaitTrue(() -> rig.count("status = 'sent' AND reason IS NULL") == 1);
        assertThat(smtp.mails()).hasSize(1);
        assertThat(rig.meters
                        .get("deloton.reports")
                        .tag("result", "postponed")
                        .counter()
                        .count())
                .isGreaterThan(2);
    }

    @Test
    void aMailServerThatIsNotThereGetsTheReportOnceItIs() throws Exception {
        rig.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        int port = LocalServers.freePort();
        rig.set("2026-11-23T09:30:00Z");
        rig.start(ReportRig.config(), ReportRig.mail(port, Duration.ofSeconds(5)));

        awaitTrue(() -> rig.count("status = 'ready' AND attempts > 1 AND html IS NOT NULL") == 1);
        awaitTrue(() -> rig.count("status = 'ready' AND sent_at IS NULL AND reason LIKE '%refused%'") == 1);
        try (ScriptedSmtp late = new ScriptedSmtp(port)) {
            awaitTrue(() -> rig.count("status = 'sent' AND reason IS NULL AND recipients = 2 AND revision = 1") == 1);
            rig.letItLook();
            assertThat(late.mails().stream().map(ReportVerticleTest::messageId))
                    .containsExactly("daily-report-2026-11-22-1");
        }
    }

    @Test
    void whatCannotBeMailedInTimeHasFailedForAllToSee() throws Exception {
        rig.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        smtp.toMail(text -> "451 never");
        rig.set("2026-11-23T09:30:00Z");
        rig.start(ReportRig.config(7, Duration.ofMillis(600), "ceo@example.com"), mail);

        awaitTrue(() -> rig.count("status = 'failed' AND reason LIKE '451%'") == 1);
        awaitTrue(() -> rig.meters
                        .get("deloton.reports")
                        .tag("result", "failed")
                        .counter()
                        .count()
                == 1);
    }

    @Test
    void noMailLeavesTheAllowedDomains() throws Exception {
        rig.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        rig.set("2026-11-23T09:30:00Z");
        rig.start(ReportRig.config(7, Duration.ofHours(1), "ceo@elsewhere.invalid"), mail);

        awaitTrue(() -> rig.count("status = 'failed' AND reason LIKE '%allowed-domains%'") == 1);
        assertThat(smtp.mails()).isEmpty();
    }

    @Test
    void clocksThatJumpReportNoDayTwiceAndNoneThatIsNotOver() throws Exception {
        rig.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        rig.set("2126-01-01T12:00:00Z");
        rig.start(ReportRig.config(), mail);
        rig.letItLook();
        assertThat(rig.count("true")).as("the database knows better").isZero();

        rig.set("2026-11-23T09:30:00Z");
        awaitTrue(() -> rig.count("status = 'sent'") == 1);
        for (String jump : List.of("2026-11-22T23:00:00Z", "2026-11-23T09:31:00Z", "1999-01-01T00:00:00Z")) {
            rig.set(jump);
            rig.letItLook();
        }
        rig.set("2026-11-23T09:30:00Z");
        rig.letItLook();

        assertThat(smtp.mails()).hasSize(1);
        assertThat(rig.count("true")).isEqualTo(1);
    }

    @Test
    void daysThatWereMissedAreCaughtUpAsFarAsIsWanted() throws Exception {
        rig.ride(1, 7L, "2026-11-10T12:00:00Z", "female", 40);
        rig.warehouse.execute("INSERT INTO daily_report (day, status) VALUES ('2026-11-12', 'sent')");
        rig.set("2026-11-23T08:00:00Z");
        rig.start(ReportRig.config(4, Duration.ofHours(1), "ceo@example.com"), mail);

        awaitTrue(() -> rig.count("status = 'sent'") == 4);
        rig.letItLook();
        assertThat(smtp.mails().stream().map(ReportVerticleTest::messageId))
                .containsExactly("daily-report-2026-11-19-1", "daily-report-2026-11-20-1", "daily-report-2026-11-21-1");
    }

    @Test
    void anOldWarehouseBeginsWithTheLatestDay() throws Exception {
        rig.ride(1, 7L, "2026-10-01T12:00:00Z", "female", 40);
        rig.set("2026-11-23T10:00:00Z");
        rig.start(ReportRig.config(), mail);

        awaitTrue(() -> rig.count("status = 'sent'") == 1);
        rig.letItLook();
        assertThat(smtp.mails())
                .singleElement()
                .satisfies(text -> assertThat(text).contains("daily-report-2026-11-22-1", "no rides"));
    }

    @Test
    void aNewWarehouseReportsNoDayBeforeItWasThere() throws Exception {
        rig.set("2026-11-23T10:00:00Z");
        rig.start(ReportRig.config(), mail);
        rig.letItLook();

        assertThat(rig.count("true")).isZero();
        assertThat(smtp.mails()).isEmpty();
    }

    @Test
    void lateDataIsInTheReportThatIsRunAgain() throws Exception {
        rig.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        rig.set("2026-11-23T09:30:00Z");
        rig.start(ReportRig.config(), mail);
        awaitTrue(() -> rig.count("status = 'sent' AND rides = 1") == 1);
        assertThat(figures().getJsonObject("totals").getLong("durationS")).isEqualTo(600);
        rig.ride(2, 8L, "2026-11-22T22:00:00Z", "male", 30);

        new ApiRig(rig.vertx, rig.pool, rig.clock).json("runReport", "date", SUNDAY.toString());

        awaitTrue(() -> rig.count("status = 'sent' AND rides = 2 AND revision = 2 AND requested_by = 'tester'") == 1);
        assertThat(smtp.mails().stream().map(ReportVerticleTest::messageId))
                .containsExactly("daily-report-2026-11-22-1", "daily-report-2026-11-22-2");
        assertThat((String) rig.warehouse
                        .rows("SELECT html FROM daily_report")
                        .getFirst()
                        .getFirst())
                .contains("Sunday 22 November 2026", "2\u00a0rides by 2\u00a0riders");
        assertThat(figures().getJsonObject("totals").getLong("durationS")).isEqualTo(1_200);
        assertThat(figures().getJsonArray("groups").toString()).contains("\"gender\":\"male\"");
        assertThat(smtp.mails().getLast()).contains("2 rides by 2 riders");
    }

    private JsonObject figures() {
        return new JsonObject(String.valueOf(rig.warehouse
                .rows("SELECT figures FROM daily_report")
                .getFirst()
                .getFirst()));
    }

    private static String messageId(String mail) {
        Matcher matcher = Pattern.compile("Message-ID: <(.*)@deloton").matcher(mail);
        return matcher.find() ? matcher.group(1) : "none";
    }

    private void letBothLook(ReportRig other) throws Exception {
        other.letItLook();
        rig.letItLook();
    }
}
