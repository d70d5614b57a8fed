package com.deloton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TableauCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder = Path.of("");

    @Test
    void writesTheFilesWithoutAPasswordOrADatabase() throws Exception {
        Path yaml = yaml("analyst: {host: warehouse.example.com, ssl-mode: require}");
        Path files = folder.resolve("a/b");

        assertThat(run(new TableauCommand(), "--config", yaml.toString(), "--out", files.toString()))
                .isZero();

        assertThat(out.toString()).contains("wrote " + files.resolve("deloton.twb"));
        assertThat(files.toFile().list())
                .containsExactlyInAnyOrder("deloton.tds", "deloton-readings.tds", "deloton.twb");
        assertThat(files.resolve("deloton.tds")).content().contains("server=\"warehouse.example.com\"");
    }

    @Test
    void saysWhichSettingIsMissing() throws Exception {
        assertThat(run(new TableauCommand(), "--config", yaml("http.port: 1").toString(), "--out", folder.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("analyst.host (DELOTON_ANALYST_HOST): is missing");

        assertThat(run(new TableauCommand())).isEqualTo(2);
        assertThat(err.toString())
                .contains("Missing option --out DIR (to write the files) or subcommand publish; see tableau --help");
    }

    @Test
    void publishingNeedsAToken() throws Exception {
        String yaml = yaml("analyst.host: warehouse.example.com").toString();

        assertThat(run(new TableauCommand.Publish(Map.of()), "-c", yaml, "--server", "https://tableau.example.com"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("The variable TABLEAU_TOKEN_NAME is not set; expected it or TABLEAU_TOKEN_NAME_FILE");
    }

    @Test
    void publishingTakesSecretsFromFilesAndTellsWhatFails() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "s\n");
        String yaml = yaml("analyst.host: warehouse.example.com").toString();
        TableauCommand.Publish publish = new TableauCommand.Publish(
                Map.of("TABLEAU_TOKEN_NAME", "ci", "TABLEAU_TOKEN_SECRET_FILE", secret.toString()));

        assertThat(run(publish, "-c", yaml, "--server", "http://127.0.0.1:1")).isEqualTo(1);
        assertThat(err.toString()).contains("Cannot sign in with the token ci: no connection to http://127.0.0.1:1: ");
    }

    private Path yaml(String text) throws Exception {
        return Files.writeString(folder.resolve("gateway.yaml"), text);
    }

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
