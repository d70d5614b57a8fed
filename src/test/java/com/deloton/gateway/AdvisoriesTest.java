package com.deloton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No library on the class path has a published vulnerability whose fix has been served for more than two weeks. Works offline
 * from {@code advisories.tsv}, whose head says how to refresh it.
 */
class AdvisoriesTest {
    private static final Path LIST = Path.of("src/test/resources/advisories.tsv");
    private static final int DAYS_TO_UPDATE = 14;
    private static final int FEWEST_LIBRARIES = 80;
    private static final Pattern JAR = Pattern.compile("(.+)/([^/]+)/([^/]+)/\\2-\\3[^/]*\\.jar");

    private record Library(String groupPath, String artifact, String version) {
        boolean is(Advisory advisory) {
            return artifact.equals(advisory.artifact())
                    && ("/" + groupPath).endsWith("/" + advisory.group().replace('.', '/'));
        }
    }

    private record Advisory(String group, String artifact, String affected, LocalDate served, String text) {
        static Advisory parse(String line) {
            String[] columns = line.split("\t", -1);
            String[] name = columns[0].split(":", 2);
            return new Advisory(name[0], name[1], columns[1], LocalDate.parse(columns[3]), line.replace('\t', ' '));
        }

        boolean affects(Library library) {
            return library.is(this) && contains(affected, library.version());
        }
    }

    @Test
    void noLibraryHasAKnownVulnerabilityWithAServedFix() throws IOException {
        LocalDate limit = LocalDate.now(java.time.ZoneOffset.UTC).minusDays(DAYS_TO_UPDATE);
        List<Library> libraries = libraries();
        List<String> open = new ArrayList<>();
        for (Advisory advisory : advisories(false)) {
            for (Library library : libraries) {
                if (advisory.affects(library) && advisory.served().isBefore(limit)) {
                    open.add(library.version() + " is affected: " + advisory.text());
                }
            }
        }

        assertThat(libraries).hasSizeGreaterThan(FEWEST_LIBRARIES);
        assertThat(open)
                .as("update the libraries in pom.xml; %s, column 7, is for those that do not affect the gateway", LIST)
                .isEmpty();
    }

    @Test
    void theListNamesLibrariesThatTheGatewayUses() throws IOException {
        List<Library> libraries = libraries();

        assertThat(advisories(true))
                .filteredOn(a -> libraries.stream().anyMatch(library -> library.is(a)))
                .hasSizeGreaterThan(20);
        assertThat(Files.readString(LIST)).containsPattern("(?m)^# as of: \\d{4}-\\d\\d-\\d\\d$");
    }

    @ParameterizedTest
    @CsvSource({
        "'[4.2.0,4.2.18)', 4.2.9.Final, true",
        "'[4.2.0,4.2.18)', 4.2.17.Final, true",
        "'[4.2.0,4.2.18)', 4.2.18.Final, false",
        "'[4.2.0,4.2.18)', 4.1.138.Final, false",
        "'(,1.5.34)', 1.5.9, true",
        "'(,1.5.34)', 1.5.34, false",
        "'(,1.5.34)', 1.6, false",
        "'(,1.1.10.4)', 1.1.10, true",
        "'(,1.1.10.4)', 1.1.10.4-1, false"
    })
    void comparesVersions(String range, String version, boolean inside) {
        assertThat(contains(range, version)).isEqualTo(inside);
    }

    /** With or without those that do not affect the gateway. */
    private static List<Advisory> advisories(boolean all) throws IOException {
        return Files.readAllLines(LIST).stream()
                .filter(line -> !line.startsWith("#"))
                .filter(line -> all || line.split("\t", -1).length < 7)
                .map(Advisory::parse)
                .toList();
    }

    /** From the paths of the jars, which are those of a Maven repository. */
    private static List<Library> libraries() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .map(JAR::matcher)
                .filter(Matcher::matches)
                .map(jar -> new Library(jar.group(1), jar.group(2), jar.group(3)))
                .toList();
    }

    /** {@code [from,below)} or {@code (,below)}. */
    private static boolean contains(String range, String version) {
        String[] limits = range.substring(1, range.length() - 1).split(",", -1);
        return (limits[0].isEmpty() || compare(version, limits[0]) >= 0) && compare(version, limits[1]) < 0;
    }

    /** By the numbers only; a missing one counts as 0. */
    private static int compare(String left, String right) {
        int[] a = numbers(left);
        int[] b = numbers(right);
        int length = Math.max(a.length, b.length);
        return Arrays.compare(Arrays.copyOf(a, length), Arrays.copyOf(b, length));
    }

    private static int[] numbers(String version) {
        return Pattern.compile("\\d+")
                .matcher(version)
                .results()
                .mapToInt(m -> Integer.parseInt(m.group()))
                .toArray();
    }
}
