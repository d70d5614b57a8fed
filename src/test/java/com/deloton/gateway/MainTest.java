package com.deloton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "simulate --bike 3 | Unknown options: '--bike', '3' (did you mean --bikes?); see deloton-gateway simulate --help",
                "simulate --bikes many | Invalid value for option '--bikes': 'many' is not an int; see deloton-gateway simulate --help",
                "replay | Missing required parameter: 'FILE'; see deloton-gateway replay --help",
                "tableau publish | Missing required option: '--server=URL'; see deloton-gateway tableau publish --help"
            })
    void aWrongCommandLineIsOneLineThatNamesTheHelp(String arguments, String line) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).isEqualTo(line + System.lineSeparator());
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aMissingCommandIsOneLineThatNamesTheHelp() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo("Missing required subcommand; see deloton-gateway --help" + System.lineSeparator());
    }

    @Test
    void helpOfACommandIsItsUsage() {
        assertThat(run("help", "simulate")).isZero();
        assertThat(out.toString()).startsWith("Usage: deloton-gateway simulate").contains("Examples:");
    }

    @Test
    void theCompletionScriptKnowsCommandsAndOptions() {
        assertThat(run("generate-completion")).isZero();
        assertThat(out.toString()).contains("doctor", "--abnormal-heart-rate", "complete -F");
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        return commandLine
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
