package com.deloton.gateway.store;

import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.Warehouse;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Bytes for each reading of ended rides: of the tables with their indexes, of each index of rides, and of the series columns under each compression
 * that the server offers (the embedded one offers pglz), with the time to write and to read all of them in one session.
 */
@Tag("bench")
class StorageBench {
    private static final int BIKES = 100;
    private static final int MESSAGES = 1_000_000;
    private static final int ROUNDS = 5;
    private static final List<String> COLUMNS =
            List.of("delay_ms", "heart_rate_bpm", "cadence_rpm", "resistance", "power_w");

    @Test
    void bytesForEachReading() throws Exception {
        IngestFixture fixture = new IngestFixture();
        try {
            fixture.start();
            fixture.ride(FleetOptions.defaults()
                    .withBikes(BIKES)
                    .withMessages(MESSAGES)
                    .withSpeed(Double.POSITIVE_INFINITY));
            measure(fixture.warehouse);
        } finally {
            fixture.close();
        }
    }

    private static void measure(Warehouse warehouse) {
        warehouse.execute("VACUUM (ANALYZE, FREEZE)");
        long readings = warehouse.count("SELECT sum(readings) FROM ride WHERE status <> 'open'");
        System.out.printf(
                "%,d readings of %,d ended rides%n",
                readings, warehouse.count("SELECT count(*) FROM ride WHERE status <> 'open'"));
        for (String table : List.of("ride_series", "ride_minute", "ride")) {
            System.out.printf("| %s | %.2f B |%n", table, size(warehouse, table) / (double) readings);
        }
        warehouse
                .rows("""
                        SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) FROM pg_index
                        WHERE indrelid = 'ride'::regclass ORDER BY 2 DESC""")
                .forEach(index -> System.out.printf(
                        "| %s | %.2f B |%n", index.getFirst(), (Long) index.getLast() / (double) readings));
        List<String> compressions =
                warehouse.rows("""
                        SELECT unnest(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'""").stream().map(row -> (String) row.getFirst()).toList();
        for (int round = 0; round < ROUNDS; round++) {
            for (String compression : compressions) {
                String table = "series_" + compression;
                warehouse.execute("DROP TABLE IF EXISTS " + table);
                warehouse.execute("CREATE TABLE %s (LIKE ride_series)".formatted(table));
                COLUMNS.forEach(column -> warehouse.execute(
                        "ALTER TABLE %s ALTER COLUMN %s SET COMPRESSION %s".formatted(table, column, compression)));
                long begin = System.nanoTime();
                warehouse.execute("""
                        INSERT INTO %s SELECT day, ride_id, first_s, zero_at, delay_ms || '{}', heart_rate_bpm || '{}',
                            cadence_rpm || '{}', resistance || '{}', power_w || '{}' FROM ride_series""".formatted(table));
                long written = System.nanoTime();
                warehouse.count("""
                        SELECT sum(cardinality(delay_ms || '{}') + cardinality(heart_rate_bpm || '{}')
                            + cardinality(cadence_rpm || '{}') + cardinality(resistance || '{}')
                            + cardinality(power_w || '{}')) FROM %s""".formatted(table));
                System.out.printf(
                        "| %s | %.2f B | written in %d ms | read in %d ms |%n",
                        compression,
                        size(warehouse, table) / (double) readings,
                        (written - begin) / 1_000_000,
                        (System.nanoTime() - written) / 1_000_000);
            }
        }
        for (String compression : compressions) {
            for (String column : COLUMNS) {
                System.out.printf(
                        "| %s | %s | %.2f B |%n",
                        compression,
                        column,
                        warehouse.count("SELECT sum(pg_column_size(%s)) FROM series_%s".formatted(column, compression))
                                / (double) readings);
            }
        }
    }

    /** Of a table or of its partitions, indexes included. */
    private static long size(Warehouse warehouse, String table) {
        return warehouse.count("""
                SELECT sum(pg_total_relation_size(relid)) FROM (
                    SELECT relid FROM pg_partition_tree('%1$s') UNION SELECT '%1$s'::regclass) t""".formatted(table));
    }
}
