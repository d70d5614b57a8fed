-- Answers of webhook endpoints may repeat what the gateway sent about a ride; they go with its rider.

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
    DELETE FROM reading_chunk c WHERE c.ride_id = ANY (ride_ids);
    DELETE FROM alert a WHERE a.rider_id = wanted OR a.ride_id = ANY (ride_ids);
    GET DIAGNOSTICS alerts = ROW_COUNT;
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
        NULL; -- somebody else has just begun a ride on one of them
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

-- As V30 does it, for the functions that were added since.
DO $$
DECLARE
    routine record;
BEGIN
    FOR routine IN
        SELECT p.oid::regprocedure AS signature, substr(setting, length('search_path=') + 1) AS path
        FROM pg_proc p
        CROSS JOIN LATERAL unnest(p.proconfig) AS setting
        WHERE p.pronamespace IN ('public'::regnamespace, 'analytics'::regnamespace)
          AND p.prosecdef AND setting LIKE 'search\_path=%' AND setting NOT LIKE '%pg\_temp'
    LOOP
        EXECUTE format('ALTER ROUTINE %s SET search_path = %s, pg_temp', routine.signature, routine.path);
    END LOOP;
END $$;
