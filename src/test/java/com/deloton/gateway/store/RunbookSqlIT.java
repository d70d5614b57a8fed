package com.deloton.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.deloton.gateway.testing.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The SQL of {@code docs/operations.md} against the schema of this version. */
class RunbookSqlIT {
    private static final Pattern SQL = Pattern.compile("`((?:select|UPDATE)\\s[^`]*)`");

    @Test
    void everyStatementOfTheRunbookRuns() throws IOException {
        List<String> statements = SQL.matcher(Files.readString(Path.of("docs/operations.md")))
                .results()
                .map(found -> found.group(1))
                .toList();
        Warehouse warehouse = Warehouse.fresh();

        assertThat(statements).hasSizeGreaterThan(6);
        assertThat(statements)
                .allSatisfy(sql -> assertThatCode(() -> warehouse.execute(sql)).doesNotThrowAnyException());
    }
}
