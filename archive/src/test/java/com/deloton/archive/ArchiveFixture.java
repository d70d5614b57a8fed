package com.deloton.archive;

import com.deloton.gateway.config.ConfigLoader;
import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.archive.ArchiveConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** A migrated database, the role and login of the archive, and a warehouse in a directory. */
final class ArchiveFixture implements AutoCloseable {
    /** Has partitions, as days within 31 days have. */
    static final LocalDate DAY = LocalDate.now(ZoneOffset.UTC).minusDays(10);

    private static int databases;

    final Path warehouse;
    final List<String> console = new ArrayList<>();
    private final String database;

    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("full_page_writes", "off")
                        .start();
                Flyway.configure()
                        .dataSource(server.getPostgresDatabase())
                        .locations("filesystem:../migrations")
                        .load()
                        .migrate();
                try (Connection connection = server.getPostgresDatabase().getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("CREATE ROLE archiver LOGIN PASSWORD 'archiver' IN ROLE deloton_archive");
                    statement.execute(
                            "INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('deloton', 0, 1)");
                    statement.execute("CREATE DATABASE migrated TEMPLATE postgres");
                }
                return server;
            } catch (IOException | SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    ArchiveFixture(Path warehouse) {
        this.warehouse = warehouse;
        database = "archive_" + ++databases;
        try (Connection connection = connect("template1");
                Statement statement = connection.createStatement()) {
            Server.POSTGRES.getPort();
            statement.execute("CREATE DATABASE " + database + " TEMPLATE migrated");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + Server.POSTGRES.getPort() + "/" + database, "postgres", "postgres");
    }

    /** A connection of the owner. */
    Connection connect() throws SQLException {
        return connect(database);
    }

    /** Of the catalog, as programs that read the archive are given it. */
    String catalogUrl() {
        return "jdbc:postgresql://localhost:" + Server.POSTGRES.getPort() + "/" + database + "?currentSchema=archive";
    }

    /** The variables by which a process is configured. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("DELOTON_DATABASE_HOST", "localhost");
        environment.put("DELOTON_DATABASE_PORT", Integer.toString(Server.POSTGRES.getPort()));
        environment.put("DELOTON_DATABASE_NAME", database);
        environment.put("DELOTON_DATABASE_USER", "archiver");
        environment.put("DELOTON_DATABASE_PASSWORD", "archiver");
        environment.put("DELOTON_DATABASE_SSL_MODE", "disable");
        environment.put("DELOTON_ARCHIVE_WAREHOUSE", warehouse.toString());
        return environment;
    }

    DatabaseConfig databaseConfig() {
        return ConfigLoader.load(List.of(), environment(), "database").database();
    }

    ArchiveConfig archiveConfig() {
        return ConfigLoader.load(List.of(), environment(), "database", "archive")
                .archive();
    }

    Postgres postgres() {
        return new Postgres(databaseConfig());
    }

    IcebergCatalog catalog() {
        return new IcebergCatalog(postgres(), archiveConfig());
    }

    ArchiveRun run() {
        return new ArchiveRun(databaseConfig(), archiveConfig(), Duration.ZERO, console::add);
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    List<Object> row(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            List<Object> row = new ArrayList<>();
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                row.add(result.getObject(i));
            }
            return row;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    long number(String sql) {
        return ((Number) row(sql).getFirst()).longValue();
    }

    /**
     * Ended rides that begin one after the other on a day, each with {@code seconds} readings of which every 50th second is
     * missing and every seventh has no heart rate.
     */
    void rides(LocalDate day, long firstId, int rides, int seconds) {
        execute("""
                SELECT ensure_day('%1$s');
                INSERT INTO rider (rider_id, name, gender, seen_at)
                SELECT 770000000000 + n, 'Rider ' || n, 'female', now() FROM generate_series(%2$d, %2$d + %3$d - 1) n
                ON CONFLICT DO NOTHING;
                INSERT INTO bike (bike_serial, first_seen_at, last_seen_at)
                SELECT 'bike-' || n, now(), now() FROM generate_series(%2$d, %2$d + %3$d - 1) n ON CONFLICT DO NOTHING;
                INSERT INTO ride (ride_id, source_id, stream_key, rider_id, bike_serial, started_at, gender, age_years, status,
                    ended_at, duration_s, moving_s, readings, energy_kj, power_mean_w, heart_rate_max_bpm, zone_s)
                SELECT n, 1, 'stream-' || n, 770000000000 + n, 'bike-' || n, at, 'female', 40, 'completed',
                    at + %4$d * interval '1 second', %4$d, %4$d, %4$d - %4$d / 50, n * 1.25, n / 3.0, 170, ARRAY[n, 2, 3, NULL, 5]
                FROM generate_series(%2$d, %2$d + %3$d - 1) n,
                    LATERAL (SELECT '%1$s 10:00:00.123456Z'::timestamptz + n * interval '1 second') t (at);
                INSERT INTO ride_series (day, ride_id, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm, resistance, power_w)
                SELECT '%1$s', n, 1, '%1$s 10:00:00.123Z'::timestamptz + n * interval '1 second',
                    array_agg(CASE WHEN s %% 50 <> 0 THEN (s * 7919 + n) %% 900 END ORDER BY s),
                    array_agg(CASE WHEN s %% 50 <> 0 AND s %% 7 <> 0 THEN 100 + (s / 10 + n) %% 70 END::smallint ORDER BY s),
                    array_agg(CASE WHEN s %% 50 <> 0 THEN 80 + (s / 5) %% 20 END::smallint ORDER BY s),
                    array_agg(CASE WHEN s %% 50 <> 0 THEN 30 + (s / 60) %% 9 END::smallint ORDER BY s),
                    array_agg(CASE WHEN s %% 50 <> 0 THEN 150 + 40 * sin(s / 20.0 + n) END::real ORDER BY s)
                FROM generate_series(%2$d, %2$d + %3$d - 1) n, generate_series(1, %4$d) s GROUP BY n
                """.formatted(day, firstId, rides, seconds));
    }

    /** Deletes the readings that retention may delete, of all days before yesterday. */
    void dropReadings() {
        while ((boolean)
                row("SELECT more FROM delete_archived_readings('1 day', 1000)").getFirst()) {
            // the next slice
        }
    }

    /** The rider of a ride by {@link #rides}. */
    static long rider(long ride) {
        return 770_000_000_000L + ride;
    }

    void erase(long rider) {
        row("SELECT outcome FROM erase_rider(%d, 'test', 'test', '{}', '{}')".formatted(rider));
    }

    @Override
    public void close() {
        try (Connection connection = connect("template1");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE " + database + " WITH (FORCE)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
