package com.deloton.gateway.report;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.testing.ApiFixture;
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
class ReportVerticleIT {
    private static final LocalDate SUNDAY = LocalDate.parse("2026-11-22");

    private final ScriptedSmtp smtp = new ScriptedSmtp();
    private final ReportFixture fixture = new ReportFixture("2026-11-23T09:29:59.500Z");
    private final MailConfig mail = ReportFixture.mail(smtp.port(), Duration.ofSeconds(5));

    @AfterEach
    void close() throws Exception {
        fixture.close();
        smtp.close();
    }

    @Test
    void atHalfPastNineOneOfTwoGatewaysReportsTheDayBefore() throws Exception {
        fixture.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        ReportFixture other = fixture.beside().start(ReportFixture.config(), mail);
        fixture.start(ReportFixture.config(), mail);
        letBothLook(other);
        assertThat(fixture.count("true")).as("too early").isZero();

        fixture.set("2026-11-23T09:30:00Z");
        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
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
                        fixture.warehouse.rows(
                                "SELECT status, requested_by, revision, attempts, rides, riders, recipients, reason FROM daily_report"))
                .containsExactly(java.util.Arrays.asList("sent", "schedule", 1, 1, 1, 1, 2, null));
        assertThat(fixture.warehouse.rows("SELECT html, plain_text, csv, figures::text FROM daily_report"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .allSatisfy(form -> assertThat((String) form)
                                .as("the archive names no rider")
                                .doesNotContain("Zoë")
                                .doesNotContain("Rider 7")));
    }

    @Test
    void aGatewayThatIsKilledWhileSendingLeavesTheReportToAnother() throws Exception {
        fixture.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        AtomicInteger taken = new AtomicInteger();
        smtp.toMail(text -> {
            if (taken.incrementAndGet() == 1) {
                fixture.pool.close().await();
            }
            return "250 taken";
        });
        MailConfig hasty = ReportFixture.mail(smtp.port(), Duration.ofSeconds(2));
        fixture.set("2026-11-23T09:30:00Z");
        fixture.start(ReportFixture.config(), hasty);
        awaitTrue(() -> smtp.mails().size() == 1);
        assertThat(fixture.count("status = 'ready' AND attempts = 1")).isEqualTo(1);
        fixture.close();
        ReportFixture other = fixture.beside().start(ReportFixture.config(), mail);
        other.letItLook();
        assertThat(other.count("status = 'ready' AND attempts = 1"))
                .as("the claim holds")
                .isEqualTo(1);
        fixture.warehouse.execute("UPDATE daily_report SET next_attempt_at = now()");

        awaitTrue(() -> other.count("status = 'sent' AND attempts = 2 AND revision = 1") == 1);
        other.close();
        assertThat(smtp.mails()).hasSize(2);
        assertThat(smtp.mails().stream().map(ReportVerticleIT::messageId)).containsOnly("daily-report-2026-11-22-1");
    }

    @Test
    void aGatewayThatIsSlowKeepsItsClaim() throws Exception {
        fixture.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        CompletableFuture<String> answer = new CompletableFuture<>();
        smtp.toRecipient(to -> answer.join());
        fixture.set("2026-11-23T09:30:00Z");
        MailConfig renewing = ReportFixture.mail(smtp.port(), Duration.ofSeconds(1));
        fixture.start(ReportFixture.config(), renewing);
        awaitTrue(() -> fixture.count("status = 'ready'") == 1);
        String claimed = "SELECT (extract(epoch FROM next_attempt_at) * 1000)::bigint FROM daily_report";
        long first = fixture.warehouse.count(claimed);

        awaitTrue(() -> fixture.warehouse.count(claimed) > first);
        answer.complete("250 fine");
        awaitTrue(() -> fixture.count("status = 'sent' AND attempts = 1") == 1);
    }

    @Test
    void aMailServerThatIsDownGetsTheReportWhenItIsBack() throws Exception {
        fixture.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        smtp.toMail(text -> "451 come back later");
        fixture.set("2026-11-23T09:30:00Z");
        fixture.start(ReportFixture.config(), mail);

        awaitTrue(() ->
                fixture.count("status = 'ready' AND attempts > 2 AND reason LIKE '451%' AND html IS NOT NULL") == 1);
        smtp.toMail(text -> "250 taken");
        awaitTrue(() -> fixture.count("status = 'sent' AND reason IS NULL") == 1);
        assertThat(smtp.mails()).hasSize(1);
        assertThat(fixture.meters
                        .get("deloton.reports")
                        .tag("result", "postponed")
                        .counter()
                        .count())
                .isGreaterThan(2);
    }

    @Test
    void aMailServerThatIsNotThereGetsTheReportOnceItIs() throws Exception {
        fixture.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        int port = LocalServers.freePort();
        fixture.set("2026-11-23T09:30:00Z");
        fixture.start(ReportFixture.config(), ReportFixture.mail(port, Duration.ofSeconds(5)));

        awaitTrue(() -> fixture.count("status = 'ready' AND attempts > 1 AND html IS NOT NULL") == 1);
        awaitTrue(() -> fixture.count("status = 'ready' AND sent_at IS NULL AND reason LIKE '%refused%'") == 1);
        try (ScriptedSmtp late = new ScriptedSmtp(port)) {
            awaitTrue(
                    () -> fixture.count("status = 'sent' AND reason IS NULL AND recipients = 2 AND revision = 1") == 1);
            fixture.letItLook();
            assertThat(late.mails().stream().map(ReportVerticleIT::messageId))
                    .containsExactly("daily-report-2026-11-22-1");
        }
    }

