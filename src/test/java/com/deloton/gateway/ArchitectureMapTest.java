package com.deloton.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the table of packages in {@code docs/architecture.md} with the code. */
@AnalyzeClasses(packages = "com.deloton.gateway", importOptions = DoNotIncludeTests.class)
class ArchitectureMapTest {
    private static final String GATEWAY = "com.deloton.gateway";
    private static final Path SOURCES = Path.of("src/main/java/com/deloton/gateway");
    private static final Path MAP = Path.of("docs/architecture.md");
    private static final Pattern ROW = Pattern.compile(
            "(?m)^\\| (?:`([a-z.]+)`|\\(root\\)) \\| ([^|]+) \\| ([^|]+) \\| \\[(\\w+)]\\(\\.\\./([^)]+)\\) \\|$");
    private static final Pattern NAME = Pattern.compile("`([a-z.]+)`");
    private static final Pattern SENTENCE = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
    private static final Map<String, String[]> LIBRARIES = Map.of(
            "Vert.x", new String[] {"io.vertx.."},
            "Kafka", new String[] {"org.apache.kafka..", "io.vertx.kafka.."},
            "SQL", new String[] {"java.sql..", "javax.sql..", "io.vertx.sqlclient..", "org.postgresql.."});

    /** A row of the table; {@code name} is empty for the root package. */
    private record Row(String name, String sentence, String mustNotImport, String entryName, Path entry) {
        Path folder() {
            return SOURCES.resolve(name.replace('.', '/'));
        }

        String packageName() {
            return name.isEmpty() ? GATEWAY : GATEWAY + "." + name;
        }
    }

    @Test
    void everyPackageHasItsRow() throws IOException {
        List<String> packages;
        try (Stream<Path> files = Files.walk(SOURCES)) {
            packages = files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> SOURCES.relativize(requireNonNull(file.getParent())))
                    .map(folder -> folder.toString().replace('/', '.'))
                    .distinct()
                    .toList();
        }

        assertThat(rows().stream().map(Row::name))
                .as("packages in the table of %s", MAP)
                .containsExactlyInAnyOrderElementsOf(packages);
    }

    @Test
    void theSentenceOfARowIsThatOfThePackageInfo() throws IOException {
        for (Row row : rows()) {
            String info = Files.readString(row.folder().resolve("package-info.java"));

            assertThat(SENTENCE.matcher(info).results().map(found -> plain(found.group(1))))
                    .as("package-info of %s", row.packageName())
                    .containsExactly(row.sentence());
            assertThat(row.sentence()).as(row.packageName()).endsWith(".").doesNotContain(". ");
        }
    }

    @Test
    void theEntryFileIsInThePackage() throws IOException {
        for (Row row : rows()) {
            assertThat(row.entry()).isRegularFile().isEqualTo(row.folder().resolve(row.entryName() + ".java"));
        }
    }

    @ArchTest
    static void noPackageImportsWhatItsRowForbids(JavaClasses classes) throws IOException {
        for (Row row : rows()) {
            for (String part : row.mustNotImport().split("; |, (?=[A-Z])", -1)) {
                DescribedPredicate<JavaClass> forbidden = forbidden(row, part);
                assertThat(classes.stream()
                                .filter(resideInAPackage(row.packageName()))
                                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                                .filter(dependency -> forbidden.test(dependency.getTargetClass()))
                                .map(Dependency::getDescription))
                        .as("%s must not import %s (%s)", row.packageName(), part, MAP)
                        .isEmpty();
            }
        }
    }

    @Test
    void everyForbiddenNameIsAPackageOrALibrary() throws IOException {
        List<String> packages = rows().stream().map(Row::name).toList();
        for (Row row : rows()) {
            List<String> left = new ArrayList<>(List.of(NAME.matcher(row.mustNotImport())
                    .replaceAll("")
                    .replaceAll("\\bours( except)?", "")
                    .split("[;, ]+")));
            left.removeAll(LIBRARIES.keySet());
            left.remove("");

            assertThat(left).as("%s must not import", row.packageName()).isEmpty();
            assertThat(NAME.matcher(row.mustNotImport()).results().map(found -> found.group(1)))
                    .as("%s must not import", row.packageName())
                    .isSubsetOf(packages);
        }
    }

    private static DescribedPredicate<JavaClass> forbidden(Row row, String part) {
        String[] library = LIBRARIES.get(part);
        if (library != null) {
            return resideInAnyPackage(library);
        }
        if (!part.startsWith("ours")) {
            return resideInAnyPackage(named(part).toArray(String[]::new));
        }
        String[] allowed =
                Stream.concat(named(part), Stream.of(row.packageName() + "..")).toArray(String[]::new);
        return resideInAPackage(GATEWAY + "..").and(not(resideInAnyPackage(allowed)));
    }

    private static Stream<String> named(String part) {
        return NAME.matcher(part).results().map(found -> GATEWAY + "." + found.group(1) + "..");
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = ROW.matcher(Files.readString(MAP))
                .results()
                .map(ArchitectureMapTest::row)
                .toList();
        assertThat(rows.stream().collect(Collectors.toMap(Row::name, Function.identity())))
                .hasSizeGreaterThan(30);
        return rows;
    }

    private static Row row(MatchResult found) {
        String name = found.group(1) == null ? "" : found.group(1);
        return new Row(name, found.group(2), found.group(3), found.group(4), Path.of(found.group(5)));
    }

    private static String plain(String javadoc) {
        return javadoc.replaceAll("\\n \\*", "\n").replaceAll("\\s+", " ").strip();
    }
}
