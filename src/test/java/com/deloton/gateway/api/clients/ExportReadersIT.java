package com.deloton.gateway.api.clients;

import static com.deloton.gateway.testing.ApiFixture.ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.deloton.gateway.api.FleetApiFixture;
import com.deloton.gateway.testing.Skipped;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CSV exports in programs of others, which infer the types of columns. */
class ExportReadersIT extends FleetApiFixture {
    @TempDir
    Path folder = Path.of("");

    private Path export(String operation, Object... parameters) throws Exception {
        Path file = folder.resolve(operation + ".csv");
        Files.write(
                file,
                api.respond(ALL, "text/csv", null, operation, parameters).body().getBytes());
        return file;
    }

    private static Map<String, String> types(Statement sql, Path file) throws SQLException {
        Map<String, String> types = new TreeMap<>();
        try (ResultSet columns = sql.executeQuery("DESCRIBE SELECT * FROM '" + file + "'")) {
            while (columns.next()) {
                types.put(columns.getString("column_name"), columns.getString("column_type"));
            }
        }
        return types;
    }

    private static double number(Statement sql, String query) throws SQLException {
        try (ResultSet result = sql.executeQuery(query)) {
            result.next();
            return result.getDouble(1);
        }
    }

    @Test
    void duckDbReadsNumbersAndTimesOfEveryExport() throws Exception {
        JsonObject ride = rideOf(anyBike(), 0);
        Path readings = export("getReadings", "ride", ride.getLong("rideId"));
        Path rides = export("listRides", "limit", 200);
        Path riders = export("listRiders", "limit", 200);
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duckDb.createStatement()) {
            sql.execute("SET TimeZone = 'UTC'");

            assertThat(types(sql, readings))
                    .containsEntry("elapsed_s", "BIGINT")
                    .containsEntry("at", "TIMESTAMP WITH TIME ZONE")
                    .containsEntry("heart_rate_bpm", "BIGINT")
                    .containsEntry("power_w", "DOUBLE");
            assertThat(number(sql, "SELECT sum(power_w) / 1000 FROM '" + readings + "'"))
                    .isCloseTo(ride.getDouble("energyKj"), within(0.01));
            assertThat(types(sql, rides))
                    .containsEntry("ride_id", "BIGINT")
                    .containsEntry("started_at", "TIMESTAMP WITH TIME ZONE")
                    .containsEntry("ended_at", "TIMESTAMP WITH TIME ZONE")
                    .containsEntry("duration_s", "BIGINT")
                    .containsEntry("energy_kj", "DOUBLE");
            assertThat(number(sql, "SELECT count(*) FROM '" + rides + "'")).isEqualTo((double) expectedRides());
            assertThat(types(sql, riders))
                    .containsEntry("last_seen_at", "TIMESTAMP WITH TIME ZONE")
                    .containsEntry("date_of_birth", "DATE")
                    .containsEntry("name", "VARCHAR");
            List<String> names = new ArrayList<>();
            try (ResultSet result = sql.executeQuery("SELECT name FROM '" + riders + "' ORDER BY rider_id")) {
                while (result.next()) {
                    names.add(result.getString(1));
                }
            }
            assertThat(names)
                    .isEqualTo(api.all("listRiders", "limit", 200).stream()
                            .map(rider -> rider.getString("name"))
                            .toList());
        }
    }

    @Test
    void pandasReadsNumbersAndTimesOfEveryExport() throws Exception {
        String python = Programs.pythonThatRuns("import pandas")
                .orElseGet(() -> Skipped.test(
                        "ExportReadersIT with pandas", "Python with pandas (Debian: apt install python3-pandas)"));
        JsonObject ride = rideOf(anyBike(), 0);
        Path readings = export("getReadings", "ride", ride.getLong("rideId"));
        Path rides = export("listRides", "limit", 200);

        assertThat(run(python, """
                import pandas as pd
                readings = pd.read_csv('%s', parse_dates=['at'])
                rides = pd.read_csv('%s', parse_dates=['started_at', 'ended_at'])
                assert str(readings['at'].dtype).startswith('datetime64'), readings.dtypes
                assert str(rides['started_at'].dtype).startswith('datetime64'), rides.dtypes
                assert abs(readings['power_w'].sum() / 1000 - %s) < 0.01
                assert len(rides) == %d
                """.formatted(readings, rides, ride.getDouble("energyKj"), expectedRides())))
                .isEmpty();
    }

    /** What the program prints; empty if it succeeds silently. */
    private static String run(String python, String program) throws Exception {
        Process running = new ProcessBuilder(python, "-c", program)
                .redirectErrorStream(true)
                .start();
        return new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
