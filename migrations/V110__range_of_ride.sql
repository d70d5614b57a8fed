-- The page of an ended ride shows the range that applied to its heart rate, also if it raised no alert.

ALTER TABLE ride ADD COLUMN range_min_bpm smallint, ADD COLUMN range_max_bpm smallint;
COMMENT ON COLUMN ride.range_min_bpm IS
    'Lowest heart rate without an alert at the start of the ride, by formula, policy or agreement, in bpm; NULL if unknown, or stored by an earlier version.';
COMMENT ON COLUMN ride.range_max_bpm IS
    'Highest heart rate without an alert at the start of the ride, by formula, policy or agreement, in bpm; NULL if unknown, or stored by an earlier version.';

CREATE FUNCTION forget_range_of_erased_rider() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.range_min_bpm := NULL;
    NEW.range_max_bpm := NULL;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION forget_range_of_erased_rider IS 'Rides of erased riders have no range, from which the age can be computed.';
-- By its name it runs after forget_erased_rider, which sets rider_erased.
CREATE TRIGGER forget_rider_erased_range BEFORE INSERT OR UPDATE OF rider_erased ON ride
    FOR EACH ROW WHEN (NEW.rider_erased) EXECUTE FUNCTION forget_range_of_erased_rider();
