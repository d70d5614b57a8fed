package com.deloton.gateway.store;

import com.deloton.gateway.bench.PostgresCpu;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The bytes of ended rides in a warehouse, in the stored form of the series and in others. */
final class StorageRun implements AutoCloseable {
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

    private final IngestFixture fixture;
    private final Warehouse warehouse;
    private final double readings;

    private StorageRun(IngestFixture fixture) {
        this.fixture = fixture;
        warehouse = fixture.warehouse;
        readings = warehouse.count("SELECT coalesce(sum(readings), 0) FROM ride WHERE status <> 'open'");
        if (readings == 0) {
            throw new IllegalStateException(
                    "no ride has ended; expected more messages, for example 10,000 for each bike");
        }
    }

    /** Ingests messages of bikes that take turns. */
    static StorageRun filled(int bikes, int messages) throws Exception {
        IngestFixture fixture = new IngestFixture();
        fixture.start();
        fixture.ride(
                FleetOptions.defaults().withBikes(bikes).withMessages(messages).withSpeed(Double.POSITIVE_INFINITY));
        fixture.warehouse.execute("VACUUM (ANALYZE, FREEZE)");
        return new StorageRun(fixture);
    }

    Warehouse warehouse() {
        return warehouse;
    }

    /** The bytes of each table with its indexes, of all of them, and of each index. */
    List<JsonObject> sizes() {
        List<JsonObject> rows = new ArrayList<>();
        double total = 0;
        for (String table : List.of("ride_series", "ride_minutes", "ride_minute", "ride")) {
            double bytes = size(table);
            total += bytes;
            rows.add(bytes("table", table, bytes));
        }
        rows.add(bytes("table", "together", total));
        warehouse
                .rows("""
                        SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) FROM pg_index
                        WHERE indrelid IN ('ride'::regclass, 'ride_minutes'::regclass) ORDER BY 2 DESC""")
                .forEach(index ->
                        rows.add(bytes("index", String.valueOf(index.getFirst()), (Long) index.getLast() / readings)));
        return rows;
    }

    /** The time that it takes to write and to read each form, and the readings that were read. */
    List<JsonObject> forms() {
        PostgresCpu postgres = PostgresCpu.of(warehouse.database());
        List<JsonObject> rows = new ArrayList<>();
        for (Form form : allForms()) {
            double cpu = postgres.seconds();
            long begin = System.nanoTime();
            write(form);
            long written = System.nanoTime();
            double cpuWritten = postgres.seconds();
            long read = warehouse.count(form.read().formatted(form.table()));
            rows.add(bytes("form", form.name(), size(form.table()))
                    .put("readings", read)
                    .put("writtenMs", (written - begin) / 1e6)
                    .put("readMs", (System.nanoTime() - written) / 1e6)
                    .put("postgresCpuWrittenS", cpuWritten - cpu)
                    .put("postgresCpuReadS", postgres.seconds() - cpuWritten));
        }
        return rows;
    }

    /** The bytes of each column in each form, once {@link #forms} has written them. */
    List<JsonObject> columns() {
        List<JsonObject> rows = new ArrayList<>();
        for (Form form : allForms()) {
            for (String column : COLUMNS) {
                rows.add(bytes(
                        "column",
                        form.name() + " " + column,
                        warehouse.count("SELECT sum(pg_column_size(%s)) FROM %s".formatted(column, form.table()))
                                / readings));
            }
        }
        return rows;
    }

    private static JsonObject bytes(String kind, String name, double bytes) {
        return new JsonObject().put("kind", kind).put("name", name).put("bytesPerReading", bytes);
    }

    /** The stored form under each compression that the server offers, and two smaller ones under pglz. */
    private List<Form> allForms() {
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

    private void write(Form form) {
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

    /** Bytes for each reading, of a table or of its partitions, indexes included. */
    private double size(String table) {
        return warehouse.count("""
                SELECT sum(pg_total_relation_size(relid)) FROM (
                    SELECT relid FROM pg_partition_tree('%1$s') UNION SELECT '%1$s'::regclass) t""".formatted(table)) / readings;
    }

    @Override
    public void close() {
        try {
            fixture.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
