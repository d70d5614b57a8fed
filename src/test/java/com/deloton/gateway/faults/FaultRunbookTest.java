package com.deloton.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultRunbookTest {
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:IT|Test))(\\.(\\w+))?`");
    private static final String HEADING = "\n### What each fault shows\n";

    @Test
    void theRunbookHasEachFaultOnce() throws IOException {
        String runbook = Files.readString(Path.of("docs/operations.md"));
        int from = runbook.indexOf(HEADING);
        String section = runbook.substring(from, runbook.indexOf("\n## ", from));
        var named = section.lines()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .flatMap(line -> Pattern.compile(", ").splitAsStream(line.split("\\|", -1)[1].strip()))
                .toList();
        Set<String> faults = Stream.concat(Stream.of(Fault.values()), Stream.of(TopicChange.values()))
                .filter(fault -> fault != TopicChange.NONE)
                .map(fault -> fault.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(named)).isEqualTo(faults);
    }

    @Test
    void theTestOfEachCaseExists() throws IOException {
        String sources;
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            sources = files.map(path -> path.getFileName().toString()).collect(Collectors.joining("\n"));
        }
        var tests = TEST.matcher(Files.readString(Path.of("docs/reliability.md")))
                .results()
                .toList();

        assertThat(tests).hasSizeGreaterThan(30).allSatisfy(test -> {
            assertThat(sources).contains(test.group(1) + ".java");
            if (test.group(3) != null) {
                assertThat(source(test.group(1))).contains("void " + test.group(3) + "(");
            }
        });
    }

    private static String source(String name) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return Files.readString(files.filter(path -> path.endsWith(name + ".java"))
                    .findFirst()
                    .orElseThrow());
        }
    }
}
