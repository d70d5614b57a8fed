package com.deloton.archive;

import static com.deloton.archive.ArchiveFixture.DAY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ArchiveCommandTest {
    @TempDir
    private Path warehouse;

    private ArchiveFixture fixture;
    private Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void open() {
        fixture = new ArchiveFixture(warehouse);
        environment = fixture.environment();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void exportsPlansAndExportsChangedDays() {
        fixture.rides(DAY, 1, 2, 100);

        assertThat(run("archive", "--closed", "--plan"))
                .isEqualTo("0:%s is not archived\n1 day to export; nothing was changed\n:".formatted(DAY));
        assertThat(run("archive", "--day", DAY.toString()))
                .matches("0:%s: 2 rides, 196 readings in \\d+ bytes\n1 day exported\n:".formatted(DAY));
        assertThat(run("archive", "--closed")).isEqualTo("0:0 days exported\n:");
        fixture.execute("UPDATE ride SET energy_kj = 1");
        assertThat(run("archive", "--closed", "--plan"))
                .isEqualTo("0:%s has changed\n1 day to export; nothing was changed\n:".formatted(DAY));
    }

    @Test
    void invalidCommandLinesAndSettingsAreOneLineAndExitCode2() {
        assertThat(run("archive"))
                .isEqualTo("2::expected either --day or --closed; see deloton-gateway-archive archive --help\n");
        assertThat(run("archive", "--day", "soon"))
                .isEqualTo("2::Invalid value for option '--day': 'soon' is not a date; expected YYYY-MM-DD, for example"
                        + " 2026-11-23; see deloton-gateway-archive archive --help\n");
        environment.remove("DELOTON_ARCHIVE_WAREHOUSE");
        assertThat(run("archive", "--closed"))
                .isEqualTo("2::archive.warehouse is missing; expected a directory or s3://bucket/prefix\n");
        environment.put("DELOTON_ARCHIVE_WAREHOUS", "x");
        assertThat(run("archive", "--closed"))
                .startsWith("2::")
                .contains("DELOTON_ARCHIVE_WAREHOUS: is not a known variable");
    }

    @Test
    void whatPreventsAnExportIsOneLineAndExitCode1() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        assertThat(run("archive", "--day", today.toString()))
                .isEqualTo("1::archive failed: %s has not ended; expected a UTC day before today, for example %s\n"
                        .formatted(today, today.minusDays(1)));
        environment.put("DELOTON_DATABASE_USER", "stranger");
        assertThat(run("archive", "--closed")).startsWith("1::archive failed: the database reports: FATAL: ");
    }

    /** Exit code, standard output and standard error, separated by colons. */
    private String run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine(environment);
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int exitCode = commandLine.execute(arguments);
        return exitCode + ":" + out + ":" + err;
    }
}
