package com.deloton.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.RecordedStream;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** A warehouse with data at the first version of the schema, migrated to the newest. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UpgradeIT {
    private static final int RECORDS = 6_000;
    private static final int AT_UPGRADE = 4_000;
    /** Parents before children. */
    private static final List<String> TABLES = List.of(
            "ingest_position", "rider", "bike", "ride", "reading_chunk", "ride_series", "ride_minute", "quarantine");

    /** Stands for the table of the first version or the view of the newest. */
    private static final String MINUTES = "minutes_of_rides";

    private static final String MINUTE_FIGURES = """
            minute, readings, energy_kj, power_mean_w, power_max_w, heart_rate_mean_bpm, heart_rate_max_bpm,
            heart_rate_measured_s, cadence_mean_rpm, resistance_mean""";

    private static final Map<String, String> FIGURES = new TreeMap<>(Map.of(
            "readings",
            "SELECT * FROM reading ORDER BY ride_id, elapsed_s",
            "rides",
            "SELECT ride_id, status, started_at, ended_at, readings, energy_kj FROM ride ORDER BY ride_id",
            "minutes",
            "SELECT day, ride_id, %s FROM %s ORDER BY 1, 2, 3".formatted(MINUTE_FIGURES, MINUTES),
            "riders",
            "SELECT rider_id, name, gender FROM rider ORDER BY 1",
            "positions",
            "SELECT topic, partition, next_offset, epoch FROM ingest_position ORDER BY 1, 2"));

    private final IngestFixture current = new IngestFixture();
    private final Database old = TestServers.freshDatabase();

    @AfterEach
    void close() throws Exception {
        current.close();
    }

    @Test
    void everyFigureSurvivesAllMigrationsAndTheGatewayContinues() throws Exception {
        RecordedStream stream = RecordedStream.of(IngestFixture.ABNORMAL.withMessages(RECORDS));
        stream.send(current.topic, 0, AT_UPGRADE);
        current.start();
        current.warehouse.awaitRecords(current.topic, AT_UPGRADE);
        current.renew();
        migrate("1");
        copyIntoTheOldSchema();
        Map<String, List<List<Object>>> before = figures(new Warehouse(old));
        assertThat(before.values()).allSatisfy(rows -> assertThat(rows).isNotEmpty());

        migrate("latest");

        Warehouse upgraded = new Warehouse(old);
        assertThat(figures(upgraded)).isEqualTo(before).isEqualTo(figures(current.warehouse));
        assertThat(upgraded.rows("SELECT ride_key, energy_kj FROM analytics.fact_ride ORDER BY 1"))
                .isNotEmpty()
                .isEqualTo(current.warehouse.rows("SELECT ride_key, energy_kj FROM analytics.fact_ride ORDER BY 1"));

        stream.send(current.topic, AT_UPGRADE, RECORDS);
        IngestFixture gateway = new IngestFixture(upgraded, current.topic);
        try {
            gateway.start();
            upgraded.awaitRecords(current.topic, RECORDS);
        } finally {
            gateway.close();
        }
        upgraded.equalsLedger(stream.ledger());
    }

    private void migrate(String target) {
        Flyway.configure()
                .dataSource(old.jdbcUrl(), old.user(), old.password())
                .locations("classpath:migrations")
                .target(target)
                .load()
                .migrate();
    }

    private static Map<String, List<List<Object>>> figures(Warehouse warehouse) {
        Map<String, List<List<Object>>> figures = new TreeMap<>();
        String minutes = warehouse
                .rows("SELECT coalesce(to_regclass('minute'), to_regclass('ride_minute'))::text")
                .getFirst()
                .getFirst()
                .toString();
        FIGURES.forEach((name, sql) -> figures.put(name, warehouse.rows(sql.replace(MINUTES, minutes))));
        return figures;
    }

    /** The columns that the first version has: what a gateway of that version would have stored. */
    private void copyIntoTheOldSchema() throws SQLException, IOException {
        Warehouse target = new Warehouse(old);
        current.warehouse
                .rows("SELECT DISTINCT day FROM ride_series")
                .forEach(row -> target.rows("SELECT ensure_day('" + row.getFirst() + "')::text"));
        try (Connection from = current.warehouse.database().connect();
                Connection to = old.connect()) {
            CopyManager source = from.unwrap(PGConnection.class).getCopyAPI();
            CopyManager sink = to.unwrap(PGConnection.class).getCopyAPI();
            for (String table : TABLES) {
                String columns =
                        target.rows("""
                                SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
                                FROM information_schema.columns
                                WHERE table_schema = 'public' AND table_name = '%s' AND is_generated = 'NEVER'""".formatted(table)).getFirst().getFirst().toString();
                ByteArrayOutputStream rows = new ByteArrayOutputStream();
                String origin = table.equals("ride_minute") ? "minute" : table;
                source.copyOut("COPY (SELECT %s FROM %s) TO STDOUT".formatted(columns, origin), rows);
                sink.copyIn(
                        "COPY %s (%s) FROM STDIN".formatted(table, columns),
                        new ByteArrayInputStream(rows.toByteArray()));
            }
        }
    }
}
