-- Erasure covers quarantined records in any spelling, the bike, age and gender of the rider's rides, and what arrives later.

ALTER TABLE quarantine ADD COLUMN rider_id bigint, ADD COLUMN bike_serial text;
COMMENT ON COLUMN quarantine.rider_id IS 'Rider of the latest ride that began on the stream before the record; NULL if none is known.';
COMMENT ON COLUMN quarantine.bike_serial IS 'Bike of that ride; NULL if none is known.';
COMMENT ON TABLE quarantine IS 'Records that could not be used, unchanged; may hold personal data. Deleted after retention.quarantine.';

ALTER TABLE ride ADD COLUMN rider_erased boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN ride.rider_erased IS 'The rider was erased: the ride has no rider, bike, gender, age and zones, and once it has ended no stream key.';
ALTER TABLE alert ADD COLUMN rider_erased boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN alert.rider_erased IS 'Raised for a rider who was erased before; never mailed, deleted after the ride.';

UPDATE quarantine q
SET (rider_id, bike_serial) = (
    SELECT r.rider_id, r.bike_serial FROM ride r
    WHERE r.source_id = q.source_id AND r.stream_key = coalesce(q.record_key, '')
        AND r.ride_id <= q.record_offset * 4096 + q.source_id
    ORDER BY r.ride_id DESC LIMIT 1);

-- Rides of riders erased by earlier versions: only a named rider gives a ride gender and age.
UPDATE ride
SET rider_erased = true, bike_serial = NULL, gender = 'unknown', age_years = NULL, zone_s = NULL,
    stream_key = CASE status WHEN 'open' THEN stream_key ELSE '' END
WHERE rider_id IS NULL AND (gender <> 'unknown' OR age_years IS NOT NULL);
UPDATE alert a SET rider_erased = true WHERE a.rider_id IS NULL;

CREATE INDEX quarantine_by_rider ON quarantine (rider_id) WHERE rider_id IS NOT NULL;
CREATE INDEX rider_erased ON rider (rider_id) WHERE erased_at IS NOT NULL;
CREATE INDEX ride_of_erased ON ride (ride_id) WHERE rider_erased AND stream_key <> '';
CREATE INDEX alert_of_erased ON alert (ride_id) WHERE rider_erased;

CREATE OR REPLACE FUNCTION forget_erased_rider() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM rider r WHERE r.rider_id = NEW.rider_id AND r.erased_at IS NOT NULL) THEN
        NEW.rider_id := NULL;
        NEW.rider_erased := true;
        IF TG_TABLE_NAME = 'ride' THEN
            NEW.bike_serial := NULL;
            NEW.gender := 'unknown';
            NEW.age_years := NULL;
        END IF;
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION forget_erased_rider IS 'Rides and alerts that arrive after the erasure of their rider have no rider.';

CREATE FUNCTION relate_quarantined() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_erased boolean;
BEGIN
    SELECT r.rider_id, r.bike_serial, r.rider_erased INTO NEW.rider_id, NEW.bike_serial, of_erased
    FROM ride r
    WHERE r.source_id = NEW.source_id AND r.stream_key = coalesce(NEW.record_key, '')
        AND r.ride_id <= NEW.record_offset * 4096 + NEW.source_id
    ORDER BY r.ride_id DESC LIMIT 1;
    IF coalesce(of_erased, false)
        OR EXISTS (
            SELECT FROM rider r
            WHERE r.erased_at IS NOT NULL AND r.rider_id IN (
                SELECT m[1]::bigint
                FROM regexp_matches(encode(substring(NEW.value FOR 65536), 'escape'),
                    'user[^a-z0-9]{0,3}id[^0-9]{0,24}0*([0-9]{1,18})', 'gi') AS m)) THEN
        NEW.rider_id := NULL;
        NEW.bike_serial := NULL;
        NEW.value := NULL;
        NEW.detail := 'the record is about an erased rider; its bytes are not kept';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION relate_quarantined IS
    'Relates a quarantined record to rider and bike, and keeps no bytes of records about erased riders.';
REVOKE ALL ON FUNCTION relate_quarantined FROM PUBLIC;
CREATE TRIGGER relate_quarantined BEFORE INSERT ON quarantine FOR EACH ROW EXECUTE FUNCTION relate_quarantined();

-- A gateway of an earlier version calls the function with three arguments and fails: it would leave quarantined records.
DROP FUNCTION erase_rider(bigint, text, text);
CREATE FUNCTION erase_rider(wanted bigint, by_whom text, in_request text, sources integer[], offsets bigint[])
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
COMMENT ON FUNCTION erase_rider IS
    'Removes a rider''s personal data, readings, alerts and the given quarantined records, audited; returns erased, or why not: unknown or live.';
REVOKE ALL ON FUNCTION erase_rider FROM PUBLIC;

CREATE FUNCTION forget_ended_rides_of_erased() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM alert a
    WHERE a.rider_erased AND a.stored_at < now() - interval '10 minutes'
        AND NOT EXISTS (SELECT FROM ride r WHERE r.ride_id = a.ride_id AND r.status = 'open');
    UPDATE ride r SET stream_key = '', zone_s = NULL
    WHERE r.rider_erased AND r.stream_key <> '' AND r.status <> 'open';
$$;
COMMENT ON FUNCTION forget_ended_rides_of_erased IS
    'Removes the alerts, zones and stream keys of rides that erased riders began after their erasure, once those have ended.';
REVOKE ALL ON FUNCTION forget_ended_rides_of_erased FROM PUBLIC;

GRANT DELETE ON quarantine TO deloton_gateway;
GRANT EXECUTE ON FUNCTION erase_rider, forget_ended_rides_of_erased TO deloton_gateway;
