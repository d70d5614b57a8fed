package com.deloton.gateway.report.figures;

/** Queries over the rides that started at or after $1 and before $2. */
final class FiguresSql {
    private FiguresSql() {}

    /**
     * The rides; an open one is summed from its readings so far. Seconds with power are energy divided by mean power.
     */
    private static final String DAY_RIDE = """
            WITH day_ride AS MATERIALIZED (
                SELECT r.ride_id, r.rider_id, r.gender, r.age_years, r.started_at, r.status, r.zone_s,
                    width_bucket(r.age_years::integer, ARRAY[%s]) AS age_group,
                    coalesce(r.duration_s, o.duration_s, 0) AS duration_s,
                    coalesce(r.readings, o.readings, 0) AS readings,
                    coalesce(r.energy_kj, o.energy_kj, 0) AS energy_kj,
                    CASE WHEN r.status = 'open' THEN o.power_s
                        WHEN r.power_mean_w > 0 THEN round(r.energy_kj * 1000 / r.power_mean_w)
                        WHEN r.power_mean_w = 0 THEN r.readings
                        ELSE 0 END AS power_s,
                    coalesce(r.heart_rate_mean_bpm, o.heart_rate_mean_bpm) AS heart_rate_mean_bpm,
                    coalesce(r.heart_rate_max_bpm, o.heart_rate_max_bpm) AS heart_rate_max_bpm,
                    coalesce(r.heart_rate_measured_s, o.heart_rate_measured_s, 0) AS heart_rate_measured_s,
                    r.power_best_5s_w, r.power_best_1min_w, r.power_best_5min_w, r.power_best_20min_w
                FROM ride r
                LEFT JOIN LATERAL (
                    SELECT max(c.first_s + v.slot - 1)::integer AS duration_s, count(*)::integer AS readings,
                        coalesce(sum(v.power_w::float8), 0) / 1000 AS energy_kj, count(v.power_w) AS power_s,
                        avg(v.heart_rate_bpm)::float8 AS heart_rate_mean_bpm,
                        max(v.heart_rate_bpm) AS heart_rate_max_bpm,
                        count(v.heart_rate_bpm)::integer AS heart_rate_measured_s
                    FROM reading_chunk c
                    CROSS JOIN LATERAL unnest(c.delay_ms, c.heart_rate_bpm, c.power_w)
                        WITH ORDINALITY AS v (delay_ms, heart_rate_bpm, power_w, slot)
                    WHERE c.ride_id = r.ride_id AND v.delay_ms IS NOT NULL
                ) o ON r.status = 'open'
                WHERE r.started_at >= $1 AND r.started_at < $2
            )
            """.formatted(String.join(
            ", ", ReportAgeGroup.bounds().stream().map(String::valueOf).toList()));

    private static final String COUNTS = """
            count(*), count(DISTINCT rider_id), coalesce(sum(duration_s), 0), coalesce(sum(energy_kj), 0)::float8,
            (sum(energy_kj) * 1000 / nullif(sum(power_s), 0))::float8,
            (sum(heart_rate_mean_bpm * heart_rate_measured_s) / nullif(sum(heart_rate_measured_s)
                FILTER (WHERE heart_rate_mean_bpm IS NOT NULL), 0))::float8
            """;

    static final String GROUPS = DAY_RIDE + "SELECT " + COUNTS + """
            , gender, age_group, grouping(gender) = 1, grouping(age_group) = 1
            FROM day_ride
            GROUP BY GROUPING SETS ((), (gender), (age_group), (gender, age_group))""";

    static final String TOTALS = DAY_RIDE + ", per_rider AS (SELECT rider_id, " + """
                (sum(energy_kj) * 1000 / nullif(sum(power_s), 0))::float8 AS power_w,
                (sum(heart_rate_mean_bpm * heart_rate_measured_s) / nullif(sum(heart_rate_measured_s), 0))::float8 AS bpm
            FROM day_ride WHERE rider_id IS NOT NULL GROUP BY rider_id
            )
            SELECT\s""" + COUNTS + """
            , (SELECT avg(power_w) FROM per_rider), (SELECT avg(bpm) FROM per_rider)
            FROM day_ride""";

    static final String HOURS = """
            SELECT floor(extract(epoch FROM started_at - $1) / 3600)::integer, count(*)::integer
            FROM ride WHERE started_at >= $1 AND started_at < $2 GROUP BY 1""";

