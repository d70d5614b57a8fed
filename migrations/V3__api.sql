-- What the REST API needs: an audit, paths to lists, figures of live rides, deletion and erasure, replays.

CREATE TABLE audit (
    audit_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT now(),
    subject    text        NOT NULL,
    action     text        NOT NULL,
    target     text        NOT NULL,
    detail     jsonb       NOT NULL DEFAULT '{}',
    request_id text
);
CREATE INDEX audit_by_target ON audit (target, at);
COMMENT ON TABLE audit IS 'Who changed or took out what by the API. Holds no personal data; rows are only ever added.';
COMMENT ON COLUMN audit.subject IS 'Subject of the token.';
COMMENT ON COLUMN audit.action IS 'Such as erase_rider, delete_ride, export_rider.';
COMMENT ON COLUMN audit.target IS 'Kind and id, such as rider/4826.';
COMMENT ON COLUMN audit.detail IS 'Numbers of rows and the like.';
COMMENT ON COLUMN audit.request_id IS 'The id under which the log has the request.';

CREATE INDEX ride_by_bike ON ride (bike_serial, started_at, ride_id);
CREATE INDEX ride_live ON ride (started_at, ride_id) WHERE status = 'open';
CREATE INDEX ride_by_duration ON ride (duration_s, ride_id) WHERE status <> 'open';
CREATE INDEX ride_by_energy ON ride (energy_kj, ride_id) WHERE status <> 'open';
CREATE INDEX ride_by_power ON ride (power_mean_w, ride_id) WHERE status <> 'open' AND power_mean_w IS NOT NULL;
CREATE INDEX ride_by_stream ON ride (source_id, stream_key, ride_id);
CREATE INDEX rider_by_city ON rider (lower(address_city));
CREATE INDEX rider_by_name ON rider (lower(name) text_pattern_ops);

ALTER TABLE alert ADD COLUMN acknowledged_by text;
COMMENT ON COLUMN alert.acknowledged_by IS 'Subject of the token that acknowledged it; NULL when the rider did.';

ALTER TABLE quarantine ADD COLUMN replayed_at timestamptz, ADD COLUMN replayed_by text;
COMMENT ON COLUMN quarantine.replayed_at IS 'When a replay put the record into its ride; NULL while it is held.';
COMMENT ON COLUMN quarantine.replayed_by IS 'Subject of the token that asked for the replay.';

CREATE FUNCTION live_figures(wanted bigint)
    RETURNS TABLE (duration_s integer, readings integer, energy_kj double precision, power_mean_w double precision,
        power_max_w double precision, heart_rate_mean_bpm double precision, heart_rate_max_bpm smallint,
        heart_rate_measured_s integer, cadence_mean_rpm double precision)
    LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT max(c.first_s + v.slot - 1)::integer, count(*)::integer,
        coalesce(sum(v.power_w::double precision), 0) / 1000, avg(v.power_w::double precision),
        max(v.power_w)::double precision, avg(v.heart_rate_bpm)::double precision, max(v.heart_rate_bpm),
        count(v.heart_rate_bpm)::integer, avg(v.cadence_rpm)::double precision
    FROM reading_chunk c
    CROSS JOIN LATERAL unnest(c.delay_ms, c.heart_rate_bpm, c.cadence_rpm, c.power_w)
        WITH ORDINALITY AS v (delay_ms, heart_rate_bpm, cadence_rpm, power_w, slot)
    WHERE c.ride_id = wanted AND v.delay_ms IS NOT NULL
$$;
COMMENT ON FUNCTION live_figures IS 'Key figures of a live ride as of its latest stored reading, as ride has them of an ended one.';

CREATE FUNCTION forget_erased_rider() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT FROM rider r WHERE r.rider_id = NEW.rider_id AND r.erased_at IS NOT NULL) THEN
        NEW.rider_id := NULL;
        IF TG_TABLE_NAME = 'ride' THEN
            NEW.gender := 'unknown';
            NEW.age_years := NULL;
        END IF;
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION forget_erased_rider IS 'Rides and alerts that come after a rider''s erasure belong to nobody.';
REVOKE ALL ON FUNCTION forget_erased_rider FROM PUBLIC;
CREATE TRIGGER forget_erased_rider BEFORE INSERT ON ride
    FOR EACH ROW WHEN (NEW.rider_id IS NOT NULL) EXECUTE FUNCTION forget_erased_rider();
CREATE TRIGGER forget_erased_rider BEFORE INSERT ON alert
    FOR EACH ROW WHEN (NEW.rider_id IS NOT NULL) EXECUTE FUNCTION forget_erased_rider();

CREATE FUNCTION delete_ride(wanted bigint, by_whom text, in_request text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
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
    DELETE FROM alert a WHERE a.ride_id = wanted;
    GET DIAGNOSTICS lost = ROW_COUNT;
    DELETE FROM ride r WHERE r.ride_id = wanted;
    INSERT INTO audit (subject, action, target, detail, request_id)
    VALUES (by_whom, 'delete_ride', 'ride/' || wanted,
        jsonb_build_object('readings', found_ride.readings, 'alerts', lost), in_request);
    RETURN 'deleted';
END $$;
COMMENT ON FUNCTION delete_ride IS 'Deletes an ended ride with all it has, audited; says deleted, or why not: unknown or live.';
REVOKE ALL ON FUNCTION delete_ride FROM PUBLIC;

CREATE FUNCTION erase_rider(wanted bigint, by_whom text, in_request text)
    RETURNS TABLE (outcome text, at timestamptz, rides bigint, alerts bigint, quarantined bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    known    rider;
    ride_ids bigint[];
BEGIN
    SELECT * INTO known FROM rider r WHERE r.rider_id = wanted AND r.erased_at IS NULL FOR UPDATE;
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
    DELETE FROM ride_series s USING ride r WHERE r.rider_id = wanted AND s.ride_id = r.ride_id AND s.day = r.day;
    DELETE FROM ride_minute m USING ride r WHERE r.rider_id = wanted AND m.ride_id = r.ride_id AND m.day = r.day;
    DELETE FROM reading_chunk c WHERE c.ride_id = ANY (ride_ids);
    DELETE FROM alert a WHERE a.rider_id = wanted OR a.ride_id = ANY (ride_ids);
    GET DIAGNOSTICS alerts = ROW_COUNT;
    DELETE FROM rider_alert_setting s WHERE s.rider_id = wanted;
    DELETE FROM quarantine q
    WHERE encode(q.value, 'escape') ~ ('user_id[\\"'']*\s*:\s*' || wanted || '(\D|$)')
        OR position(known.email_address IN encode(q.value, 'escape')) > 0;
    GET DIAGNOSTICS quarantined = ROW_COUNT;
    UPDATE ride r SET rider_id = NULL WHERE r.rider_id = wanted;
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
    'Removes a rider''s personal data, readings and alerts, audited; says erased, or why not: unknown or live.';
REVOKE ALL ON FUNCTION erase_rider FROM PUBLIC;

GRANT SELECT, INSERT ON audit TO deloton_gateway;
GRANT DELETE ON rider_alert_setting TO deloton_gateway;
GRANT UPDATE (replayed_at, replayed_by) ON quarantine TO deloton_gateway;
GRANT UPDATE ON ride_series, ride_minute TO deloton_gateway;
GRANT EXECUTE ON FUNCTION live_figures, delete_ride, erase_rider TO deloton_gateway;
