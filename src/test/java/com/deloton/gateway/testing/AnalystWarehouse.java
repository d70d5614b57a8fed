package com.deloton.gateway.testing;

import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.testing.TestServers.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A warehouse with some minutes of a simulated fleet on two days, and a login for analysts. */
public final class AnalystWarehouse {
    public static final String LOGIN = "tableau";
    public static final String PASSWORD = "analyst";
    private static final long MESSAGES = 12_000;

    public final Warehouse warehouse;

    private AnalystWarehouse(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /** The same for all tests, so look only. */
    public static AnalystWarehouse shared() {
        return Shared.WAREHOUSE;
    }

    /** A login for analysts in a warehouse of the caller's own. One at a time: all databases of a server have the same login. */
    public static synchronized AnalystWarehouse in(Warehouse warehouse) {
        warehouse.execute("CALL analyst_login('" + LOGIN + "')");
        warehouse.execute("ALTER ROLE " + LOGIN + " PASSWORD '" + PASSWORD + "'");
        return new AnalystWarehouse(warehouse);
    }

    /** As Tableau connects: in autocommit, from a machine with a time zone of its own. */
    public Connection connect() throws SQLException {
        return connect(Map.of());
    }

    public Connection connect(Map<String, String> properties) throws SQLException {
        Database database = warehouse.database();
        Properties all = new Properties();
        all.put("user", LOGIN);
        all.put("password", PASSWORD);
        all.putAll(properties);
        return DriverManager.getConnection(database.jdbcUrl(), all);
    }

    /** Types by view and column, as the database has them. */
    public Map<String, Map<String, String>> types() throws SQLException {
        Map<String, Map<String, String>> types = new LinkedHashMap<>();
        for (List<String> row : rows("""
                SELECT c.relname, a.attname, t.typname
                FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
                JOIN pg_type t ON t.oid = a.atttypid
                WHERE c.relnamespace = 'analytics'::regnamespace ORDER BY c.relname, a.attnum""")) {
            types.computeIfAbsent(row.get(0), k -> new LinkedHashMap<>()).put(row.get(1), row.get(2));
        }
        return types;
    }

    /** What an analyst gets for a query, as text; NULL is the text {@code null}. */
    public List<List<String>> rows(String sql) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet result = statement.executeQuery()) {
            List<List<String>> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    private static final class Shared {
        static final AnalystWarehouse WAREHOUSE = fill();

        private static AnalystWarehouse fill() {
            try {
                IngestFixture fixture = new IngestFixture();
                fixture.start();
                long sent = 0;
                for (String start : List.of("2026-11-21T09:58:00Z", "2026-11-24T17:59:00Z")) {
                    try (FleetProducer fleet = fixture.fleet(IngestFixture.ABNORMAL
                            .withStart(Instant.parse(start))
                            .withMessages(MESSAGES))) {
                        fleet.start();
                        fleet.awaitEnd(Duration.ofSeconds(60));
                        sent += fleet.sent();
                    }
                    fixture.warehouse.awaitRecords(fixture.topic, sent);
                }
                fixture.close();
                return in(fixture.warehouse);
            } catch (Exception e) {
                throw new IllegalStateException("no warehouse for analysts", e);
            }
        }
    }
}
