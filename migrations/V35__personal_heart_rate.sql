-- The policy personal: the rule that an alert broke, and the maximum heart rate learnt from each rider's rides.

ALTER TABLE alert ADD COLUMN rule text NOT NULL DEFAULT 'range'
    CHECK (rule IN ('range', 'not_pedalling', 'no_recovery'));
COMMENT ON COLUMN alert.rule IS
    'range: outside min_bpm and max_bpm; not_pedalling, no_recovery: above max_bpm, the limit of that rule at that time.';

ALTER TABLE ride ADD COLUMN held_bpm smallint;
COMMENT ON COLUMN ride.held_bpm IS
    'Heart rate held for 30 s, from which the rider''s maximum is learnt; 0 if the ride shows none, NULL until computed.';
CREATE INDEX ride_to_learn ON ride (started_at, ride_id)
    WHERE status <> 'open' AND held_bpm IS NULL AND rider_id IS NOT NULL AND age_years IS NOT NULL;

CREATE TABLE rider_heart_rate (
    rider_id     bigint PRIMARY KEY REFERENCES rider,
    bpm          double precision NOT NULL CHECK (bpm BETWEEN 20 AND 250),
    measured_at  timestamptz      NOT NULL,
    applies_from timestamptz      NOT NULL,
    former_bpm   double precision CHECK (former_bpm BETWEEN 20 AND 250),
    former_at    timestamptz,
    updated_at   timestamptz      NOT NULL DEFAULT now(),
    CHECK ((former_bpm IS NULL) = (former_at IS NULL))
);
CREATE INDEX rider_heart_rate_updated ON rider_heart_rate (updated_at, rider_id);
COMMENT ON TABLE rider_heart_rate IS 'The maximum heart rate learnt from a rider''s ended rides.';
COMMENT ON COLUMN rider_heart_rate.bpm IS 'The maximum at measured_at, in bpm; it fades afterwards.';
COMMENT ON COLUMN rider_heart_rate.applies_from IS 'Rides that start earlier use former_bpm, also after a restart.';
COMMENT ON COLUMN rider_heart_rate.former_bpm IS 'The maximum before; NULL if there was none.';
COMMENT ON COLUMN rider_heart_rate.former_at IS 'When former_bpm was measured.';
GRANT SELECT, INSERT, UPDATE ON rider_heart_rate TO deloton_gateway;

CREATE FUNCTION forget_heart_rate() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM rider_heart_rate h WHERE h.rider_id = NEW.rider_id;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION forget_heart_rate IS 'An erased rider has no learnt maximum.';
REVOKE ALL ON FUNCTION forget_heart_rate FROM PUBLIC;
CREATE TRIGGER forget_heart_rate AFTER UPDATE OF erased_at ON rider
    FOR EACH ROW WHEN (NEW.erased_at IS NOT NULL) EXECUTE FUNCTION forget_heart_rate();
