package com.deloton.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.testing.ApiFixture;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** PostgreSQL's plans of the queries, as the operations send them, on tables large enough to matter. */
class QueryPlansIT {
    private static final List<String> PLANS = Collections.synchronizedList(new ArrayList<>());

    private static Vertx vertx;
    private static ApiFixture api;

    @BeforeAll
    static void fill() throws Exception {
        Warehouse warehouse = Warehouse.fresh();
        warehouse.execute("""
                INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('t', 0, 1);
                INSERT INTO bike SELECT 'SN' || i, now(), now() FROM generate_series(0, 499) i;
                INSERT INTO rider (rider_id, name, gender, date_of_birth, address_city, seen_at)
                    SELECT i, 'Name ' || i, (ARRAY['female', 'male', 'other', 'unknown'])[1 + i % 4],
                        date '1950-01-01' + i, 'City ' || i % 400, now()
                    FROM generate_series(1, 10000) i;
                INSERT INTO ride (ride_id, source_id, stream_key, rider_id, bike_serial, started_at, gender, age_years,
                        status, ended_at, duration_s, moving_s, readings, energy_kj, power_mean_w, power_best_1min_w, heart_rate_measured_s)
                    SELECT i * 4096 + 1, 1, 'SN' || i % 500, 1 + i * 7 % 10000, 'SN' || i % 500,
                        timestamptz '2026-01-01Z' + i * interval '4 minutes',
                        (ARRAY['female', 'male', 'other', 'unknown'])[1 + i % 4], 15 + i % 70, 'completed', now(),
                        300 + i % 220, 300, 300, 10 + random() * 90, 50 + random() * 200, 100 + random() * 200, 0
                    FROM generate_series(1, 80000) i;
                UPDATE ride SET status = 'open', duration_s = NULL, energy_kj = NULL, power_mean_w = NULL
                    WHERE ride_id > 79900 * 4096;
                INSERT INTO reading_chunk (ride_id, next_offset, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm,
                        resistance, power_w)
                    SELECT ride_id, c, c, now(), '{0}', '{100}', '{60}', '{30}', '{90}'
                    FROM ride, generate_series(1, 100) c WHERE status = 'open';
                INSERT INTO alert (ride_id, first_s, rider_id, first_at, raised_s, raised_at, received_at, raised_bpm,
                        high, min_bpm, max_bpm, severity)
                    SELECT ride_id, 10, rider_id, started_at, 12, started_at, started_at, 190, true, 40, 180, 'warning'
                    FROM ride WHERE ride_id / 4096 % 2 = 0;
                INSERT INTO alert_transition
                    SELECT ride_id, 10, 'firing', 12, raised_at, 190, 180, 190, 'warning' FROM alert;
                INSERT INTO quarantine (source_id, record_offset, record_at, reason, detail, received_at)
                    SELECT 1, i, now(), 'NOT_JSON', 'x', timestamptz '2026-01-01Z' + i * interval '1 minute'
                    FROM generate_series(1, 50000) i""");
        warehouse.execute("ANALYZE");
        vertx = Vertx.vertx();
        Queries explained = new Explained(IngestFixture.pool(vertx, warehouse));
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-06-01T12:00:00Z"));
        api = new ApiFixture(
                vertx,
                new WarehouseOperations(
                        vertx,
                        explained,
                        HeartRatePolicy.DEFAULT,
                        ZoneOffset.UTC,
                        ApiFixture.TABLEAU,
                        clock,
                        ApiFixture.status(vertx)));
    }

    @AfterAll
    static void close() throws Exception {
        IngestFixture.await(vertx.close());
    }

    /** Asks for the plan of each query before it asks the query. */
    private static final class Explained extends Queries {
        Explained(Pool pool) {
            super(pool);
        }

        @Override
        public Future<RowSet<Row>> rows(String sql, Tuple values) {
            return super.rows("EXPLAIN " + sql, values).compose(plan -> {
                StringBuilder text = new StringBuilder();
                plan.forEach(row -> text.append(row.getString(0)).append('\n'));
                PLANS.add(text.toString());
                return super.rows(sql, values);
            });
        }
    }

    static Stream<Arguments> questions() {
        return Stream.of(
                question("listRides"),
                question("listRides", "sort", "startedAt", "limit", 200),
                question("listRides", "sort", "-energyKj"),
                question("listRides", "sort", "-durationS"),
                question("listRides", "sort", "-powerMeanW"),
                question("listRides", "sort", "energyKj"),
                question("listRides", "sort", "durationS"),
                question("listRides", "sort", "powerMeanW"),
                question("listRides", "ids", List.of(4097, 8193)),
                question("listRides", "riders", List.of(8, 15, 22)),
                question("listRides", "bike", "SN7"),
                question("listRides", "gender", List.of("female")),
                question("listRides", "ageGroup", List.of("18-24", "75-plus")),
                question("listRides", "minAge", 30, "maxAge", 35),
                question("listRides", "city", "City 7"),
                question("listRides", "during", "2026-03"),
                question("listRides", "during", "2026-03-04", "gender", List.of("male"), "sort", "startedAt"),
                question("listRides", "status", List.of("live")),
                question("listRides", "status", List.of("ended")),
                question("getRide", "ride", 4097),
                question("getRideSummary", "ride", 4097),
                question("getReadings", "ride", 79950L * 4096 + 1),
                question("listRiders"),
                question("listRiders", "sort", "lastSeenAt"),
                question("listRiders", "sort", "-lastSeenAt"),
                question("listRiders", "city", "City 7"),
                question("listRiders", "name", "Name 77"),
                question("getRider", "rider", 8),
                question("listRidesOfRider", "rider", 8),
                question("exportRiderData", "rider", 8),
                question("getAlertSettings", "rider", 8),
                question("listRidesOfDay", "date", "2026-03-04"),
                question("getDay", "date", "2026-03-04"),
                question("getDurations", "date", "2026-03-04"),
                question("listAlerts"),
                question("listAlerts", "rider", 8),
                question("listAlerts", "ride", 8193),
                question("listAlerts", "severity", "warning", "during", "2026-03"),
                question("listAlerts", "acknowledged", false),
                question("listQuarantine"),
                question("listQuarantine", "reason", "NOT_JSON"),
                question("getBike", "bike", "SN7"));
    }

    private static Arguments question(String operation, Object... parameters) {
        return Arguments.of(operation, parameters);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("questions")
    void readsNoLargeTableFromEndToEnd(String operation, Object[] parameters) throws Exception {
        PLANS.clear();

        api.json(operation, parameters);

        assertThat(PLANS)
                .isNotEmpty()
                .allSatisfy(
                        plan -> assertThat(plan)
                                .doesNotContainPattern(
                                        "Seq Scan on (ride|rider|alert|alert_transition|quarantine|reading_chunk|ride_series)\\b"));
    }
}
