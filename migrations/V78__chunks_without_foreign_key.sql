-- One look-up for each statement of a flush takes the place of a foreign key's look-up and row lock for each chunk.

ALTER TABLE reading_chunk DROP CONSTRAINT reading_chunk_ride_id_fkey;

CREATE FUNCTION check_rides_of_chunks() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    missing bigint;
BEGIN
    SELECT a.ride_id INTO missing FROM added a
    WHERE NOT EXISTS (SELECT FROM ride r WHERE r.ride_id = a.ride_id) LIMIT 1;
    IF FOUND THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('ride %s of a reading_chunk is not stored', missing), TABLE = 'reading_chunk';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION check_rides_of_chunks IS
    'Refuses chunks of rides that are not stored. Takes no lock: open rides, the only ones with new chunks, are never deleted.';
CREATE TRIGGER check_rides_of_chunks AFTER INSERT ON reading_chunk
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_rides_of_chunks();

CREATE FUNCTION delete_chunks_of_rides() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM reading_chunk c USING removed r WHERE c.ride_id = r.ride_id;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION delete_chunks_of_rides IS 'Deletes the chunks of deleted rides.';
REVOKE ALL ON FUNCTION delete_chunks_of_rides FROM PUBLIC;
CREATE TRIGGER delete_chunks_of_rides AFTER DELETE ON ride
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION delete_chunks_of_rides();
