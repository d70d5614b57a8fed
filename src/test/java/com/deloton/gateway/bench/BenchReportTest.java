package com.deloton.gateway.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReportTest {
    @TempDir
    Path directory = Path.of("");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void printsEachRoundTheMediansAndTheLastRelease() throws IOException {
        Files.writeString(lastRelease(), """
                {"fleet": {"release": "1.0.0", "medians": [{"bikes": 10, "cpu": 4.0}, {"bikes": 20, "cpu": 9.0}]}}""");

        run(null, row(10, 1), row(10, 5), row(10, 2));

        assertThat(printed.toString(UTF_8)).isEqualToNormalizingNewlines("""
                | bikes | cpu | once |
                |---|---|---|
                | 10 | 1.00 | true |
                | 10 | 5.00 | true |
                | 10 | 2.00 | true |

                fleet, medians:
                | bikes | cpu | once |
                |---|---|---|
                | 10 | 2.00 | true |

                fleet, beside 1.0.0:
                | bikes | figure | last release | now | ratio |
                |---|---|---|---|---|
                | 10 | cpu | 4.00 | 2.00 | 0.50 |
                """);
    }

    @Test
    void mediansOfManyFiguresAreColumns() {
        JsonObject ten = row(10, 1);
        JsonObject twenty = row(20, 2_000);
        for (int i = 0; i < 9; i++) {
            ten.put("figure" + i, i);
        }

        run(null, ten, twenty);

        assertThat(printed.toString(UTF_8)).containsIgnoringNewLines("""
                fleet, medians:
                | figure | 10 | 20 |
                |---|---|---|
                | cpu | 1.00 | 2,000 |
                | once | true | true |
                | figure0 | 0.00 |  |
                """);
    }

    @Test
    void theJsonHasTheMediansAndAllRounds() throws IOException {
        run(null, row(10, 1), row(20, 7), row(10, 2), row(20, 8));

        JsonObject json = new JsonObject(Files.readString(directory.resolve("fleet-bench.json")));
        assertThat(json.getJsonArray("medians")).isEqualTo(new JsonArray(List.of(row(10, 1.5), row(20, 7.5))));
        assertThat(json.getJsonArray("rounds")).hasSize(4);
        assertThat(lastRelease()).doesNotExist();
    }

    @Test
    void aReleaseReplacesOnlyTheFiguresOfItsOwnBenchmark() throws IOException {
        Files.writeString(lastRelease(), """
                {"fleet": {"release": "1.0.0", "medians": []}, "storage": {"release": "1.0.0", "medians": []}}""");

        run("1.1.0", row(10, 3));

        assertThat(new JsonObject(Files.readString(lastRelease()))).isEqualTo(new JsonObject("""
                {"fleet": {"release": "1.1.0", "medians": [{"bikes": 10, "cpu": 3.0, "once": true}]},
                 "storage": {"release": "1.0.0", "medians": []}}"""));
    }

    private void run(@Nullable String release, JsonObject... rows) {
        try (BenchReport report = new BenchReport(
                "fleet", List.of("bikes"), new PrintStream(printed, true, UTF_8), directory, lastRelease(), release)) {
            report.addAll(List.of(rows));
        }
    }

    private Path lastRelease() {
        return directory.resolve("last-release.json");
    }

    private static JsonObject row(int bikes, double cpu) {
        return new JsonObject().put("bikes", bikes).put("cpu", cpu).put("once", true);
    }
}