    static final String ZONES = """
            SELECT z.zone::integer, sum(z.seconds)
            FROM ride r CROSS JOIN LATERAL unnest(r.zone_s) WITH ORDINALITY AS z (seconds, zone)
            WHERE r.started_at >= $1 AND r.started_at < $2 GROUP BY 1""";

    private static final String[][] KINDS = {
        {"DURATION_S", "duration_s"},
        {"ENERGY_KJ", "energy_kj"},
        {"POWER_5S_W", "power_best_5s_w"},
        {"POWER_1MIN_W", "power_best_1min_w"},
        {"POWER_5MIN_W", "power_best_5min_w"},
        {"POWER_20MIN_W", "power_best_20min_w"}
    };

    static final String RECORDS = DAY_RIDE
            + java.util.Arrays.stream(KINDS)
                    .map(kind -> """
                            (SELECT '%1$s', %2$s::float8, (SELECT max(%2$s)::float8 FROM ride WHERE started_at < $1),
                                ride_id, rider_id, gender, age_group
                            FROM day_ride WHERE %2$s > 0 ORDER BY %2$s DESC, ride_id LIMIT 1)
                            """.formatted((Object[]) kind))
                    .collect(java.util.stream.Collectors.joining(" UNION ALL "));

    static final String ALERTS = """
            SELECT count(*), count(*) FILTER (WHERE d.status = 'sent'),
                count(*) FILTER (WHERE d.status IN ('due', 'sending')), count(*) FILTER (WHERE d.status = 'failed'),
                count(*) FILTER (WHERE d.status IS NULL OR d.status = 'suppressed'),
                count(*) FILTER (WHERE a.severity = 'critical'), count(DISTINCT a.rider_id), count(a.rider_answer),
                count(a.acknowledged_at),
                count(*) FILTER (WHERE a.acknowledged_at IS NULL AND d.status <> 'suppressed'),
                percentile_cont(0.5) WITHIN GROUP (ORDER BY t.after_s), max(t.after_s)
            FROM ride r
            JOIN alert a USING (ride_id)
            LEFT JOIN alert_delivery d ON d.ride_id = a.ride_id AND d.first_s = a.first_s AND d.kind = 'alert'
            CROSS JOIN LATERAL (
                SELECT CASE WHEN a.acknowledged_at IS NOT NULL
                    THEN greatest(extract(epoch FROM a.acknowledged_at - a.raised_at), 0)::float8 END AS after_s
            ) t
            WHERE r.started_at >= $1 AND r.started_at < $2""";

    /** Allows records that were received up to an hour before their own time, because clocks differ. */
    static final String QUALITY = DAY_RIDE + """
            SELECT coalesce(sum(readings), 0)::bigint, coalesce(sum(greatest(duration_s, readings)), 0)::bigint,
                coalesce(sum(readings - heart_rate_measured_s), 0)::bigint,
                coalesce(sum(readings - power_s), 0)::bigint,
                (SELECT count(*) FROM quarantine
                    WHERE received_at >= $1::timestamptz - interval '1 hour' AND record_at >= $1 AND record_at < $2),
                count(*) FILTER (WHERE status = 'open'), count(*) FILTER (WHERE status = 'abandoned'),
                count(*) FILTER (WHERE rider_id IS NULL)
            FROM day_ride""";

    static final String RIDERS = DAY_RIDE + """
            , alerts AS (
                SELECT d.rider_id, count(*) AS alerts FROM day_ride d JOIN alert a USING (ride_id) GROUP BY d.rider_id
            ), line AS (
                SELECT\s""" + COUNTS.replace("count(DISTINCT rider_id)", "1") + """
                , rider_id, (array_agg(gender ORDER BY started_at DESC))[1] AS gender,
                    (array_agg(age_years ORDER BY started_at DESC))[1] AS age,
                    max(heart_rate_max_bpm) AS heart_rate_max_bpm, sum(energy_kj) AS energy
                FROM day_ride WHERE rider_id IS NOT NULL
                GROUP BY rider_id ORDER BY energy DESC, rider_id LIMIT $3
            )
            SELECT line.*, coalesce(a.alerts, 0), r.name
            FROM line
            LEFT JOIN alerts a USING (rider_id)
            LEFT JOIN rider r ON r.rider_id = line.rider_id AND r.erased_at IS NULL
            ORDER BY energy DESC, line.rider_id""";
}