    @Test
    void whatCannotBeMailedInTimeHasFailedForAllToSee() throws Exception {
        fixture.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        smtp.toMail(text -> "451 never");
        fixture.set("2026-11-23T09:30:00Z");
        fixture.start(ReportFixture.config(7, Duration.ofMillis(600), "ceo@example.com"), mail);

        awaitTrue(() -> fixture.count("status = 'failed' AND reason LIKE '451%'") == 1);
        awaitTrue(() -> fixture.meters
                        .get("deloton.reports")
                        .tag("result", "failed")
                        .counter()
                        .count()
                == 1);
    }

    @Test
    void noMailLeavesTheAllowedDomains() throws Exception {
        fixture.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        fixture.set("2026-11-23T09:30:00Z");
        fixture.start(ReportFixture.config(7, Duration.ofHours(1), "ceo@elsewhere.invalid"), mail);

        awaitTrue(() -> fixture.count("status = 'failed' AND reason LIKE '%allowed-domains%'") == 1);
        assertThat(smtp.mails()).isEmpty();
    }

    @Test
    void clocksThatJumpReportNoDayTwiceAndNoneThatIsNotOver() throws Exception {
        fixture.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        fixture.set("2126-01-01T12:00:00Z");
        fixture.start(ReportFixture.config(), mail);
        fixture.letItLook();
        assertThat(fixture.count("true")).as("the database knows better").isZero();

        fixture.set("2026-11-23T09:30:00Z");
        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
        for (String jump : List.of("2026-11-22T23:00:00Z", "2026-11-23T09:31:00Z", "1999-01-01T00:00:00Z")) {
            fixture.set(jump);
            fixture.letItLook();
        }
        fixture.set("2026-11-23T09:30:00Z");
        fixture.letItLook();

        assertThat(smtp.mails()).hasSize(1);
        assertThat(fixture.count("true")).isEqualTo(1);
    }

    @Test
    void daysThatWereMissedAreCaughtUpAsFarAsIsWanted() throws Exception {
        fixture.ride(1, 7L, "2026-11-10T12:00:00Z", "female", 40);
        fixture.warehouse.execute("INSERT INTO daily_report (day, status) VALUES ('2026-11-12', 'sent')");
        fixture.set("2026-11-23T08:00:00Z");
        fixture.start(ReportFixture.config(4, Duration.ofHours(1), "ceo@example.com"), mail);

        awaitTrue(() -> fixture.count("status = 'sent'") == 4);
        fixture.letItLook();
        assertThat(smtp.mails().stream().map(ReportVerticleIT::messageId))
                .containsExactly("daily-report-2026-11-19-1", "daily-report-2026-11-20-1", "daily-report-2026-11-21-1");
    }

    @Test
    void anOldWarehouseBeginsWithTheLatestDay() throws Exception {
        fixture.ride(1, 7L, "2026-10-01T12:00:00Z", "female", 40);
        fixture.set("2026-11-23T10:00:00Z");
        fixture.start(ReportFixture.config(), mail);

        awaitTrue(() -> fixture.count("status = 'sent'") == 1);
        fixture.letItLook();
        assertThat(smtp.mails())
                .singleElement()
                .satisfies(text -> assertThat(text).contains("daily-report-2026-11-22-1", "no rides"));
    }

    @Test
    void aNewWarehouseReportsNoDayBeforeItWasThere() throws Exception {
        fixture.set("2026-11-23T10:00:00Z");
        fixture.start(ReportFixture.config(), mail);
        fixture.letItLook();

        assertThat(fixture.count("true")).isZero();
        assertThat(smtp.mails()).isEmpty();
    }

    @Test
    void lateDataIsInTheReportThatIsRunAgain() throws Exception {
        fixture.ride(1, 7L, "2026-11-22T12:00:00Z", "female", 40);
        fixture.set("2026-11-23T09:30:00Z");
        fixture.start(ReportFixture.config(), mail);
        awaitTrue(() -> fixture.count("status = 'sent' AND rides = 1") == 1);
        assertThat(figures().getJsonObject("totals").getLong("durationS")).isEqualTo(600);
        fixture.ride(2, 8L, "2026-11-22T22:00:00Z", "male", 30);

        new ApiFixture(fixture.vertx, fixture.pool, fixture.clock).json("runReport", "date", SUNDAY.toString());

        awaitTrue(
                () -> fixture.count("status = 'sent' AND rides = 2 AND revision = 2 AND requested_by = 'tester'") == 1);
        assertThat(smtp.mails().stream().map(ReportVerticleIT::messageId))
                .containsExactly("daily-report-2026-11-22-1", "daily-report-2026-11-22-2");
        assertThat((String) fixture.warehouse
                        .rows("SELECT html FROM daily_report")
                        .getFirst()
                        .getFirst())
                .contains("Sunday 22 November 2026", "2\u00a0rides by 2\u00a0riders");
        assertThat(figures().getJsonObject("totals").getLong("durationS")).isEqualTo(1_200);
        assertThat(figures().getJsonArray("groups").toString()).contains("\"gender\":\"male\"");
        assertThat(smtp.mails().getLast()).contains("2 rides by 2 riders");
    }

    private JsonObject figures() {
        return new JsonObject(String.valueOf(fixture.warehouse
                .rows("SELECT figures FROM daily_report")
                .getFirst()
                .getFirst()));
    }

    private static String messageId(String mail) {
        Matcher matcher = Pattern.compile("Message-ID: <(.*)@deloton").matcher(mail);
        return matcher.find() ? matcher.group(1) : "none";
    }

    private void letBothLook(ReportFixture other) throws Exception {
        other.letItLook();
        fixture.letItLook();
    }
}
