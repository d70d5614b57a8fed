-- The analysts' warehouse: views of rides without personal data, and a role that sees nothing else.
-- docs/adr/0007 tells what a rider's key, age band and W/kg give away and what they do not.

DO $$
BEGIN
    CREATE ROLE deloton_analyst NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$;
COMMENT ON ROLE deloton_analyst IS 'May read the views of schema analytics; logins get it, and their limits, by CALL analyst_login(...).';

-- 52 random bits: exact in a double, so that no client rounds them.
ALTER TABLE rider ADD COLUMN analyst_key bigint NOT NULL UNIQUE
    DEFAULT ('x' || right(replace(gen_random_uuid()::text, '-', ''), 13))::bit(52)::bigint;
COMMENT ON COLUMN rider.analyst_key IS 'What analysts know the rider by: random, so that rider_id cannot be computed from it.';
ALTER TABLE bike ADD COLUMN analyst_key bigint NOT NULL UNIQUE
    DEFAULT ('x' || right(replace(gen_random_uuid()::text, '-', ''), 13))::bit(52)::bigint;
COMMENT ON COLUMN bike.analyst_key IS 'What analysts know the bike by: a serial number leads to the household that bought it.';
CREATE INDEX ride_by_day ON ride (day);

CREATE SCHEMA analytics;
COMMENT ON SCHEMA analytics IS 'What analysts may see: no personal data, times in UTC without a zone, units in the names.';

CREATE VIEW analytics.dim_rider WITH (security_barrier) AS
SELECT r.analyst_key AS rider_key,
       r.gender,
       (ARRAY['under 18', '18-24', '25-34', '35-44', '45-54', '55-64', '65-74', '75+', 'unknown'])[b.no] AS age_band,
       b.no AS age_band_no,
       date_trunc('month', r.account_created)::date AS joined_month
FROM rider r
CROSS JOIN LATERAL (
    SELECT coalesce(width_bucket(
        extract(year FROM current_date)::integer - extract(year FROM r.date_of_birth)::integer,
        ARRAY[18, 25, 35, 45, 55, 65, 75]) + 1, 9) AS no
) b
WHERE r.erased_at IS NULL;
COMMENT ON VIEW analytics.dim_rider IS 'One row a rider, without anything that names them; erased riders are gone.';
COMMENT ON COLUMN analytics.dim_rider.rider_key IS 'Random number that stands for the rider, the same in all views.';
COMMENT ON COLUMN analytics.dim_rider.gender IS 'female, male, other or unknown, as last told.';
COMMENT ON COLUMN analytics.dim_rider.age_band IS 'Group of the age in years that the rider reaches in this calendar year.';
COMMENT ON COLUMN analytics.dim_rider.age_band_no IS 'Order of the age bands: 1 is under 18, 8 is 75+, 9 is unknown.';
COMMENT ON COLUMN analytics.dim_rider.joined_month IS 'First day of the month in which the account was made.';

CREATE VIEW analytics.dim_bike AS
SELECT b.analyst_key AS bike_key,
       (b.first_seen_at AT TIME ZONE 'UTC')::date AS first_seen_day,
       (b.last_seen_at AT TIME ZONE 'UTC')::date AS last_seen_day
FROM bike b;
COMMENT ON VIEW analytics.dim_bike IS 'One row a bike.';
COMMENT ON COLUMN analytics.dim_bike.bike_key IS 'Random number that stands for the bike, the same in all views.';
COMMENT ON COLUMN analytics.dim_bike.first_seen_day IS 'UTC day on which the bike first reported.';
COMMENT ON COLUMN analytics.dim_bike.last_seen_day IS 'UTC day on which a rider last logged on.';

