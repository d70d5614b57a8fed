package com.deloton.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Minutes that gateways of the version before have stored, before and after the migration. */
class RideMinutesIT {
    private static final long RIDE = 4097;
    private static final long OLD_DAY = 8193;
    private static final String VIEW = "SELECT * FROM analytics.fact_ride_minute ORDER BY ride_key, minute_no";

    private final Database database = TestServers.freshDatabase();
    private final Warehouse warehouse = new Warehouse(database);

    @BeforeEach
    void ridesOfTheVersionBefore() {
        migrate("100");
        warehouse.execute("""
                INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('t', 0, 9);
                INSERT INTO ride (ride_id, source_id, stream_key, started_at, gender, status)
                    SELECT ride, 1, 'SN1', day + time '10:00:30', 'female', 'completed'
                    FROM (VALUES (%1$d, current_date), (%2$d, date '2020-02-03')) AS v (ride, day);
                SELECT ensure_day(current_date);
                INSERT INTO ride_minute
                    SELECT day, ride_id, m.minute, m.readings, m.kj, m.watts, 300.5, 120.25, 130, 59, 80.5, 30.25
                    FROM ride, (VALUES (2, 31, 1.1, 37.1), (3, 60, 3.3, 55), (9, 1, 0.7, 700)) AS m (minute, readings, kj, watts);
                INSERT INTO ride_minute
                    SELECT day, ride_id, 1440, 5, 0, NULL, NULL, NULL, NULL, 0, NULL, NULL FROM ride""".formatted(RIDE, OLD_DAY));
    }

    @Test
    void theMigrationChangesNoMinute() {
        List<List<Object>> before = warehouse.rows(VIEW);
        assertThat(before).hasSize(8);

        migrate("latest");

        assertThat(warehouse.rows(VIEW)).isEqualTo(before);
        assertThat(warehouse.count("SELECT count(*) FROM ride_minutes")).isEqualTo(2);
        assertThat(warehouse.rows(
                        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'ride_minute'::regclass"))
                .isEqualTo(List.of(List.of("ride_minute_default")));
    }

    @Test
    void minutesThatAnEarlierGatewayStoresLaterAreInTheViews() {
        migrate("latest");
        List<List<Object>> before = warehouse.rows(VIEW);
        warehouse.execute("""
                INSERT INTO ride (ride_id, source_id, stream_key, started_at, gender, status)
                    VALUES (12289, 1, 'SN1', now(), 'female', 'completed');
                SELECT ensure_day(current_date + 1);
                INSERT INTO ride_minute
                    SELECT day, ride_id, 0, 60, 6, 100, 200, 99, 111, 60, 70, 20 FROM ride WHERE ride_id = 12289""");

        assertThat(warehouse.rows(VIEW)).hasSize(before.size() + 1).containsAll(before);
        assertThat(warehouse.rows(
                        "SELECT minute, readings, heart_rate_max_bpm::integer FROM minute WHERE ride_id = 12289"))
                .isEqualTo(List.of(List.of(0, 60, 111)));
    }

    @Test
    void aReplayOfAnEarlierGatewayReplacesTheMinutes() {
        migrate("latest");

        warehouse.execute("""
                INSERT INTO ride_minute
                    SELECT day, ride_id, minute, 60, 6, 100, 200, 99, 111, 60, 70, 20
                    FROM ride, generate_series(2, 4) AS minute WHERE ride_id = %d
                ON CONFLICT (ride_id, day, minute) DO UPDATE SET readings = excluded.readings""".formatted(RIDE));

        assertThat(warehouse.rows("SELECT minute, readings FROM minute WHERE ride_id = %d ORDER BY 1".formatted(RIDE)))
                .isEqualTo(List.of(List.of(2, 60), List.of(3, 60), List.of(4, 60)));
        assertThat(warehouse.count("SELECT count(*) FROM minute WHERE ride_id = " + OLD_DAY))
                .isEqualTo(4);
    }

    private void migrate(String target) {
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("classpath:migrations")
                .target(target)
                .load()
                .migrate();
    }
}
