-- The minutes of an ended ride in one row of arrays, less than a third of the bytes of a row a minute (docs/adr/0019).
-- Gateways of the version before still write rows of ride_minute; the view minute has both.

CREATE TABLE ride_minutes (
    ride_id      bigint     PRIMARY KEY,
    day          date       NOT NULL,
    first_minute smallint   NOT NULL,
    readings     smallint[] NOT NULL,
    heart_rate   smallint[] NOT NULL,
    figures      real[]     NOT NULL
);
CREATE INDEX ride_minutes_by_day ON ride_minutes (day);
COMMENT ON TABLE ride_minutes IS 'The minutes of an ended ride in one row, from first_minute to the last; the view minute has a row for each.';
COMMENT ON COLUMN ride_minutes.day IS 'UTC day on which the ride began.';
COMMENT ON COLUMN ride_minutes.first_minute IS 'The minute of the ride that readings begins with, from 0.';
COMMENT ON COLUMN ride_minutes.readings IS 'Seconds with a reading in each minute; 0 where the minute has no row.';
COMMENT ON COLUMN ride_minutes.heart_rate IS
    'Two elements a minute: the highest heart rate in bpm, 0 if none was measured, and the seconds with a measured one.';
COMMENT ON COLUMN ride_minutes.figures IS
    'Six elements a minute: energy_kj, power_mean_w, power_max_w, heart_rate_mean_bpm, cadence_mean_rpm, resistance_mean.';

-- Until the end of this transaction, gateways wait with the ends of rides.
LOCK TABLE ride_minute IN ACCESS EXCLUSIVE MODE;

-- Grouped in the order of the subquery, which has a row without readings for each minute that is missing in between.
INSERT INTO ride_minutes
SELECT g.ride_id, g.day, g.first_minute, g.readings, ARRAY(SELECT unnest(g.heart_rate)), ARRAY(SELECT unnest(g.figures))
FROM (
    SELECT m.ride_id, m.day, min(m.minute) AS first_minute, array_agg(m.readings) AS readings,
        array_agg(ARRAY[coalesce(m.heart_rate_max_bpm, 0::smallint), m.heart_rate_measured_s]) AS heart_rate,
        array_agg(ARRAY[m.energy_kj, m.power_mean_w, m.power_max_w, m.heart_rate_mean_bpm, m.cadence_mean_rpm,
            m.resistance_mean]) AS figures
    FROM (
        SELECT o.ride_id, o.day, o.minute, o.readings, o.energy_kj, o.power_mean_w, o.power_max_w,
            o.heart_rate_mean_bpm, o.heart_rate_max_bpm, o.heart_rate_measured_s, o.cadence_mean_rpm, o.resistance_mean
        FROM ride_minute o
        UNION ALL
        SELECT f.ride_id, f.day, n.minute::smallint, 0::smallint, NULL, NULL, NULL, NULL, NULL, 0::smallint, NULL, NULL
        FROM (
            SELECT o.ride_id, o.day, o.minute, lead(o.minute) OVER (PARTITION BY o.ride_id, o.day ORDER BY o.minute) AS next
            FROM ride_minute o
        ) f
        CROSS JOIN LATERAL generate_series(f.minute + 1, f.next - 1) AS n (minute)
        WHERE f.next > f.minute + 1
        ORDER BY ride_id, day, minute
    ) m
    GROUP BY m.ride_id, m.day
) g;

DO $$
DECLARE
    part text;
BEGIN
    FOR part IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.ride_minute'::regclass AND c.relname <> 'ride_minute_default'
    LOOP
        EXECUTE format('DROP TABLE public.%I', part);
    END LOOP;
    TRUNCATE ride_minute_default;
END $$;
COMMENT ON TABLE ride_minute IS
    'Minutes of rides that gateways of an earlier version ended beside this schema; ride_minutes has all others, the view minute both.';
COMMENT ON TABLE ride_minute_default IS 'The rows of ride_minute.';

CREATE FUNCTION replace_ride_minutes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM ride_minutes m WHERE m.ride_id = NEW.ride_id;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION replace_ride_minutes IS
    'A gateway of an earlier version that replays a record writes all minutes of the ride: they replace those in ride_minutes.';
