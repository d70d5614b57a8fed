package com.deloton.archive;

import static com.deloton.archive.ArchiveFixture.DAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    /** The totals of a day's readings, in SQL that PostgreSQL and DuckDB share but for the lists' elements. */
    private static final String TOTALS = """
            SELECT count(*)::bigint, sum(delay)::bigint, sum(bpm)::bigint, sum(rpm)::bigint, sum(resist)::bigint,
                round(sum(power::double precision)::numeric, 3)::text
            FROM (SELECT unnest(delay_ms) AS delay, unnest(heart_rate_bpm) AS bpm, unnest(cadence_rpm) AS rpm,
                unnest(resistance) AS resist, unnest(power_w) AS power FROM %s) x
            WHERE delay IS NOT NULL""";

    @TempDir
    private Path warehouse;

    private ArchiveFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ArchiveFixture(warehouse);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void duckDbFindsTheTotalsOfPostgresInTheArchive() throws Exception {
        fixture.rides(DAY, 1, 20, 600);
        fixture.rides(DAY.plusDays(1), 101, 3, 200);

        assertThat(fixture.run().closed()).isEqualTo(2);

        try (IcebergCatalog catalog = fixture.catalog()) {
            assertThat(DuckDb.row(DuckDb.files(catalog.table(ArchivedTable.READINGS)), TOTALS.formatted("archived"))
                            .toString())
                    .isEqualTo(fixture.row(TOTALS.formatted("ride_series")).toString());
            String rides =
                    "SELECT count(*)::bigint, sum(rider_id)::text, sum(energy_kj)::double precision, min(bike_serial),"
                            + " min(started_at)::text, sum(zone_s[1])::bigint FROM ";
            assertThat(DuckDb.row(DuckDb.files(catalog.table(ArchivedTable.RIDE)), rides + "archived")
                            .subList(0, 4)
                            .toString())
                    .isEqualTo(fixture.row(rides + "ride").subList(0, 4).toString());
        }
        assertThat(fixture.row("SELECT count(*), sum(rides), sum(series), sum(readings) FROM archived_day"
                                + " WHERE archived_at IS NOT NULL AND changed_at IS NULL")
                        .toString())
                .isEqualTo(List.of(2, 23, 23, 20 * 588 + 3 * 196).toString());
    }

    @Test
    void aRideOverMidnightIsWholeOnTheDayOfItsStart() throws Exception {
        fixture.rides(DAY, 1, 1, 300);
        fixture.execute(
                "UPDATE ride SET started_at = '%1$s 23:58:00Z'; UPDATE ride_series SET zero_at = '%1$s 23:58:00Z'"
                        .formatted(DAY));

        fixture.run().closed();

        try (IcebergCatalog catalog = fixture.catalog()) {
            Table table = catalog.table(ArchivedTable.READINGS);
            try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
                assertThat(rows).singleElement().satisfies(row -> {
                    assertThat(row.getField("day")).isEqualTo(DAY);
                    assertThat((List<?>) row.getField("delay_ms")).hasSize(300);
                });
            }
        }
    }

    @Test
    void aDayExportedTwiceIsThereOnce() throws Exception {
        fixture.rides(DAY, 1, 4, 100);

        fixture.run().day(DAY);
        fixture.run().day(DAY);

        assertThat(rows(ArchivedTable.READINGS)).isEqualTo(4);
        assertThat(rows(ArchivedTable.RIDE)).isEqualTo(4);
        assertThat(filesOnDisk(".parquet")).hasSize(2);
        assertThat(fixture.run().closed()).isZero();
    }

    @Test
    void ofRunsAtTheSameTimeOneWorksAndTheOthersChangeNothing() throws Exception {
        fixture.rides(DAY, 1, 4, 100);
        try (DayLedger other = new DayLedger(fixture.postgres())) {
            assertThatThrownBy(() -> fixture.run().closed())
                    .hasMessage("Another archive run is at work; this one has changed nothing.");
            assertThat(other.due(Duration.ZERO)).hasSize(1);
        }

        List<CompletableFuture<Boolean>> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            runs.add(CompletableFuture.supplyAsync(() -> {
                try {
                    fixture.run().day(DAY);
                    return true;
                } catch (ArchiveException e) {
                    return false;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }

        assertThat(runs.stream().filter(CompletableFuture::join)).isNotEmpty();
        assertThat(rows(ArchivedTable.READINGS)).isEqualTo(4);
        assertThat(rows(ArchivedTable.RIDE)).isEqualTo(4);
    }

    @Test
    void aRunThatEndsBetweenCommitAndMarkIsRepeatedAndNothingIsDeletedMeanwhile() throws Exception {
        fixture.rides(DAY, 1, 4, 100);
        failMarks();
        assertThatThrownBy(() -> fixture.run().closed()).hasMessageContaining("power failure");

        fixture.dropReadings();
        assertThat(rows(ArchivedTable.READINGS)).isEqualTo(4);
        assertThat(fixture.number("SELECT count(*) FROM ride_series")).isEqualTo(4);

        fixture.execute("DROP TRIGGER fail ON archived_day");
        assertThat(fixture.run().closed()).isEqualTo(1);
        assertThat(rows(ArchivedTable.READINGS)).isEqualTo(4);

        fixture.dropReadings();
        fixture.erase(ArchiveFixture.rider(2));
        failMarks();
        assertThatThrownBy(() -> fixture.run().closed()).hasMessageContaining("power failure");
        fixture.execute("DROP TRIGGER fail ON archived_day");
        assertThat(fixture.run().closed()).isEqualTo(1);
        assertThat(rows(ArchivedTable.READINGS)).isEqualTo(3);
    }

    /** Makes the statement fail that marks a day as archived. */
    private void failMarks() {
        fixture.execute("""
                CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN RAISE EXCEPTION ''power failure''; END';
                CREATE TRIGGER fail BEFORE UPDATE ON archived_day
                    FOR EACH ROW WHEN (NEW.archived_at IS NOT NULL AND OLD.archived_at IS NULL) EXECUTE FUNCTION fail()""");
    }

    @Test
    void aCopyThatDiffersFromTheDatabaseIsRefused() throws Exception {
        fixture.rides(DAY, 1, 3, 3);
        // Lists have no lower bound, so that the copy of this array cannot be equal.
        fixture.execute("UPDATE ride_series SET heart_rate_bpm = '[0:2]={1,2,3}' WHERE ride_id = 2");
        fixture.rides(DAY.plusDays(1), 11, 2, 10);

        assertThatThrownBy(() -> fixture.run().closed())
                .isInstanceOf(ArchiveException.class)
                .hasMessageMatching(DAY + " was not exported: the copy of ride_readings has 3 rows, 9 readings,"
                        + " checksum \\d+, expected 3 rows, 9 readings, checksum \\d+\\.");

        assertThat(filesOnDisk(".parquet"))
                .as("the files of the other day")
                .hasSize(2)
                .allMatch(file -> file.toString().contains("day=" + DAY.plusDays(1)));
        fixture.dropReadings();
        assertThat(fixture.number("SELECT count(*) FROM ride_series")).isEqualTo(3);
    }

    @Test
    void aDamagedArchiveIsNotCopied() throws Exception {
        fixture.rides(DAY, 1, 3, 60);
        fixture.run().closed();
        fixture.dropReadings();
        fixture.execute("UPDATE archived_day SET series_checksum = '4826', changed_at = now()");

        assertThatThrownBy(() -> fixture.run().closed())
                .hasMessageStartingWith(
                        DAY
                                + " was not exported: the archive's readings of the day are damaged: found 3 rows, 177 readings");

        assertThat(rows(ArchivedTable.READINGS)).isEqualTo(3);
    }

    @Test
    void aRideThatArrivesAfterTheReadingsWereDeletedIsAddedToThem() throws Exception {
        fixture.rides(DAY, 1, 5, 100);
        fixture.run().closed();
        fixture.dropReadings();
        assertThat(fixture.number("SELECT count(*) FROM ride_series")).isZero();
        fixture.rides(DAY, 50, 1, 100);
        fixture.dropReadings();
        assertThat(fixture.number("SELECT count(*) FROM ride_series")).isEqualTo(1);

        assertThat(fixture.run().closed()).isEqualTo(1);

        assertThat(rows(ArchivedTable.READINGS)).isEqualTo(6);
        assertThat(rows(ArchivedTable.RIDE)).isEqualTo(6);
        fixture.dropReadings();
        assertThat(fixture.number("SELECT count(*) FROM ride_series")).isZero();
    }

    @Test
    void aDayIsNotClosedWhileARideIsOpen() throws Exception {
        fixture.rides(DAY, 1, 2, 100);
        fixture.execute("UPDATE ride SET status = 'open' WHERE ride_id = 2");

        assertThat(fixture.run().plan()).isEmpty();
        assertThatThrownBy(() -> fixture.run().day(DAY))
                .hasMessage(DAY + " was not exported: 1 of its rides are open; they end at the latest after"
                        + " ingest.abandon-after.");
    }

    @Test
    void anErasedRiderIsInNoFileAfterTheNextRun() throws Exception {
        fixture.rides(DAY, 1, 5, 300);
        fixture.run().closed();
        fixture.dropReadings();
        long rider = ArchiveFixture.rider(3);
        assertThat(parquetRows("ride", "rider_id = " + rider + " OR bike_serial = 'bike-3'"))
                .isEqualTo(1);
        assertThat(parquetRows("ride_readings", "ride_id = 3")).isEqualTo(1);

        fixture.erase(rider);
        assertThat(fixture.run().closed()).isEqualTo(1);

        assertThat(parquetRows("ride", "rider_id = " + rider + " OR bike_serial = 'bike-3'"))
                .isZero();
        assertThat(parquetRows("ride", "ride_id = 3 AND gender = 'unknown' AND age_years IS NULL AND zone_s IS NULL"))
                .isEqualTo(1);
        assertThat(parquetRows("ride_readings", "ride_id = 3")).isZero();
        assertThat(parquetRows("ride_readings", "true")).isEqualTo(4);
        String binary = new String(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(rider)
                        .array(),
                StandardCharsets.ISO_8859_1);
        int metadata = 0;
        for (Path file : filesOnDisk("")) {
            if (!file.toString().endsWith(".parquet")) {
                metadata++;
                assertThat(AvroFiles.content(file)).doesNotContain(binary, Long.toString(rider), "bike-3");
            }
        }
        assertThat(metadata).isGreaterThanOrEqualTo(6);
    }

    @Test
    void aDeletedRideIsDeletedFromTheArchiveAndADayWithoutRidesIsEmpty() throws Exception {
        fixture.rides(DAY, 1, 1, 100);
        fixture.run().closed();
        fixture.dropReadings();

        fixture.row("SELECT delete_ride(1, 'test', 'test')");
        fixture.run().closed();

        assertThat(rows(ArchivedTable.READINGS)).isZero();
        assertThat(rows(ArchivedTable.RIDE)).isZero();
        assertThat(filesOnDisk(".parquet")).isEmpty();
    }

    @Test
    void filesOfRunsThatDidNotEndAreDeleted() throws Exception {
        fixture.rides(DAY, 1, 1, 100);
        fixture.run().closed();
        Path orphan = warehouse.resolve("archive/ride_readings/data/day=" + DAY + "/orphan.parquet");
        Files.writeString(orphan, "unfinished");

        fixture.run().closed();

        assertThat(orphan).doesNotExist();
        assertThat(fixture.console).last().isEqualTo("ride_readings: deleted 1 files of runs that did not end");
        assertThat(rows(ArchivedTable.READINGS)).isEqualTo(1);
    }

    /** Rows of a table, by Iceberg's own reader. */
    private long rows(ArchivedTable archived) throws Exception {
        try (IcebergCatalog catalog = fixture.catalog();
                CloseableIterable<Record> rows =
                        IcebergGenerics.read(catalog.table(archived)).build()) {
            return StreamSupport.stream(rows.spliterator(), false).count();
        }
    }

    /** Rows in all data files on disk, whether a snapshot has them or not. */
    private long parquetRows(String table, String where) throws Exception {
        List<String> files = filesOnDisk(".parquet").stream()
                .map(Path::toString)
                .filter(file -> file.contains("/" + table + "/"))
                .toList();
        return (Long) DuckDb.row(files, "SELECT count(*) FROM archived WHERE " + where)
                .getFirst();
    }

    private List<Path> filesOnDisk(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(warehouse)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending))
                    .toList();
        }
    }
}
