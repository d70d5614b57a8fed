package com.deloton.gateway.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.Skipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The checks of src/test/webroot/package.json: unit tests of the dashboard's modules, their format and lint. */
class WebrootUnitIT {
    private static final int TIMEOUT_SECONDS = 120;

    @Test
    void theModulesOfTheDashboardPassTheirUnitTests() throws Exception {
        Path node = Browsers.find("node", "nodejs");
        if (node == null) {
            Skipped.test("the unit tests of webroot/app", "Node.js (Debian: apt install nodejs)");
            return;
        }
        try (var files = Files.list(Path.of("src/test/webroot"))) {
            List<String> tests = files.map(Path::toString)
                    .filter(name -> name.endsWith(".test.js"))
                    .toList();
            assertThat(tests).isNotEmpty();
            assertThat(run(concat(List.of(node.toString(), "--test"), tests))).contains("# fail 0");
        }
    }

    @Test
    void theDashboardIsFormattedAndHasNoLint() throws Exception {
        Path npm = Browsers.find("npm");
        if (npm == null || !Files.isDirectory(Path.of("src/test/webroot/node_modules"))) {
            Skipped.test(
                    "the format check and lint of webroot/app",
                    "node_modules (Debian: apt install npm; npm ci --prefix src/test/webroot)");
            return;
        }
        run(List.of(npm.toString(), "--prefix", "src/test/webroot", "run", "lint"));
    }

    private static List<String> concat(List<String> command, List<String> arguments) {
        return Stream.concat(command.stream(), arguments.stream()).toList();
    }

    /** The output of a command; fails unless it exits with 0 in time. */
    private static String run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("webroot", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("NODE_NO_WARNINGS", "1");
        Process process = builder.start();
        boolean finished = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output, UTF_8);
        Files.delete(output);
        assertThat(finished).as("in time: %s", text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}