REVOKE ALL ON FUNCTION replace_ride_minutes FROM PUBLIC;
CREATE TRIGGER replace_ride_minutes BEFORE INSERT ON ride_minute FOR EACH ROW EXECUTE FUNCTION replace_ride_minutes();

CREATE VIEW minute AS
SELECT m.ride_id, m.day, m.minute, m.readings, m.energy_kj, m.power_mean_w, m.power_max_w, m.heart_rate_mean_bpm,
       m.heart_rate_max_bpm, m.heart_rate_measured_s, m.cadence_mean_rpm, m.resistance_mean
FROM ride_minute m
UNION ALL
SELECT m.ride_id, m.day, (m.first_minute + n.no - 1)::smallint, n.readings,
       a.figures[6 * n.no - 5], a.figures[6 * n.no - 4], a.figures[6 * n.no - 3], a.figures[6 * n.no - 2],
       nullif(a.heart_rate[2 * n.no - 1], 0::smallint), a.heart_rate[2 * n.no], a.figures[6 * n.no - 1],
       a.figures[6 * n.no]
FROM ride_minutes m
-- Appending nothing unpacks an array once for all its elements; OFFSET 0 keeps the planner from repeating it for each.
CROSS JOIN LATERAL (
    SELECT m.heart_rate || '{}'::smallint[] AS heart_rate, m.figures || '{}'::real[] AS figures OFFSET 0
) a
CROSS JOIN LATERAL (
    SELECT u.readings, u.no::integer AS no FROM unnest(m.readings) WITH ORDINALITY AS u (readings, no)
    WHERE u.readings > 0 OFFSET 0
) n;
COMMENT ON VIEW minute IS 'One row a minute of every ended ride that has readings in it; means are over measured values only.';
COMMENT ON COLUMN minute.day IS 'UTC day on which the ride began.';
COMMENT ON COLUMN minute.minute IS 'Minute of the ride, from 0.';
COMMENT ON COLUMN minute.readings IS 'Seconds with a reading, at most 60.';
COMMENT ON COLUMN minute.energy_kj IS 'Sum of power over seconds, in kJ.';
COMMENT ON COLUMN minute.heart_rate_measured_s IS 'Seconds with a measured heart rate, at most 60.';

CREATE OR REPLACE VIEW analytics.fact_ride_minute AS
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
FROM minute m
LEFT JOIN ride r ON r.ride_id = m.ride_id;

