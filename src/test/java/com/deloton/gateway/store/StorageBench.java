package com.deloton.gateway.store;

import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.Warehouse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Bytes for each reading of ended rides: of the tables with their indexes, of each index, and of forms in which the series
 * could be stored, with the time to write and to read all of them in one session. {@code -Dstorage.messages} sets the
 * messages, of 100 bikes: tables and indexes have whole pages, which weigh less the more rides there are.
 */
@Tag("bench")
class StorageBench {
    private static final int BIKES = 100;
    private static final int MESSAGES = Integer.getInteger("storage.messages", 1_000_000);
    private static final int ROUNDS = 3;
    private static final List<String> COLUMNS =
            List.of("delay_ms", "heart_rate_bpm", "cadence_rpm", "resistance", "power_w");

    private static final String READ = """
            SELECT count(*), sum(v.heart_rate), sum(v.cadence), sum(v.resistance), sum(v.power_w)
            FROM %s t CROSS JOIN LATERAL unnest(t.delay_ms, t.heart_rate_bpm, t.cadence_rpm, t.resistance, t.power_w)
                AS v (delay_ms, heart_rate, cadence, resistance, power_w) WHERE v.delay_ms IS NOT NULL""";

    private static final String READ_BYTES =
            READ.replaceAll("sum\\(v\\.(heart_rate|cadence)\\)", "sum(v.$1::integer & 255)");

    private static final String READ_DIFFERENCES = """
            SELECT count(*), sum(heart_rate), sum(cadence), sum(resistance), sum(power_w) FROM (
                SELECT v.delay_ms, sum(v.heart_rate::integer) OVER ride & 255 AS heart_rate,
                    sum(v.cadence::integer) OVER ride & 255 AS cadence, v.resistance, v.power_w
                FROM %s t CROSS JOIN LATERAL unnest(t.delay_ms, t.heart_rate_bpm, t.cadence_rpm, t.resistance, t.power_w)
                    WITH ORDINALITY AS v (delay_ms, heart_rate, cadence, resistance, power_w, slot)
                WINDOW ride AS (PARTITION BY t.ride_id ORDER BY v.slot)
            ) d WHERE delay_ms IS NOT NULL""";

    /**
     * A form of the series.
     *
     * @param values SQL of heart rate or cadence, from the column's name
     * @param read SQL that reads all values, from the table's name
     */
    private record Form(String name, String compression, String values, String read) {
        String table() {
            return "series_" + name.replace(' ', '_');
        }
    }

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
        double readings = warehouse.count("SELECT sum(readings) FROM ride WHERE status <> 'open'");
        System.out.printf(
                "%,.0f readings of %,d ended rides%n",
                readings, warehouse.count("SELECT count(*) FROM ride WHERE status <> 'open'"));
        double total = 0;
        for (String table : List.of("ride_series", "ride_minutes", "ride_minute", "ride")) {
            double bytes = size(warehouse, table) / readings;
            total += bytes;
            System.out.printf("| %s | %.2f B |%n", table, bytes);
        }
        System.out.printf("| together | %.2f B |%n", total);
        warehouse
                .rows("""
                        SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) FROM pg_index
                        WHERE indrelid IN ('ride'::regclass, 'ride_minutes'::regclass) ORDER BY 2 DESC""")
                .forEach(index ->
                        System.out.printf("| %s | %.2f B |%n", index.getFirst(), (Long) index.getLast() / readings));
        List<Form> forms = forms(warehouse);
        for (int round = 0; round < ROUNDS; round++) {
            for (Form form : forms) {
                long begin = System.nanoTime();
                write(warehouse, form);
                long written = System.nanoTime();
                warehouse.count(form.read().formatted(form.table()));
                System.out.printf(
                        "| %s | %.2f B | written in %d ms | read in %d ms |%n",
                        form.name(),
                        size(warehouse, form.table()) / readings,
                        (written - begin) / 1_000_000,
                        (System.nanoTime() - written) / 1_000_000);
            }
        }
        for (Form form : forms) {
            for (String column : COLUMNS) {
                System.out.printf(
                        "| %s | %s | %.2f B |%n",
                        form.name(),
                        column,
                        warehouse.count("SELECT sum(pg_column_size(%s)) FROM %s".formatted(column, form.table()))
                                / readings);
            }
        }
    }

    /** The stored form under each compression that the server offers, and two smaller ones under pglz. */
    private static List<Form> forms(Warehouse warehouse) {
        List<Form> forms = new ArrayList<>(warehouse.rows("""
                        SELECT unnest(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'""").stream()
                .map(row -> (String) row.getFirst())
                .map(compression -> new Form(compression, compression, "%s || '{}'", READ))
                .toList());
        forms.add(new Form("bytes", "pglz", """
                ARRAY(SELECT ((v + 128) %% 256 - 128)::"char" FROM unnest(%s::integer[]) WITH ORDINALITY u (v, slot)
                    ORDER BY slot)""", READ_BYTES));
        forms.add(new Form("differences", "pglz", """
                ARRAY(SELECT ((v - before + 384) %% 256 - 128)::"char" FROM (
                    SELECT slot, coalesce(v, 0) AS v, lag(coalesce(v, 0), 1, 0) OVER (ORDER BY slot) AS before
                    FROM unnest(%s::integer[]) WITH ORDINALITY u (v, slot)) d ORDER BY slot)""", READ_DIFFERENCES));
        return forms;
    }

    private static void write(Warehouse warehouse, Form form) {
        String table = form.table();
        warehouse.execute("DROP TABLE IF EXISTS " + table);
        warehouse.execute("""
                CREATE TABLE %s AS SELECT day, ride_id, first_s, zero_at, delay_ms, %s AS heart_rate_bpm, %s AS cadence_rpm,
                    resistance, power_w, cleaned_s FROM ride_series WITH NO DATA""".formatted(
                table, form.values().formatted("heart_rate_bpm"), form.values().formatted("cadence_rpm")));
        COLUMNS.forEach(column -> warehouse.execute(
                "ALTER TABLE %s ALTER COLUMN %s SET COMPRESSION %s".formatted(table, column, form.compression())));
        warehouse.execute("""
                INSERT INTO %s SELECT day, ride_id, first_s, zero_at, delay_ms || '{}', %s, %s, resistance || '{}',
                    power_w || '{}', cleaned_s FROM ride_series""".formatted(
                table, form.values().formatted("heart_rate_bpm"), form.values().formatted("cadence_rpm")));
    }

    /** Of a table or of its partitions, indexes included. */
    private static long size(Warehouse warehouse, String table) {
        return warehouse.count("""
                SELECT sum(pg_total_relation_size(relid)) FROM (
                    SELECT relid FROM pg_partition_tree('%1$s') UNION SELECT '%1$s'::regclass) t""".formatted(table));
    }
}
