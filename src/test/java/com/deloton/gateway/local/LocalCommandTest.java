package com.deloton.gateway.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalCommandTest {
    private static final String SEE = "; see deloton-gateway local --help" + System.lineSeparator();

    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--http-port 99999 | --http-port 99999 is not valid; expected a port from 1 to 65535, or 0 for any free port",
                "--imap-port -1 | --imap-port -1 is not valid; expected a port from 1 to 65535, or 0 for any free port",
                "--bikes -1 | --bikes -1 is not valid; expected a whole number from 0 to 100000",
                "--abnormal-heart-rate 2 | --abnormal-heart-rate 2.0 is not valid; expected a share from 0 to 1",
                "--ride-seconds 9..3 | Invalid value for option '--ride-seconds': '9..3' is not a range; expected MIN..MAX with 0 <= MIN <= MAX <= 100000",
                "--speed 0 | --speed 0.0 is not valid; expected realtime, max or a number above 0"
            })
    void anInvalidOptionIsOneLine(String arguments, String message) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).isEqualTo(message + SEE);
    }

    @Test
    void aDataDirectoryThatCannotBeWrittenIsOneLine() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path data = file.resolve("data");

        assertThat(run("--data", data.toString())).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("--data '%s' cannot be created or written (".formatted(data))
                .endsWith("); expected a directory that this user may write" + System.lineSeparator())
                .hasLineCount(1);
    }

    private int run(String... arguments) {
        LocalCommand.Workload.Starter none = new LocalCommand.Workload.Starter() {
            @Override
            public void check(LocalCommand.Workload.Settings settings) {}

            @Override
            public LocalCommand.Workload start(LocalServers servers, LocalCommand.Workload.Settings settings) {
                throw new AssertionError("started");
            }
        };
        String[] all = new String[arguments.length + 1];
        all[0] = "local";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Main.commandLine(new LocalCommand(none))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }
}