CREATE OR REPLACE FUNCTION ensure_day(wanted date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    part     text := to_char(wanted, '"ride_series_"YYYYMMDD');
    occupied boolean;
BEGIN
    IF wanted NOT BETWEEN current_date - 31 AND current_date + 31 OR to_regclass('public.' || part) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('deloton.ensure_day'));
    IF to_regclass('public.' || part) IS NULL THEN
        SELECT EXISTS (SELECT FROM ride_series_default s WHERE s.day = wanted) INTO occupied;
        IF NOT occupied THEN
            EXECUTE format('CREATE TABLE public.%I (LIKE public.ride_series INCLUDING ALL)', part);
            EXECUTE format('ALTER TABLE public.ride_series ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                part, wanted, wanted + 1);
        END IF;
    END IF;
END $$;
COMMENT ON FUNCTION ensure_day IS
    'Creates the partition of a UTC day within 31 days of today if it is missing; all other days share the default one.';

CREATE OR REPLACE FUNCTION delete_ride(wanted bigint, by_whom text, in_request text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found_ride ride;
    lost       bigint;
BEGIN
    SELECT * INTO found_ride FROM ride r WHERE r.ride_id = wanted FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'unknown';
    ELSIF found_ride.status = 'open' THEN
        RETURN 'live';
    END IF;
    DELETE FROM ride_series s WHERE s.ride_id = wanted AND s.day = found_ride.day;
    DELETE FROM ride_minute m WHERE m.ride_id = wanted AND m.day = found_ride.day;
    DELETE FROM ride_minutes m WHERE m.ride_id = wanted;
    DELETE FROM alert a WHERE a.ride_id = wanted;
    GET DIAGNOSTICS lost = ROW_COUNT;
    DELETE FROM ride r WHERE r.ride_id = wanted;
    INSERT INTO audit (subject, action, target, detail, request_id)
    VALUES (by_whom, 'delete_ride', 'ride/' || wanted,
        jsonb_build_object('readings', found_ride.readings, 'alerts', lost), in_request);
    RETURN 'deleted';
END $$;

CREATE OR REPLACE FUNCTION erase_rider(wanted bigint, by_whom text, in_request text, sources integer[], offsets bigint[])
    RETURNS TABLE (outcome text, at timestamptz, rides bigint, alerts bigint, quarantined bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ride_ids bigint[];
    serials  text[];
BEGIN
    PERFORM FROM rider r WHERE r.rider_id = wanted AND r.erased_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        outcome := 'unknown';
        RETURN NEXT;
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM ride r WHERE r.rider_id = wanted AND r.status = 'open') THEN
        outcome := 'live';
        RETURN NEXT;
        RETURN;
    END IF;
    ride_ids := ARRAY(SELECT r.ride_id FROM ride r WHERE r.rider_id = wanted);
    serials := ARRAY(SELECT DISTINCT r.bike_serial FROM ride r WHERE r.rider_id = wanted AND r.bike_serial IS NOT NULL);
    DELETE FROM ride_series s USING ride r WHERE r.rider_id = wanted AND s.ride_id = r.ride_id AND s.day = r.day;
    DELETE FROM ride_minute m USING ride r WHERE r.rider_id = wanted AND m.ride_id = r.ride_id AND m.day = r.day;
    DELETE FROM ride_minutes m WHERE m.ride_id = ANY (ride_ids);
    DELETE FROM reading_chunk c WHERE c.ride_id = ANY (ride_ids);
    DELETE FROM alert a WHERE a.rider_id = wanted OR a.ride_id = ANY (ride_ids);
    GET DIAGNOSTICS alerts = ROW_COUNT;
    -- The stored answers of endpoints may repeat what was sent about a ride.
    DELETE FROM webhook_delivery w WHERE w.ride_id = ANY (ride_ids);
    DELETE FROM rider_alert_setting s WHERE s.rider_id = wanted;
    DELETE FROM quarantine q
    WHERE q.rider_id = wanted
        OR (q.source_id, q.record_offset) IN (SELECT * FROM unnest(sources, offsets));
    GET DIAGNOSTICS quarantined = ROW_COUNT;
    UPDATE ride r
    SET rider_id = NULL, rider_erased = true, bike_serial = NULL, stream_key = '', gender = 'unknown', age_years = NULL,
        zone_s = NULL
    WHERE r.rider_id = wanted;
    -- A bike that only this rider used leads to the rider's household.
    BEGIN
        DELETE FROM bike b
        WHERE b.bike_serial = ANY (serials) AND NOT EXISTS (SELECT FROM ride r WHERE r.bike_serial = b.bike_serial);
    EXCEPTION WHEN foreign_key_violation THEN
        NULL; -- another rider has just begun a ride on one of them
    END;
    UPDATE rider r
    SET title = NULL, name = NULL, gender = 'unknown', date_of_birth = NULL, email_address = NULL,
        address_unit = NULL, address_street = NULL, address_city = NULL, address_postcode = NULL, height_cm = NULL,
        weight_kg = NULL, account_created = NULL, original_source = NULL, erased_at = now()
    WHERE r.rider_id = wanted;
    outcome := 'erased';
    at := now();
    rides := cardinality(ride_ids);
    INSERT INTO audit (subject, action, target, detail, request_id)
    VALUES (by_whom, 'erase_rider', 'rider/' || wanted,
        jsonb_build_object('rides', rides, 'alerts', alerts, 'quarantined', quarantined), in_request);
    RETURN NEXT;
END $$;

GRANT SELECT, INSERT, UPDATE ON ride_minutes TO deloton_gateway;
GRANT SELECT ON minute TO deloton_gateway;
GRANT DELETE ON ride_minute TO deloton_gateway;
