package com.deloton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.report.ReportFixture;
import com.deloton.gateway.testing.ScriptedSmtp;
import com.deloton.gateway.testing.TestServers.Database;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ReportCommandIT {
    private static final String MONDAY = "2026-11-23";
    private static final ReportFixture FIXTURE = new ReportFixture("2026-11-24T09:30:00Z");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final ScriptedSmtp smtp = new ScriptedSmtp();

    @TempDir
    Path folder = Path.of("");

    @BeforeAll
    static void ride() {
        FIXTURE.ride(1, 7L, "2026-11-23T00:00:00Z", "female", 40);
        FIXTURE.ride(2, 8L, "2026-11-23T23:59:59Z", "male", null);
        FIXTURE.ride(3, 9L, "2026-11-24T00:00:00Z", "male", 30);
    }

    @AfterAll
    static void leave() throws Exception {
        FIXTURE.close();
    }

    @AfterEach
    void close() {
        smtp.close();
        FIXTURE.warehouse.execute("DELETE FROM daily_report");
    }

    @Test
    void printsADayAndStoresNothing() throws Exception {
        assertThat(run("--date", MONDAY)).isZero();

        assertThat(out.toString())
                .contains("Monday 23 November 2026", "2 rides by 2 riders", "150 W", "120 bpm")
                .containsPattern("unknown +1 +1 +10 min 00 s");
        assertThat(reports()).isEmpty();
        assertThat(smtp.mails()).isEmpty();
    }

    @Test
    void theEndingOfTheFileSelectsTheFormat() throws Exception {
        assertThat(written("a.html")).startsWith("<!DOCTYPE html>").contains("2\u00a0rides by 2\u00a0riders");
        assertThat(written("a.TXT")).startsWith("DELOTON DAILY REPORT").contains("2 rides by 2 riders");
        assertThat(written("a.csv")).contains("totals.rides,2\r\n", "groups.male/unknown.rides,1\r\n");
        assertThat(written("riders.csv").lines())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).startsWith("2026-11-23,8,,male,,1,600,90.0,150.0,120.0,150,0"));
        assertThat(run("--date", MONDAY, "--out", folder.resolve("a.pdf").toString()))
                .isZero();
        try (PDDocument pdf = Loader.loadPDF(folder.resolve("a.pdf").toFile())) {
            assertThat(new PDFTextStripper().getText(pdf).replace('\u00a0', ' '))
                    .contains("2 rides by 2 riders");
        }
    }

    @Test
    void sendsOneMailToAllRecipientsAndANewRevisionOnEachCall() throws Exception {
        assertThat(run("--date", MONDAY, "--send")).isZero();

        assertThat(out.toString()).isEqualToIgnoringNewLines("The report of 2026-11-23 is mailed.");
        assertThat(smtp.mails())
                .singleElement()
                .satisfies(mail -> assertThat(mail)
                        .contains(
                                "ceo@example.com",
                                "staff@example.com",
                                "daily-report-2026-11-23-1@",
                                "2 rides by 2 riders"));
        assertThat(reports()).containsExactly(Arrays.asList("sent", 1, "command", 2, null));

        assertThat(run(
                        "--date",
                        MONDAY,
                        "--send",
                        "--out",
                        folder.resolve("again.txt").toString()))
                .isZero();
        assertThat(smtp.mails())
                .hasSize(2)
                .last()
                .satisfies(mail -> assertThat(mail).contains("daily-report-2026-11-23-2@"));
        assertThat(reports()).containsExactly(Arrays.asList("sent", 2, "command", 2, null));
        assertThat(folder.resolve("again.txt")).content().contains("2 rides by 2 riders");
    }

    @Test
    void leavesADayToTheGatewayThatIsWorkingOnIt() throws Exception {
        FIXTURE.warehouse.execute("""
                INSERT INTO daily_report (day, status, revision, attempts, next_attempt_at)
                VALUES ('2026-11-23', 'running', 1, 1, now() + interval '1 hour')""");

        assertThat(run("--date", MONDAY, "--send")).isEqualTo(1);
        assertThat(out.toString())
                .contains("A gateway is already working on the report of 2026-11-23 and will mail it.");
        assertThat(smtp.mails()).isEmpty();
    }

    @Test
    void leavesADeferredMailToTheGateways() throws Exception {
        smtp.toMail(mail -> "451 come back later");

        assertThat(run("--date", MONDAY, "--send")).isEqualTo(1);
        assertThat(out.toString())
                .contains("The mail server did not accept the report; a gateway with the role report will retry.");
        assertThat(reports()).containsExactly(Arrays.asList("ready", 1, "command", null, "451 come back later"));
    }

    @Test
    void reportsAnUnreachableDatabase() throws Exception {
        Path yaml = Files.writeString(folder.resolve("away.yaml"), """
                database: {host: 127.0.0.1, port: %d, name: deloton, user: u, password: p}
                """.formatted(LocalServers.freePort()));

        assertThat(execute("--date", MONDAY, "-c", yaml.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("The report could not be made: ", "refused");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | --date yesterday | '--date': 'yesterday' is not a date; expected YYYY-MM-DD, for example 2026-11-23",
                "2 | --date 2026-02-30 | '--date': '2026-02-30' is not a date; expected YYYY-MM-DD, for example 2026-11-23",
                "2 | --date 2999-01-01 --send | --send: '2999-01-01' is not over in Europe/London; expected a day before today",
                "2 | --out report.docx | --out: 'report.docx' has no known ending; expected .html, .txt, .csv or .pdf, for example report.pdf",
                "1 | --out /no/such/folder/a.txt | --out: '/no/such/folder/a.txt' cannot be written; expected a writable file, for example report.pdf",
                "1 | --out /no/such/folder/a.txt --send | --out: '/no/such/folder/a.txt' cannot be written; expected a writable file, for example report.pdf"
            })
    void namesTheInvalidArgumentAndTheExpectedValue(int exit, String arguments, String message) throws Exception {
        assertThat(run(arguments.split(" "))).isEqualTo(exit);
        assertThat(err.toString()).contains(message);
        assertThat(smtp.mails()).isEmpty();
        assertThat(reports()).isEmpty();
    }

    @Test
    void mailNeedsItsSettings() throws Exception {
        assertThat(execute("--send", "-c", yaml("").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("mail.host", "report.recipients");
    }

    private List<List<Object>> reports() {
        return FIXTURE.warehouse.rows(
                "SELECT status, revision, requested_by, recipients, reason FROM daily_report ORDER BY day");
    }

    private String written(String name) throws IOException {
        Path file = folder.resolve(name);
        assertThat(run("--date", MONDAY, "--out", file.toString())).isZero();
        assertThat(out.toString()).contains("written to " + file);
        return Files.readString(file);
    }

    private int run(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-c", yaml("""
                mail: {host: 127.0.0.1, port: %d, security: plain, from: g@deloton.example.com, allowed-domains: [example.com]}
                report.recipients: [ceo@example.com, staff@example.com]
                """.formatted(smtp.port())).toString()));
        return execute(all.toArray(String[]::new));
    }

    private int execute(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new ReportCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private Path yaml(String more) throws IOException {
        Database database = FIXTURE.warehouse.database();
        return Files.writeString(
                folder.resolve("gateway.yaml"),
                """
                database: {host: %s, port: %d, name: %s, user: %s, password: %s}
                """.formatted(database.host(), database.port(), database.name(), database.user(), database.password())
                        + more);
    }
}