CREATE VIEW analytics.dim_date AS
SELECT d.day,
       extract(isoyear FROM d.day)::integer AS iso_year,
       extract(week FROM d.day)::integer AS iso_week,
       extract(isodow FROM d.day)::integer AS weekday_no,
       (ARRAY['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])
           [extract(isodow FROM d.day)::integer] AS weekday,
       extract(isodow FROM d.day) > 5 AS is_weekend,
       extract(year FROM d.day)::integer AS year,
       extract(quarter FROM d.day)::integer AS quarter,
       extract(month FROM d.day)::integer AS month_no,
       (ARRAY['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
           'November', 'December'])[extract(month FROM d.day)::integer] AS month
FROM (
    SELECT g.at::date AS day
    FROM generate_series(
        date_trunc('year', least((SELECT min(day) FROM ride), current_date)::timestamp),
        date_trunc('year', current_date::timestamp) + interval '1 year - 1 day',
        interval '1 day') AS g (at)
) d;
COMMENT ON VIEW analytics.dim_date IS 'One row a UTC day, from the year of the first ride to the end of this one.';
COMMENT ON COLUMN analytics.dim_date.day IS 'The day, in UTC.';
COMMENT ON COLUMN analytics.dim_date.iso_year IS 'Year that the ISO 8601 week belongs to.';
COMMENT ON COLUMN analytics.dim_date.iso_week IS 'ISO 8601 week, 1 to 53.';
COMMENT ON COLUMN analytics.dim_date.weekday_no IS 'Order of the weekdays: 1 is Monday, 7 is Sunday.';
COMMENT ON COLUMN analytics.dim_date.weekday IS 'Name of the weekday in English.';
COMMENT ON COLUMN analytics.dim_date.is_weekend IS 'Whether it is a Saturday or Sunday.';
COMMENT ON COLUMN analytics.dim_date.year IS 'Calendar year.';
COMMENT ON COLUMN analytics.dim_date.quarter IS 'Quarter of the year, 1 to 4.';
COMMENT ON COLUMN analytics.dim_date.month_no IS 'Month of the year, 1 to 12.';
COMMENT ON COLUMN analytics.dim_date.month IS 'Name of the month in English.';

CREATE VIEW analytics.fact_ride AS
SELECT r.ride_id AS ride_key,
       p.analyst_key AS rider_key,
       CASE WHEN r.rider_id IS NOT NULL THEN b.analyst_key END AS bike_key,
       r.day,
       r.started_at AT TIME ZONE 'UTC' AS started_at_utc,
       extract(hour FROM r.started_at AT TIME ZONE 'UTC')::integer AS start_hour_utc,
       r.status,
       r.gender,
       (ARRAY['under 18', '18-24', '25-34', '35-44', '45-54', '55-64', '65-74', '75+', 'unknown'])[a.no] AS age_band,
       a.no AS age_band_no,
       r.duration_s,
       r.moving_s,
       r.readings,
       greatest(r.duration_s - r.readings, 0) AS missing_s,
       r.energy_kj,
       r.power_mean_w,
       r.power_max_w,
       r.power_normalized_w,
       r.power_best_5s_w,
       r.power_best_1min_w,
       r.power_best_5min_w,
       r.power_best_20min_w,
       0.95 * r.power_best_20min_w AS ftp_estimate_w,
       round((r.power_mean_w / w.kg)::numeric, 1)::double precision AS power_mean_w_per_kg,
       round((r.power_best_20min_w / w.kg)::numeric, 1)::double precision AS power_best_20min_w_per_kg,
       r.heart_rate_min_bpm::integer AS heart_rate_min_bpm,
       r.heart_rate_mean_bpm,
       r.heart_rate_max_bpm::integer AS heart_rate_max_bpm,
       r.heart_rate_measured_s,
       r.cadence_mean_rpm,
       r.cadence_max_rpm::integer AS cadence_max_rpm,
       r.resistance_mean,
       r.resistance_max::integer AS resistance_max,
       r.zone_s[1] AS zone1_s,
       r.zone_s[2] AS zone2_s,
       r.zone_s[3] AS zone3_s,
       r.zone_s[4] AS zone4_s,
       r.zone_s[5] AS zone5_s
FROM ride r
LEFT JOIN rider p ON p.rider_id = r.rider_id AND p.erased_at IS NULL
LEFT JOIN bike b ON b.bike_serial = r.bike_serial
CROSS JOIN LATERAL (
    SELECT coalesce(width_bucket(
        CASE WHEN r.rider_id IS NULL THEN r.age_years::integer
             ELSE extract(year FROM r.day)::integer - extract(year FROM p.date_of_birth)::integer END,
        ARRAY[18, 25, 35, 45, 55, 65, 75]) + 1, 9) AS no
) a
CROSS JOIN LATERAL (SELECT nullif(round(p.weight_kg / 5.0) * 5, 0)::double precision AS kg) w;
COMMENT ON VIEW analytics.fact_ride IS 'One row a ride, open ones too; figures once it has ended.';
COMMENT ON COLUMN analytics.fact_ride.ride_key IS 'Number of the ride, the same as in the gateway''s API.';
COMMENT ON COLUMN analytics.fact_ride.rider_key IS 'Who rode; NULL if the bike named nobody or the rider was erased.';
COMMENT ON COLUMN analytics.fact_ride.bike_key IS 'On which bike; NULL where the rider is not known.';
COMMENT ON COLUMN analytics.fact_ride.day IS 'UTC day on which the ride began; filter on it, it makes queries fast.';
COMMENT ON COLUMN analytics.fact_ride.started_at_utc IS 'When the ride began, in UTC.';
COMMENT ON COLUMN analytics.fact_ride.start_hour_utc IS 'Hour of the day in which it began, 0 to 23, in UTC.';
COMMENT ON COLUMN analytics.fact_ride.status IS 'open, completed, or abandoned if the bike fell silent.';
COMMENT ON COLUMN analytics.fact_ride.gender IS 'female, male, other or unknown, as it was at the ride.';
COMMENT ON COLUMN analytics.fact_ride.age_band IS 'Group of the age in years reached in the calendar year of the ride; of the age at the ride without a rider.';
COMMENT ON COLUMN analytics.fact_ride.age_band_no IS 'Order of the age bands: 1 is under 18, 8 is 75+, 9 is unknown.';
COMMENT ON COLUMN analytics.fact_ride.duration_s IS 'Length of the ride, in seconds.';
COMMENT ON COLUMN analytics.fact_ride.moving_s IS 'Seconds with a cadence above 0.';
COMMENT ON COLUMN analytics.fact_ride.readings IS 'Seconds for which there is a reading.';
COMMENT ON COLUMN analytics.fact_ride.missing_s IS 'Seconds for which there is none.';
COMMENT ON COLUMN analytics.fact_ride.energy_kj IS 'Mechanical work, in kJ; about as many kcal burnt.';
COMMENT ON COLUMN analytics.fact_ride.power_mean_w IS 'Mean power, in W.';
COMMENT ON COLUMN analytics.fact_ride.power_max_w IS 'Highest power, in W.';
COMMENT ON COLUMN analytics.fact_ride.power_normalized_w IS 'Coggan''s normalized power, in W; NULL below 30 s.';
COMMENT ON COLUMN analytics.fact_ride.power_best_5s_w IS 'Highest mean power over 5 s, in W.';
COMMENT ON COLUMN analytics.fact_ride.power_best_1min_w IS 'Highest mean power over a minute, in W.';
COMMENT ON COLUMN analytics.fact_ride.power_best_5min_w IS 'Highest mean power over 5 minutes, in W.';
COMMENT ON COLUMN analytics.fact_ride.power_best_20min_w IS 'Highest mean power over 20 minutes, in W; NULL on shorter rides.';
COMMENT ON COLUMN analytics.fact_ride.ftp_estimate_w IS 'Estimate of functional threshold power, 0.95 times the best 20 minutes, in W.';
COMMENT ON COLUMN analytics.fact_ride.power_mean_w_per_kg IS 'Mean power to today''s weight rounded to 5 kg, in W/kg to 0.1.';
COMMENT ON COLUMN analytics.fact_ride.power_best_20min_w_per_kg IS 'Best 20 minutes to today''s weight rounded to 5 kg, in W/kg to 0.1.';
COMMENT ON COLUMN analytics.fact_ride.heart_rate_min_bpm IS 'Lowest measured heart rate, in bpm.';
COMMENT ON COLUMN analytics.fact_ride.heart_rate_mean_bpm IS 'Mean of the measured heart rates, in bpm.';
COMMENT ON COLUMN analytics.fact_ride.heart_rate_max_bpm IS 'Highest measured heart rate, in bpm.';
COMMENT ON COLUMN analytics.fact_ride.heart_rate_measured_s IS 'Seconds with a measured heart rate.';
COMMENT ON COLUMN analytics.fact_ride.cadence_mean_rpm IS 'Mean cadence, in revolutions a minute.';
COMMENT ON COLUMN analytics.fact_ride.cadence_max_rpm IS 'Highest cadence, in revolutions a minute.';
COMMENT ON COLUMN analytics.fact_ride.resistance_mean IS 'Mean resistance setting of the bike, no unit.';
COMMENT ON COLUMN analytics.fact_ride.resistance_max IS 'Highest resistance setting of the bike, no unit.';
COMMENT ON COLUMN analytics.fact_ride.zone1_s IS 'Seconds below 57 % of the maximum heart rate; NULL if the age is unknown.';
COMMENT ON COLUMN analytics.fact_ride.zone2_s IS 'Seconds at 57 to 63 % of the maximum heart rate.';
COMMENT ON COLUMN analytics.fact_ride.zone3_s IS 'Seconds at 64 to 76 % of the maximum heart rate.';
COMMENT ON COLUMN analytics.fact_ride.zone4_s IS 'Seconds at 77 to 95 % of the maximum heart rate.';
COMMENT ON COLUMN analytics.fact_ride.zone5_s IS 'Seconds from 96 % of the maximum heart rate on.';

CREATE VIEW analytics.fact_ride_minute AS
SELECT m.ride_id AS ride_key,
       m.day,
       m.minute::integer AS minute_no,
       r.started_at AT TIME ZONE 'UTC' + m.minute * interval '1 minute' AS minute_at_utc,
       m.readings::integer AS readings,
       m.energy_kj,
       m.power_mean_w,
       m.power_max_w,
       m.heart_rate_mean_bpm,
       m.heart_rate_max_bpm::integer AS heart_rate_max_bpm,
       m.heart_rate_measured_s::integer AS heart_rate_measured_s,
       m.cadence_mean_rpm,
       m.resistance_mean
FROM ride_minute m
LEFT JOIN ride r ON r.ride_id = m.ride_id;
COMMENT ON VIEW analytics.fact_ride_minute IS 'One row a minute of an ended ride.';
COMMENT ON COLUMN analytics.fact_ride_minute.ride_key IS 'Number of the ride.';
COMMENT ON COLUMN analytics.fact_ride_minute.day IS 'UTC day on which the ride began; filter on it, it makes queries fast.';
COMMENT ON COLUMN analytics.fact_ride_minute.minute_no IS 'Minute of the ride, from 0.';
COMMENT ON COLUMN analytics.fact_ride_minute.minute_at_utc IS 'When the minute began, in UTC.';
COMMENT ON COLUMN analytics.fact_ride_minute.readings IS 'Seconds for which there is a reading, at most 60.';
COMMENT ON COLUMN analytics.fact_ride_minute.energy_kj IS 'Mechanical work, in kJ.';
COMMENT ON COLUMN analytics.fact_ride_minute.power_mean_w IS 'Mean power, in W.';
COMMENT ON COLUMN analytics.fact_ride_minute.power_max_w IS 'Highest power, in W.';
COMMENT ON COLUMN analytics.fact_ride_minute.heart_rate_mean_bpm IS 'Mean of the measured heart rates, in bpm.';
COMMENT ON COLUMN analytics.fact_ride_minute.heart_rate_max_bpm IS 'Highest measured heart rate, in bpm.';
COMMENT ON COLUMN analytics.fact_ride_minute.heart_rate_measured_s IS 'Seconds with a measured heart rate, at most 60.';
COMMENT ON COLUMN analytics.fact_ride_minute.cadence_mean_rpm IS 'Mean cadence, in revolutions a minute.';
COMMENT ON COLUMN analytics.fact_ride_minute.resistance_mean IS 'Mean resistance setting of the bike, no unit.';

CREATE VIEW analytics.fact_alert AS
SELECT a.ride_id AS ride_key,
       a.first_s AS episode_s,
       (a.raised_at AT TIME ZONE 'UTC')::date AS day,
       a.raised_at AT TIME ZONE 'UTC' AS raised_at_utc,
       CASE WHEN a.high THEN 'above' ELSE 'below' END AS direction,
       a.severity,
       (ARRAY['1-5', '6-10', '11-20', 'over 20'])[1 + width_bucket(
           CASE WHEN a.high THEN a.raised_bpm - a.max_bpm ELSE a.min_bpm - a.raised_bpm END,
           ARRAY[6, 11, 21])] AS beyond_band_bpm,
       CASE WHEN t.phase IN ('normal', 'ended') THEN t.elapsed_s - a.first_s END AS lasted_s,
       coalesce(d.status, 'none') AS mail_status,
       extract(epoch FROM d.sent_at - a.received_at)::double precision AS mailed_after_s,
       extract(epoch FROM a.acknowledged_at - d.sent_at)::double precision AS acknowledged_after_s
FROM alert a
LEFT JOIN alert_delivery d ON d.ride_id = a.ride_id AND d.first_s = a.first_s AND d.kind = 'alert'
LEFT JOIN LATERAL (
    SELECT x.phase, x.elapsed_s FROM alert_transition x WHERE x.ride_id = a.ride_id AND x.first_s = a.first_s
    ORDER BY x.elapsed_s DESC, x.at DESC LIMIT 1
) t ON true;
COMMENT ON VIEW analytics.fact_alert IS 'One row an episode of a heart rate outside the rider''s range.';
COMMENT ON COLUMN analytics.fact_alert.ride_key IS 'Number of the ride.';
COMMENT ON COLUMN analytics.fact_alert.episode_s IS 'Second of the ride at which the episode began; with the ride it is the episode''s key.';
COMMENT ON COLUMN analytics.fact_alert.day IS 'UTC day on which it was raised.';
COMMENT ON COLUMN analytics.fact_alert.raised_at_utc IS 'When it was raised, in UTC.';
COMMENT ON COLUMN analytics.fact_alert.direction IS 'above or below the rider''s range.';
COMMENT ON COLUMN analytics.fact_alert.severity IS 'warning or critical, as it was when raised.';
COMMENT ON COLUMN analytics.fact_alert.beyond_band_bpm IS 'How far outside the range when raised, in bands of bpm.';
COMMENT ON COLUMN analytics.fact_alert.lasted_s IS 'Seconds until the heart rate was back or the ride over; NULL while it lasts.';
COMMENT ON COLUMN analytics.fact_alert.mail_status IS 'due, sending, sent, suppressed or failed; none if no mail was made.';
COMMENT ON COLUMN analytics.fact_alert.mailed_after_s IS 'Seconds from the reading''s arrival to the mail server''s acceptance.';
COMMENT ON COLUMN analytics.fact_alert.acknowledged_after_s IS 'Seconds from the mail to the rider''s acknowledgement; NULL without one.';

CREATE VIEW analytics.fact_reading AS
SELECT s.ride_id AS ride_key,
       s.day,
       s.first_s + v.slot::integer - 1 AS elapsed_s,
       (s.zero_at + (s.first_s + v.slot - 1) * interval '1 second' + v.delay_ms * interval '1 millisecond')
           AT TIME ZONE 'UTC' AS recorded_at_utc,
       v.heart_rate_bpm::integer AS heart_rate_bpm,
       v.cadence_rpm::integer AS cadence_rpm,
       v.resistance::integer AS resistance,
       v.power_w
FROM (
    SELECT t.ride_id, t.day, t.first_s, t.zero_at,
           t.delay_ms, t.heart_rate_bpm, t.cadence_rpm, t.resistance, t.power_w
    FROM ride_series t
    UNION ALL
    SELECT c.ride_id, r.day, c.first_s, c.zero_at,
           c.delay_ms, c.heart_rate_bpm, c.cadence_rpm, c.resistance, c.power_w
    FROM reading_chunk c
    JOIN ride r ON r.ride_id = c.ride_id
) s
CROSS JOIN LATERAL unnest(s.delay_ms, s.heart_rate_bpm, s.cadence_rpm, s.resistance, s.power_w)
    WITH ORDINALITY AS v (delay_ms, heart_rate_bpm, cadence_rpm, resistance, power_w, slot)
WHERE v.delay_ms IS NOT NULL;
COMMENT ON VIEW analytics.fact_reading IS 'One row a second of a ride: for looking into single rides or days, not for totals.';
COMMENT ON COLUMN analytics.fact_reading.ride_key IS 'Number of the ride.';
COMMENT ON COLUMN analytics.fact_reading.day IS 'UTC day on which the ride began; always filter on it or on the ride.';
COMMENT ON COLUMN analytics.fact_reading.elapsed_s IS 'Second of the ride.';
COMMENT ON COLUMN analytics.fact_reading.recorded_at_utc IS 'When it was measured, by the bike''s clock, in UTC.';
COMMENT ON COLUMN analytics.fact_reading.heart_rate_bpm IS 'Heart rate, in bpm; NULL when not measured.';
COMMENT ON COLUMN analytics.fact_reading.cadence_rpm IS 'Cadence, in revolutions a minute.';
COMMENT ON COLUMN analytics.fact_reading.resistance IS 'Resistance setting of the bike, no unit.';
COMMENT ON COLUMN analytics.fact_reading.power_w IS 'Power, in W.';

GRANT USAGE ON SCHEMA analytics TO deloton_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA analytics TO deloton_analyst;
ALTER DEFAULT PRIVILEGES IN SCHEMA analytics GRANT SELECT ON TABLES TO deloton_analyst;

-- What everybody may do by default, analysts included. A managed server may not let the owner change it.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY[
        'REVOKE ALL ON SCHEMA public FROM PUBLIC',
        format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()),
        format('GRANT CONNECT ON DATABASE %I TO deloton_analyst', current_database())]
    LOOP
        BEGIN
            EXECUTE wanted;
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE WARNING 'left undone, as % may not: %; let the owner of the database do it', current_user, wanted;
        END;
    END LOOP;
    IF has_schema_privilege('deloton_analyst', 'public', 'USAGE') THEN
        RAISE WARNING 'analysts can list the schema public; let its owner run: REVOKE ALL ON SCHEMA public FROM PUBLIC';
    END IF;
END $$;

CREATE FUNCTION cancel_analyst_queries(longer_than interval)
    RETURNS TABLE (login text, running_s double precision, outcome text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    session record;
BEGIN
    FOR session IN
        SELECT a.pid, a.usename, a.state,
               extract(epoch FROM clock_timestamp() - CASE a.state WHEN 'active' THEN a.query_start ELSE a.xact_start END)
                   ::double precision AS seconds,
               EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory') AS locks
        FROM pg_stat_activity a
        JOIN pg_auth_members m ON m.member = a.usesysid AND NOT m.admin_option
        JOIN pg_roles g ON g.oid = m.roleid AND g.rolname = 'deloton_analyst'
        WHERE a.datname = current_database() AND a.usename <> current_user AND a.pid <> pg_backend_pid()
    LOOP
        login := session.usename;
        running_s := coalesce(session.seconds, 0);
        IF session.state IS NULL THEN
            outcome := 'hidden';
            RETURN NEXT;
        ELSIF session.locks OR session.seconds > extract(epoch FROM longer_than) THEN
            BEGIN
                IF session.state = 'active' AND NOT session.locks THEN
                    outcome := CASE WHEN pg_cancel_backend(session.pid) THEN 'cancelled' ELSE 'gone' END;
                ELSE
                    outcome := CASE WHEN pg_terminate_backend(session.pid) THEN 'ended' ELSE 'gone' END;
                END IF;
            EXCEPTION WHEN insufficient_privilege THEN
                outcome := 'refused';
            END;
            RETURN NEXT;
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION cancel_analyst_queries IS
    'Cancels analysts'' queries and ends their idle transactions that run longer, and ends sessions with an advisory lock, which could hold up the gateway; hidden and refused ask for analyst_login.';
REVOKE ALL ON FUNCTION cancel_analyst_queries FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cancel_analyst_queries TO deloton_gateway;

CREATE PROCEDURE analyst_login(login text, connections integer DEFAULT 20)
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    watcher text := (SELECT pg_get_userbyid(proowner) FROM pg_proc
                     WHERE oid = 'public.cancel_analyst_queries(interval)'::regprocedure);
    setting text;
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = login
               AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls))
        OR login = watcher OR login LIKE 'deloton\_%'
        OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
                   WHERE r.rolname = login AND pg_get_userbyid(m.roleid) <> 'deloton_analyst') THEN
        RAISE EXCEPTION 'role % may do more than an analyst; choose a login of its own', login;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = login) THEN
        EXECUTE format('CREATE ROLE %I', login);
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN CONNECTION LIMIT %s', login, connections);
    EXECUTE format('GRANT deloton_analyst TO %I', login);
    FOREACH setting IN ARRAY ARRAY[
        'default_transaction_read_only = on', 'statement_timeout = ''2min''', 'lock_timeout = ''5s''',
        'idle_in_transaction_session_timeout = ''1min''', 'work_mem = ''64MB''', 'max_parallel_workers_per_gather = 1',
        'search_path = analytics', 'timezone = ''UTC''', 'temp_file_limit = ''4GB''']
    LOOP
        BEGIN
            EXECUTE format('ALTER ROLE %I SET %s', login, setting);
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE WARNING 'not set for %, as % may not: %; set it for the server', login, current_user, setting;
        END;
    END LOOP;
    EXECUTE format('GRANT %I TO %I', login, watcher);
END $$;
COMMENT ON PROCEDURE analyst_login IS
    'Makes a login for analysts, or brings one up to date: role, limits, and the watchdog''s right to cancel its queries. Set the password afterwards.';
REVOKE ALL ON PROCEDURE analyst_login FROM PUBLIC;
