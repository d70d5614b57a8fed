package com.deloton.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** While a release rolls out, gateways of the version before run on the new schema: a migration must only add to it. */
class MigrationsAreAdditiveTest {
    private static final Pattern BREAKING = Pattern.compile(
            "(?i)\\bDROP\\s+(TABLE|VIEW|FUNCTION|COLUMN|SCHEMA|ROLE)\\b|\\bRENAME\\s+(TO|COLUMN)\\b|\\bALTER\\s+COLUMN\\s+\\w+\\s+(SET\\s+DATA\\s+)?TYPE\\b"
                    + "|\\bSET\\s+NOT\\s+NULL\\b|\\bADD\\s+COLUMN\\s+(?![^,;]*DEFAULT)(?![^,;]*GENERATED)[^,;]*\\bNOT\\s+NULL\\b");

    /** What breaks on purpose, and how; the changelog says so. */
    private static final Map<String, String> KNOWN =
            Map.of("V45__erasure.sql", "an earlier gateway cannot erase riders until it is replaced");

    /** In functions, tables that are made by the program are dropped by it. */
    private static final Pattern DYNAMIC = Pattern.compile("(?i)EXECUTE\\s+format\\([^;]*;");

    private static final Pattern COMMENT = Pattern.compile("(?m)--.*$");

    static List<Path> migrations() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("migrations"))) {
            return files.filter(file -> !KNOWN.containsKey(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("migrations")
    void aMigrationOnlyAdds(Path migration) throws IOException {
        assertThat(breaking(Files.readString(migration)))
                .as(migration.toString())
                .isEmpty();
    }

    @Test
    void theKnownExceptionsAreInTheChangelog() throws IOException {
        assertThat(Files.readString(Path.of("CHANGELOG.md")).replaceAll("\\s+", " "))
                .contains("Gateways of earlier versions cannot erase riders once the schema is migrated.");
        assertThat(KNOWN.keySet())
                .allSatisfy(name -> assertThat(Path.of("migrations", name)).exists());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE ride;",
                "ALTER TABLE ride DROP COLUMN status;",
                "ALTER TABLE ride RENAME COLUMN status TO state;",
                "ALTER TABLE ride ALTER COLUMN status TYPE integer;",
                "ALTER TABLE ride ALTER COLUMN status SET NOT NULL;",
                "ALTER TABLE ride ADD COLUMN note text NOT NULL;"
            })
    void whatBreaksTheVersionBeforeIsFound(String sql) {
        assertThat(breaking(sql)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE ride ADD COLUMN note text NOT NULL DEFAULT '';",
                "ALTER TABLE ride ADD COLUMN note text;",
                "ALTER TABLE alert_attempt DROP CONSTRAINT alert_attempt_outcome_check;",
                "-- DROP TABLE ride"
            })
    void whatOnlyAddsIsNot(String sql) {
        assertThat(breaking(sql)).isEmpty();
    }

    private static List<String> breaking(String sql) {
        String plain = DYNAMIC.matcher(COMMENT.matcher(sql).replaceAll("")).replaceAll("");
        return BREAKING.matcher(plain).results().map(match -> match.group()).toList();
    }
}
