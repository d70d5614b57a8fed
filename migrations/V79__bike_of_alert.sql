-- A mail about an alert names the bike; the ride may be stored later than the alert.

ALTER TABLE alert ADD COLUMN bike_serial text;
COMMENT ON COLUMN alert.bike_serial IS
    'The bike, for an alert that is mailed before its ride is stored; NULL in alerts of earlier versions.';

CREATE FUNCTION forget_bike_of_erased_rider() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.bike_serial := NULL;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION forget_bike_of_erased_rider IS 'Alerts that arrive after the erasure of their rider have no bike.';
-- By its name it runs after forget_erased_rider, which sets rider_erased.
CREATE TRIGGER forget_rider_erased_bike BEFORE INSERT ON alert
    FOR EACH ROW WHEN (NEW.rider_erased) EXECUTE FUNCTION forget_bike_of_erased_rider();
