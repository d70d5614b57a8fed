package com.deloton.archive;

import static com.deloton.archive.ArchiveFixture.DAY;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Bytes per reading in PostgreSQL and in the archive: {@code mvn -q test -Dtest=ArchiveSizeBench -Dbench.rides=420}. */
@EnabledIfSystemProperty(named = "bench.rides", matches = "\\d+")
class ArchiveSizeBench {
    private static final int SECONDS = 2_400;

    @TempDir
    private Path warehouse;

    /** Rides of 40 minutes: intervals of power and heart rate with noise on each second, cadence and resistance in steps. */
    @Test
    void bytesPerReading() throws Exception {
        try (ArchiveFixture fixture = new ArchiveFixture(warehouse)) {
            int rides = Integer.parseInt(System.getProperty("bench.rides"));
            fixture.rides(DAY, 1, rides, 1);
            fixture.execute("""
                    DELETE FROM ride_series;
                    INSERT INTO ride_series (day, ride_id, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm, resistance,
                        power_w)
                    SELECT '%1$s', n, 1, '%1$s 10:00:00Z',
                        array_agg((random() * 30)::integer ORDER BY s),
                        array_agg((120 + 30 * sin(s / 240.0 + n) + random() * 2)::smallint ORDER BY s),
                        array_agg((75 + s / 60 %% 20 + random() * 4)::smallint ORDER BY s),
                        array_agg((30 + s / 60 %% 9)::smallint ORDER BY s),
                        array_agg(round((150 + 60 * sin(s / 240.0 + n) + random() * 20)::numeric, 1)::real ORDER BY s)
                    FROM generate_series(1, %2$d) n, generate_series(1, %3$d) s GROUP BY n""".formatted(DAY, rides, SECONDS));

            long started = System.nanoTime();
            fixture.run().day(DAY);
            long millis = (System.nanoTime() - started) / 1_000_000;

            List<Object> bytes = fixture.row("SELECT readings, bytes, pg_total_relation_size('ride_series_"
                    + DAY.toString().replace("-", "") + "') FROM archived_day");
            long readings = (Long) bytes.getFirst();
            System.out.printf(
                    "%d readings: %.2f bytes per reading in the archive with its rides, %.2f in PostgreSQL; exported in %d ms%n",
                    readings, (Long) bytes.get(1) / (double) readings, (Long) bytes.get(2) / (double) readings, millis);
        }
    }
}
