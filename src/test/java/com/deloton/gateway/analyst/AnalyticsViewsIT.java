package com.deloton.gateway.analyst;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.AnalystWarehouse;
import com.deloton.gateway.testing.Warehouse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnalyticsViewsIT {
    private static final Set<String> VIEWS =
            Set.of("dim_rider", "dim_bike", "dim_date", "fact_ride", "fact_ride_minute", "fact_alert", "fact_reading");
    private static final Set<Integer> SAFE = Set.of(
            Types.INTEGER,
            Types.BIGINT,
            Types.REAL,
            Types.DOUBLE,
            Types.VARCHAR,
            Types.DATE,
            Types.TIMESTAMP,
            Types.BIT);

    private static final String[] OF_ANYTHING = {
        "COUNT(%s)",
        "COUNT(DISTINCT %s)",
        "MIN(CAST(%s AS TEXT))",
        "SUM(1)",
        "COUNT((CASE WHEN (%s IS NULL) THEN 1 END))",
        "SUM((CASE WHEN (%s IS NOT DISTINCT FROM %s) THEN 1 ELSE 0 END))"
    };
    private static final String[] OF_TIMES = {
        "MIN(%s)",
        "MAX(%s)",
        "MIN(CAST(TRUNC(EXTRACT(YEAR FROM %s)) AS INTEGER))",
        "MIN(CAST(TRUNC(EXTRACT(QUARTER FROM %s)) AS INTEGER))",
        "MIN(CAST(TRUNC(EXTRACT(MONTH FROM %s)) AS INTEGER))",
        "MIN(CAST(TRUNC(EXTRACT(WEEK FROM %s)) AS INTEGER))",
        "MIN(CAST(TRUNC(EXTRACT(DAY FROM %s)) AS INTEGER))",
        "MIN((1 + CAST(EXTRACT(DOW FROM %s) AS INTEGER)))",
        "MIN(CAST(TRUNC(EXTRACT(HOUR FROM CAST(%s AS TIMESTAMP))) AS INTEGER))",
        "MIN(DATE_TRUNC( 'YEAR', CAST(%s AS TIMESTAMP) ))",
        "MIN(DATE_TRUNC( 'QUARTER', CAST(%s AS TIMESTAMP) ))",
        "MIN(DATE_TRUNC( 'MONTH', CAST(%s AS TIMESTAMP) ))",
        "MIN(DATE_TRUNC( 'WEEK', CAST(%s AS TIMESTAMP) + INTERVAL '1 DAY' ) - INTERVAL '1 DAY')",
        "MIN(DATE_TRUNC( 'DAY', CAST(%s AS TIMESTAMP) ))",
        "MIN(DATE_TRUNC( 'HOUR', CAST(%s AS TIMESTAMP) ))",
        "MIN(%s + 3 * INTERVAL '1 DAY')",
        "MIN(CAST(DATE_TRUNC('DAY', CAST(%s AS TIMESTAMP)) AS DATE) - CAST(DATE '2026-01-01' AS DATE))",
        "MIN(TO_CHAR(%s, 'YYYY-MM-DD HH24:MI'))",
        "SUM((CASE WHEN ((%s >= (DATE '2026-11-01')) AND (%s < (TIMESTAMP '2026-12-01 00:00:00.000'))) THEN 1 ELSE 0 END))",
        "SUM((CASE WHEN (%s IN ((DATE '2026-11-21'), (DATE '2026-11-24'))) THEN 1 ELSE 0 END))"
    };
    private static final String[] OF_NUMBERS = {
        "SUM(%s)",
        "AVG(CAST(%s AS DOUBLE PRECISION))",
        "MIN(%s)",
        "MAX(%s)",
        "STDDEV_SAMP(%s)",
        "STDDEV_POP(%s)",
        "VAR_SAMP(%s)",
        "VAR_POP(%s)",
        "PERCENTILE_CONT(0.50) WITHIN GROUP (ORDER BY %s)",
        "PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY %s)",
        "CORR(%s, %s)",
        "MIN(ABS(%s))",
        "MIN(ROUND( CAST(%s AS NUMERIC), 2 ))",
        "MIN(CAST(TRUNC(%s) AS BIGINT))",
        "MIN(FLOOR(CAST(%s AS DOUBLE PRECISION) / 10) * 10)",
        "MIN(CEIL(%s))",
        "MIN(SIGN(%s))",
        "MIN(SQRT(ABS(CAST(%s AS DOUBLE PRECISION))))",
        "MIN(LN(NULLIF(ABS(CAST(%s AS DOUBLE PRECISION)), 0)))",
        "MIN(POWER(CAST(%s AS DOUBLE PRECISION), 2))",
        "SUM(COALESCE(%s, 0))",
        "MIN((CASE WHEN %s = 0 THEN NULL ELSE CAST(%s AS DOUBLE PRECISION) / %s END))",
        "SUM((CASE WHEN ((%s >= 1) AND (%s <= 100)) THEN 1 ELSE 0 END))",
        "MIN((CASE WHEN (%s > 100) THEN 'high' WHEN NOT (%s > 100) THEN 'low' END))"
    };
    private static final String[] OF_TEXTS = {
        "MIN(%s)",
        "MAX(LOWER(%s))",
        "MAX(UPPER(%s))",
        "MAX(TRIM(LEADING FROM TRIM(TRAILING FROM %s)))",
        "MAX(LENGTH(%s))",
        "MAX(LEFT(%s, 2))",
        "MAX(RIGHT(%s, 2))",
        "MAX(SUBSTRING(%s FROM 1 FOR 3))",
        "MAX(STRPOS(%s, 'a'))",
        "MAX(REPLACE(%s, 'a', 'b'))",
        "MAX(SPLIT_PART(%s, '-', 1))",
        "MAX((%s || '!'))",
        "MAX(ASCII(%s))",
        "MAX(REGEXP_REPLACE(%s, '[aeiou]', ''))",
        "SUM((CASE WHEN (%s IN ('female', 'male')) THEN 1 ELSE 0 END))",
        "SUM((CASE WHEN (POSITION('a' IN %s) > 0) THEN 1 ELSE 0 END))",
        "SUM((CASE WHEN (LEFT(%s, LENGTH('un')) = 'un') THEN 1 ELSE 0 END))"
    };
    private static final String[] OF_BOOLEANS = {
        "BOOL_OR(%s)", "MAX(CAST(%s AS INTEGER))", "SUM((CASE WHEN %s THEN 1 WHEN NOT %s THEN 0 ELSE NULL END))"
    };

    private final AnalystWarehouse analysts = AnalystWarehouse.shared();

    @Test
    void aClientSeesTheViewsAndNothingElse() throws SQLException {
        Set<String> names = new TreeSet<>();
        try (Connection connection = analysts.connect(Map.of("hideUnprivilegedObjects", "true"));
                ResultSet tables = connection.getMetaData().getTables(null, null, "%", new String[] {
                    "TABLE", "VIEW", "PARTITIONED TABLE", "MATERIALIZED VIEW", "FOREIGN TABLE", "SEQUENCE"
                })) {
            while (tables.next()) {
                names.add(tables.getString("TABLE_SCHEM") + "." + tables.getString("TABLE_NAME"));
                assertThat(tables.getString("TABLE_TYPE")).isEqualTo("VIEW");
                assertThat(tables.getString("REMARKS")).isNotBlank();
            }
        }
        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(
                        VIEWS.stream().map(view -> "analytics." + view).toList());
    }

    @Test
    void everyColumnIsExplainedAndOfATypeThatToolsKnow() throws SQLException {
        Map<String, String> views = new TreeMap<>();
        try (Connection connection = analysts.connect();
                ResultSet columns = connection.getMetaData().getColumns(null, "analytics", "%", "%")) {
            while (columns.next()) {
                String name = columns.getString("TABLE_NAME") + "." + columns.getString("COLUMN_NAME");
                views.put(columns.getString("TABLE_NAME"), name);
                assertThat(columns.getString("REMARKS")).as(name).isNotBlank().endsWith(".");
                assertThat(SAFE).as(name).contains(columns.getInt("DATA_TYPE"));
                assertThat(columns.getString("TYPE_NAME")).as(name).isNotIn("timestamptz", "numeric");
                if (columns.getInt("DATA_TYPE") == Types.TIMESTAMP) {
                    assertThat(name).endsWith("_utc");
                }
            }
        }
        assertThat(views.keySet()).isEqualTo(VIEWS);
    }

    @Test
    void theViewsHaveRows() throws SQLException {
        for (String view : VIEWS) {
            assertThat(analysts.rows("SELECT * FROM " + view + " LIMIT 1"))
                    .as(view)
                    .hasSize(1);
        }
        assertThat(analysts.rows("SELECT count(*) FROM fact_ride"))
                .isEqualTo(text(analysts.warehouse.rows("SELECT count(*) FROM ride")));
        assertThat(analysts.rows("SELECT count(*), sum(round(power_w))::bigint FROM fact_reading"))
                .isEqualTo(text(analysts.warehouse.rows("SELECT count(*), sum(round(power_w))::bigint FROM reading")));
        assertThat(analysts.rows("SELECT count(*) FROM fact_ride r JOIN dim_rider USING (rider_key)"
                        + " JOIN dim_bike USING (bike_key) JOIN dim_date d ON d.day = r.day"))
                .isEqualTo(text(analysts.warehouse.rows("SELECT count(*) FROM ride WHERE rider_id IS NOT NULL")));
    }

    @Test
    void whatTableauSendsRunsOnEveryColumn() throws SQLException {
        Map<String, Map<String, String>> types = analysts.types();
        int expressions = 0;
        try (Connection connection = analysts.connect();
                Statement statement = connection.createStatement()) {
            for (String view : VIEWS) {
                Set<String> done = new HashSet<>();
                for (Map.Entry<String, String> column :
                        types.getOrDefault(view, Map.of()).entrySet()) {
                    if (!done.add(column.getValue())) {
                        continue;
                    }
                    List<String> select = new ArrayList<>(List.of(OF_ANYTHING));
                    select.addAll(List.of(
                            switch (column.getValue()) {
                                case "date", "timestamp" -> OF_TIMES;
                                case "text" -> OF_TEXTS;
                                case "bool" -> OF_BOOLEANS;
                                default -> OF_NUMBERS;
                            }));
                    String field = "\"%s\".\"%s\"".formatted(view, column.getKey());
                    expressions += select.size();
                    String sql = "SELECT %s FROM \"analytics\".\"%s\" \"%s\" HAVING (COUNT(1) > 0)"
                            .formatted(String.join(", ", select).replace("%s", field), view, view);
                    try (ResultSet result = statement.executeQuery(sql)) {
                        assertThat(result.next())
                                .as(view + "." + column.getKey())
                                .isTrue();
                    }
                }
            }
        }
        assertThat(expressions).isGreaterThan(600);
    }

    @Test
    void whatToolsAskAtConnectTimeIsAnswered() throws SQLException {
        for (String sql : List.of(
                "SELECT current_catalog, current_role, session_user",
                "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'max_index_keys'",
                "SELECT * FROM \"analytics\".\"fact_ride\" WHERE 1=0",
                "SELECT * FROM (SELECT 1 AS \"one\") \"Custom SQL Query\" LIMIT 0")) {
            analysts.rows(sql);
        }
        try (Connection connection = analysts.connect()) {
            assertThat(connection
                            .getMetaData()
                            .getPrimaryKeys(null, "analytics", "fact_ride")
                            .next())
                    .isFalse();
            assertThat(connection
                            .getMetaData()
                            .getImportedKeys(null, "analytics", "fact_ride")
                            .next())
                    .isFalse();
        }
    }

    private static final List<String> FILTERS_OF_A_DAY = List.of(
            "(\"day\" = (DATE '2026-11-24'))",
            "((\"day\" >= (DATE '2026-11-24')) AND (\"day\" < (TIMESTAMP '2026-11-25 00:00:00.000')))",
            "((\"day\" >= (DATE '2026-11-24')) AND (\"day\" <= (DATE '2026-11-24')))");

    @Test
    void oneDayLooksIntoOnePartition() throws SQLException {
        IntStream.range(1, 21)
                .forEach(day -> analysts.warehouse.execute("SELECT ensure_day(DATE '2026-11-01' + " + day + ")"));
        for (String filter : FILTERS_OF_A_DAY) {
            assertThat(plan("SELECT SUM(\"power_w\") FROM \"analytics\".\"fact_reading\" \"fact_reading\" WHERE "
                            + filter))
                    .as(filter)
                    .contains("_20261124")
                    .doesNotContain("_20261121", "_20261110");
        }
        assertThat(plan("SELECT COUNT(1) FROM \"analytics\".\"fact_ride\" WHERE (\"day\" = (DATE '2026-11-24'))"))
                .as("columns that are not asked for cost no join")
                .doesNotContain("rider", "bike");
    }

    @Test
    void oneDayReadsOnlyItsMinutes() throws SQLException {
        analysts.warehouse.execute("""
                INSERT INTO ride_minutes
                    SELECT -n, date '2020-01-01' + n / 100, 0, '{60}', '{100,60}', '{1,2,3,4,5,6}' FROM generate_series(1, 5000) n;
                ANALYZE ride_minutes""");
        try {
            for (String filter : FILTERS_OF_A_DAY) {
                assertThat(plan(
                                "SELECT SUM(\"power_mean_w\") FROM \"analytics\".\"fact_ride_minute\" \"fact_ride_minute\" WHERE "
                                        + filter))
                        .as(filter)
                        .contains("ride_minutes_by_day")
                        .doesNotContain("Seq Scan on ride_minutes", "ride_pkey");
            }
        } finally {
            analysts.warehouse.execute("DELETE FROM ride_minutes WHERE ride_id < 0");
        }
    }

    @Test
    void nothingNamesARider() throws SQLException {
        Set<String> personal = new TreeSet<>();
        for (List<Object> rider : analysts.warehouse.rows("""
                SELECT name, email_address, address_street, address_city, address_postcode, title || ' ' || name,
                    date_of_birth::text, rider_id::text
                FROM rider""")) {
            rider.stream().filter(value -> value != null).forEach(value -> personal.add(normal(value)));
        }
        analysts.warehouse
                .rows("SELECT bike_serial, stream_key FROM ride JOIN bike USING (bike_serial)")
                .forEach(row -> row.forEach(value -> personal.add(normal(value))));
        Set<String> ids = new TreeSet<>();
        analysts.warehouse.rows("SELECT rider_id FROM rider").forEach(row -> ids.add(normal(row.getFirst())));
        personal.removeAll(ids);
        assertThat(personal).hasSizeGreaterThan(60);
        Map<String, Map<String, String>> types = analysts.types();
        Set<String> seen = new TreeSet<>();
        Set<String> texts = new TreeSet<>();
        for (String view : VIEWS) {
            for (Map.Entry<String, String> column :
                    types.getOrDefault(view, Map.of()).entrySet()) {
                for (String value : column(view, column.getKey())) {
                    (column.getValue().equals("text") ? texts : seen).add(normal(value));
                }
            }
        }
        assertThat(seen).hasSizeGreaterThan(1_000).doesNotContainAnyElementsOf(personal);
        assertThat(texts)
                .hasSizeGreaterThan(30)
                .allSatisfy(text -> assertThat(personal)
                        .noneMatch(name -> name.equals(text) || (name.length() > 3 && text.contains(name))));
        assertThat(column("fact_ride", "rider_key")).hasSizeGreaterThan(10).doesNotContainAnyElementsOf(ids);
        assertThat(types.values().stream().flatMap(columns -> columns.keySet().stream()))
                .noneMatch(
                        name -> name.matches(".*(name|mail_addr|birth|height|weight|address|city|postcode|serial).*"));
    }

    /** Exact power and W/kg to 0.1 over many rides give a weight to the kilogram; a rounded weight does not. */
    @Test
    void manyRidesDoNotGiveAwayAWeight() throws SQLException {
        Map<String, Set<Integer>> possible = new TreeMap<>();
        for (List<String> ride : analysts.rows("""
                SELECT rider_key, power_mean_w, power_mean_w_per_kg FROM fact_ride
                WHERE power_mean_w_per_kg IS NOT NULL""")) {
            Set<Integer> weights = possible.computeIfAbsent(
                    ride.get(0),
                    k -> new TreeSet<>(IntStream.range(20, 150).boxed().toList()));
            double power = Double.parseDouble(ride.get(1));
            weights.removeIf(kg ->
                    Math.abs(power / (Math.round(kg / 5.0) * 5) - Double.parseDouble(ride.get(2))) > 0.0501);
        }
        assertThat(possible).hasSizeGreaterThan(10);
        assertThat(possible.values()).allSatisfy(weights -> assertThat(weights).hasSizeGreaterThanOrEqualTo(5));
    }

    /** An age in full years would change on the birthday, and so tell it to who rides every day. */
    @Test
    void ageBandsChangeWithTheYearNotTheBirthday() {
        Warehouse own = Warehouse.fresh();
        own.execute("""
                INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('t', 0, 0);
                INSERT INTO rider (rider_id, gender, date_of_birth, seen_at)
                VALUES (7, 'female', DATE '1991-06-15', now());
                INSERT INTO ride (ride_id, source_id, stream_key, rider_id, started_at, gender, age_years)
                SELECT n, 1, 'k', 7, d, 'female', extract(year FROM age(d, TIMESTAMP '1991-06-15'))
                FROM unnest(ARRAY[TIMESTAMPTZ '2025-12-31T12:00Z', '2026-06-14T12:00Z', '2026-06-16T12:00Z'])
                    WITH ORDINALITY AS x (d, n)""");

        assertThat(own.rows("SELECT age_band FROM analytics.fact_ride ORDER BY day"))
                .isEqualTo(List.of(List.of("25-34"), List.of("35-44"), List.of("35-44")));
        assertThat(own.rows("SELECT age_years FROM ride ORDER BY day"))
                .isEqualTo(List.of(List.of(34), List.of(34), List.of(35)));
    }

    @Test
    void anErasedRiderIsGoneAndTheRidesStayWithoutOne() {
        Warehouse own = Warehouse.fresh();
        own.execute("""
                INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('t', 0, 0);
                INSERT INTO bike VALUES ('b', now(), now());
                INSERT INTO rider (rider_id, gender, name, date_of_birth, weight_kg, seen_at)
                VALUES (7, 'female', 'Ruth', DATE '1991-06-15', 60, now()), (8, 'male', 'Tom', NULL, NULL, now());
                INSERT INTO ride (ride_id, source_id, stream_key, rider_id, bike_serial, started_at, gender, age_years,
                    status, energy_kj, power_mean_w)
                VALUES (1, 1, 'k', 7, 'b', '2026-11-24T12:00Z', 'female', 35, 'completed', 100, 150),
                    (2, 1, 'k', 8, 'b', '2026-11-24T13:00Z', 'male', NULL, 'completed', 50, 100)""");
        String rides = """
                SELECT rider_key IS NULL, bike_key IS NULL, gender, age_band, energy_kj, power_mean_w_per_kg
                FROM analytics.fact_ride ORDER BY ride_key""";
        assertThat(own.rows(rides).getFirst()).containsExactly(false, false, "female", "35-44", 100.0, 2.5);

        own.execute("""
                UPDATE rider SET name = NULL, date_of_birth = NULL, weight_kg = NULL, gender = 'unknown', erased_at = now()
                WHERE rider_id = 7;
                UPDATE ride SET rider_id = NULL WHERE rider_id = 7""");

        assertThat(own.count("SELECT count(*) FROM analytics.dim_rider")).isEqualTo(1);
        assertThat(own.rows(rides).getFirst())
                .containsExactlyElementsOf(java.util.Arrays.asList(true, true, "female", "35-44", 100.0, null));
        assertThat(own.rows("""
                SELECT count(*), sum(energy_kj), count(d.rider_key)
                FROM analytics.fact_ride r LEFT JOIN analytics.dim_rider d USING (rider_key)""")).isEqualTo(List.of(List.of(2L, 150.0, 1L)));
    }

    @Test
    void theCalendarReachesFromTheFirstRideToTheEndOfTheYear() throws SQLException {
        List<String> ends =
                analysts.rows("SELECT min(day), max(day) FROM dim_date").getFirst();

        assertThat(LocalDate.parse(ends.getFirst())).isBeforeOrEqualTo(LocalDate.of(2026, 1, 1));
        assertThat(ends.getLast()).endsWith("-12-31");
        assertThat(analysts.rows("SELECT weekday, weekday_no, iso_week, is_weekend, month FROM dim_date"
                        + " WHERE day = DATE '2026-11-24'"))
                .isEqualTo(List.of(List.of("Tuesday", "2", "48", "f", "November")));
    }

    private String plan(String sql) throws SQLException {
        StringBuilder plan = new StringBuilder();
        analysts.rows("EXPLAIN " + sql)
                .forEach(row -> plan.append(row.getFirst()).append('\n'));
        return plan.toString();
    }

    private List<String> column(String view, String name) throws SQLException {
        return analysts.rows("SELECT DISTINCT \"%s\"::text FROM %s".formatted(name, view)).stream()
                .map(List::getFirst)
                .toList();
    }

    private static String normal(Object value) {
        return value.toString().toLowerCase(Locale.ROOT).strip();
    }

    private static List<List<String>> text(List<List<Object>> rows) {
        return rows.stream()
                .map(row -> row.stream().map(String::valueOf).toList())
                .toList();
    }
}
