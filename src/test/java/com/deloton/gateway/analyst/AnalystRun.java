package com.deloton.gateway.analyst;

import com.deloton.gateway.bench.PostgresCpu;
import com.deloton.gateway.testing.AnalystWarehouse;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Generated rides of a year in a warehouse, and what an analyst asks about them. */
final class AnalystRun {
    /** Of each ride. */
    private static final int SECONDS = 400;

    private static final Map<String, String> QUESTIONS = new TreeMap<>(Map.of(
            "rides by weekday and hour",
            """
            SELECT d.weekday, r.start_hour_utc, count(r.ride_key)
            FROM fact_ride r JOIN dim_date d ON d.day = r.day GROUP BY 1, 2""",
            "power by age band and gender",
            "SELECT age_band, gender, avg(power_mean_w), count(*) FROM fact_ride GROUP BY 1, 2",
            "zones by age band",
            "SELECT age_band, sum(zone1_s), sum(zone2_s), sum(zone3_s), sum(zone4_s), sum(zone5_s) FROM fact_ride GROUP BY 1",
            "leaderboard",
            """
            SELECT p.rider_key, p.gender, sum(r.energy_kj), max(r.power_best_20min_w_per_kg)
            FROM fact_ride r JOIN dim_rider p USING (rider_key)
            GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 25""",
            "riders by month",
            "SELECT date_trunc('month', day), count(DISTINCT rider_key) FROM fact_ride GROUP BY 1",
            "one day by hour",
            "SELECT start_hour_utc, count(*), sum(energy_kj) FROM fact_ride WHERE day = DATE '2026-06-15' GROUP BY 1"));

    private static final String TWO_DAYS =
            " BETWEEN DATE '2026-01-01' AND DATE '2026-01-02' GROUP BY 1, 2 ORDER BY 1, 2";

    private static final String BY_RIDE = """
            SELECT age_band, gender, round(sum(energy_kj)) AS kj, count(DISTINCT ride_key) AS rides
            FROM fact_ride WHERE day""" + TWO_DAYS;
    private static final String BY_READING = """
            SELECT r.age_band, r.gender, round(sum(x.power_w::double precision) / 1000), count(DISTINCT x.ride_id)
            FROM public.bench_reading x JOIN fact_ride r ON r.ride_key = x.ride_id
            WHERE x.day""" + TWO_DAYS;

    private final Warehouse warehouse;
    private final AnalystWarehouse analysts;
    private final PostgresCpu postgres;
    private final int rides;
    private final int riders;

    private AnalystRun(Warehouse warehouse, int rides, int riders) {
        this.warehouse = warehouse;
        this.rides = rides;
        this.riders = riders;
        analysts = AnalystWarehouse.in(warehouse);
        postgres = PostgresCpu.of(warehouse.database());
    }

    /** Generates the rides, and a row for each reading of the first two days. */
    static AnalystRun filled(Warehouse warehouse, int rides, int riders) {
        AnalystRun run = new AnalystRun(warehouse, rides, riders);
        run.generate();
        return run;
    }

    /** Each question once; then two days by ride and by reading. */
    List<JsonObject> questions() throws SQLException {
        List<JsonObject> rows = new ArrayList<>();
        for (Map.Entry<String, String> question : QUESTIONS.entrySet()) {
            rows.add(question(question.getKey(), question.getValue()));
        }
        rows.add(question("two days by ride", BY_RIDE));
        rows.add(question("two days by reading", BY_READING)
                .put("readings", warehouse.count("SELECT count(*) FROM bench_reading"))
                .put(
                        "bytesPerReading",
                        warehouse.count(
                                "SELECT pg_total_relation_size('bench_reading') / count(*) FROM bench_reading")));
        return rows;
    }

    List<List<String>> twoDaysByRide() throws SQLException {
        return analysts.rows(BY_RIDE);
    }

    List<List<String>> twoDaysByReading() throws SQLException {
        return analysts.rows(BY_READING);
    }

    /** Milliseconds with the connection, and what PostgreSQL took. */
    private JsonObject question(String name, String sql) throws SQLException {
        double cpu = postgres.seconds();
        long begin = System.nanoTime();
        int rows = analysts.rows(sql).size();
        return new JsonObject()
                .put("question", name)
                .put("rows", rows)
                .put("ms", (System.nanoTime() - begin) / 1e6)
                .put("postgresCpuS", postgres.seconds() - cpu);
    }

    private void generate() {
        warehouse.execute("""
                INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('bench', 0, 0);
                INSERT INTO bike SELECT 'bike' || n, now(), now() FROM generate_series(1, 5000) n;
                INSERT INTO rider (rider_id, gender, date_of_birth, weight_kg, seen_at)
                SELECT n, (ARRAY['female', 'male', 'other', 'unknown'])[1 + n %% 4], DATE '1940-01-01' + n %% 25000,
                    40 + n %% 80, now()
                FROM generate_series(1, %1$d) n;
                INSERT INTO ride (ride_id, source_id, stream_key, rider_id, bike_serial, started_at, gender, age_years,
                    status, ended_at, duration_s, moving_s, readings, energy_kj, power_mean_w, power_max_w,
                    power_normalized_w, power_best_20min_w, heart_rate_min_bpm, heart_rate_mean_bpm, heart_rate_max_bpm,
                    heart_rate_measured_s, cadence_mean_rpm, resistance_mean, zone_s)
                SELECT n, 1, 'k', r, 'bike' || 1 + n %% 5000, at, (ARRAY['female', 'male', 'other', 'unknown'])[1 + r %% 4],
                    40, 'completed', at + interval '400 s', %3$d, %3$d, %3$d, w * %3$d / 1000.0, w, w * 2, w * 1.1, w * 0.9, 80,
                    120, 160, %3$d, 80, 30, ARRAY[50, 50, 100, 150, 50]
                FROM (
                    SELECT n, 1 + n * 7919::bigint %% %1$d AS r, 50 + n %% 300 AS w,
                        TIMESTAMPTZ '2026-01-01T00:00Z' + n * interval '365 days' / %2$d AS at
                    FROM generate_series(0, %2$d - 1) n
                ) x;
                CREATE TABLE bench_reading (day date, ride_id bigint, elapsed_s integer, recorded_at timestamptz,
                    power_w real, heart_rate_bpm smallint, cadence_rpm smallint, resistance smallint,
                    PRIMARY KEY (ride_id, elapsed_s));
                INSERT INTO bench_reading
                SELECT r.day, r.ride_id, s, r.started_at + s * interval '1 s', r.power_mean_w, 120, 80, 30
                FROM ride r CROSS JOIN generate_series(1, %3$d) s
                WHERE r.day <= DATE '2026-01-02';
                GRANT USAGE ON SCHEMA public TO deloton_analyst;
                GRANT SELECT ON bench_reading TO deloton_analyst""".formatted(riders, rides, SECONDS));
        warehouse.execute("VACUUM ANALYZE");
    }
}
