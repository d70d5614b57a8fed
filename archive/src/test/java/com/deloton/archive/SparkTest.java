package com.deloton.archive;

import static com.deloton.archive.ArchiveFixture.DAY;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Spark reads the archive through its catalog in PostgreSQL. Only with {@code -Pspark}, which downloads 330 MB. */
@EnabledIfSystemProperty(named = "spark.libraries", matches = ".+")
class SparkTest {
    private static final long TIME_LIMIT_S = 600;

    @TempDir
    private Path warehouse;

    @Test
    void sparksTotalsEqualThoseOfPostgresql() throws Exception {
        try (ArchiveFixture fixture = new ArchiveFixture(warehouse)) {
            fixture.rides(DAY, 1, 5, 300);
            fixture.rides(DAY.plusDays(1), 11, 2, 300);
            assertThat(fixture.run().closed()).isEqualTo(2);
            List<Object> expected = fixture.row("""
                    SELECT count(*), count(DISTINCT s.ride_id), count(t.delay_ms), sum(t.heart_rate_bpm), sum(t.cadence_rpm),
                        sum(t.power_w::float8)
                    FROM ride_series s, unnest(s.delay_ms, s.heart_rate_bpm, s.cadence_rpm, s.power_w)
                        AS t (delay_ms, heart_rate_bpm, cadence_rpm, power_w)""");

            String[] totals = totals(fixture);

            assertThat(expected.getFirst()).isEqualTo(7 * 300L);
            for (int i = 0; i < 5; i++) {
                assertThat(totals[i]).isEqualTo(expected.get(i).toString());
            }
            assertThat(Double.parseDouble(totals[5]))
                    .isCloseTo((Double) expected.get(5), Percentage.withPercentage(1e-9));
        }
    }

    private static String[] totals(ArchiveFixture fixture) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(System.getProperty("spark.java"), "-Xmx512m", "-XX:+UseSerialGC"));
        Stream.of("java.lang", "java.lang.invoke", "java.net", "java.nio", "java.util", "java.util.concurrent")
                .forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        Stream.of("sun.nio.ch", "sun.security.action", "sun.util.calendar")
                .forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.addAll(List.of(
                "-cp",
                System.getProperty("spark.libraries") + "/*",
                "src/test/spark/SparkTotals.java",
                fixture.catalogUrl(),
                "archiver",
                "archiver",
                fixture.warehouse.toString()));
        Process spark = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(spark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(spark.waitFor(TIME_LIMIT_S, TimeUnit.SECONDS)).isTrue();
            String line = output.lines()
                    .filter(text -> text.startsWith("totals: "))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(output));
            return line.substring("totals: ".length()).split(" ");
        } finally {
            spark.destroyForcibly();
        }
    }
}
