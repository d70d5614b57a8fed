package com.deloton.gateway.ops;

import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.Skipped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code ops/alerts.yml} by Prometheus' own tool. */
class AlertRulesTest {
    private static final Path RULES = Path.of("ops/alerts.yml");
    private static final Path TESTS = Path.of("ops/alerts.test.yml");

    @Test
    void prometheusAcceptsTheRulesAndTheirUnitTestsPass() throws Exception {
        assertThat(promtool("check", "rules", RULES.toString())).contains("SUCCESS");
        assertThat(promtool("test", "rules", TESTS.toString())).contains("SUCCESS");
    }

    @Test
    void everyRuleHasATestInWhichItFiresAndOneInWhichItDoesNot() throws IOException {
        Set<String> rules = names(Files.readString(RULES), "alert: (\\w+)");
        String tests = Files.readString(TESTS);

        assertThat(names(tests, "alertname: (\\w+)\\s+exp_alerts:\\n"))
                .isNotEmpty()
                .isEqualTo(rules);
        assertThat(names(tests, "alertname: (\\w+)\\s+exp_alerts: \\[]")).isEqualTo(rules);
    }

    private static Set<String> names(String text, String pattern) {
        Set<String> names = new TreeSet<>();
        Pattern.compile(pattern).matcher(text).results().forEach(match -> names.add(match.group(1)));
        return names;
    }

    private static String promtool(String... arguments) throws Exception {
        boolean installed = Pattern.compile(":")
                .splitAsStream(requireNonNullElse(System.getenv("PATH"), ""))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
        if (!installed) {
            return Skipped.test("the unit tests of the alert rules", "promtool");
        }
        Process process = new ProcessBuilder(Stream.concat(Stream.of("promtool"), List.of(arguments).stream())
                        .toList())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
