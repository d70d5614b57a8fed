-- The archive of closed days: which days are in it, what changed since, and its Iceberg catalog.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'deloton_archive') THEN
        CREATE ROLE deloton_archive NOLOGIN;
    END IF;
END $$;
COMMENT ON ROLE deloton_archive IS 'What the archive job may do; grant it to the login of its database.user.';

CREATE TABLE archived_day (
    day               date PRIMARY KEY,
    archived_at       timestamptz,
    changed_at        timestamptz,
    dropped_at        timestamptz,
    rides             bigint,
    rides_checksum    text,
    series            bigint,
    series_checksum   text,
    staged_checksum   text,
    readings          bigint,
    bytes             bigint
);
COMMENT ON TABLE archived_day IS 'The UTC days in the archive. A row without archived_at is of a day whose first export has not ended.';
COMMENT ON COLUMN archived_day.archived_at IS 'When counts and checksums of the files were last found equal to the database''s.';
COMMENT ON COLUMN archived_day.changed_at IS
    'First change of a ride of the day since the latest export began; the day is exported again. NULL without one.';
COMMENT ON COLUMN archived_day.dropped_at IS 'When readings of the day were first deleted here: from then on the archive alone has them.';
COMMENT ON COLUMN archived_day.rides IS 'Rows of the day in the Iceberg table ride.';
COMMENT ON COLUMN archived_day.rides_checksum IS 'Sum over these rows of 60 bits of the MD5 of their values in PostgreSQL''s binary format.';
COMMENT ON COLUMN archived_day.series IS 'Rows of the day in the Iceberg table ride_readings.';
COMMENT ON COLUMN archived_day.series_checksum IS 'As rides_checksum.';
COMMENT ON COLUMN archived_day.staged_checksum IS
    'As series_checksum, of an export that has begun to replace the day in the archive; NULL once it has ended.';
COMMENT ON COLUMN archived_day.readings IS 'Seconds with a reading in these rows.';
COMMENT ON COLUMN archived_day.bytes IS 'Size of the day''s data files.';

CREATE FUNCTION archived_day_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE archived_day a SET changed_at = now()
    WHERE a.day = CASE TG_OP WHEN 'DELETE' THEN OLD.day ELSE NEW.day END AND a.changed_at IS NULL;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION archived_day_changed IS 'Rides that end late, are changed, erased or deleted make the archive export their day again.';
REVOKE ALL ON FUNCTION archived_day_changed FROM PUBLIC;
CREATE TRIGGER archived_day_changed AFTER INSERT OR UPDATE ON ride
    FOR EACH ROW WHEN (NEW.status <> 'open') EXECUTE FUNCTION archived_day_changed();
CREATE TRIGGER archived_day_changed_by_deletion AFTER DELETE ON ride
    FOR EACH ROW EXECUTE FUNCTION archived_day_changed();

CREATE FUNCTION delete_archived_readings(keep interval, slice integer, OUT deleted bigint, OUT more boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    first_kept date := ((now() - greatest(keep, interval '1 day')) AT TIME ZONE 'UTC')::date;
    part       text;
    part_day   date;
BEGIN
    SELECT c.relname, a.day INTO part, part_day
    FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid
    JOIN archived_day a ON a.day = to_date(substring(c.relname FROM '^ride_series_(\d{8})$'), 'YYYYMMDD')
    WHERE i.inhparent = 'public.ride_series'::regclass AND a.day < first_kept
        AND a.archived_at IS NOT NULL AND a.changed_at IS NULL
    ORDER BY a.day LIMIT 1;
    IF part IS NOT NULL THEN
        -- As DROP TABLE does, and readers: first the parent.
        LOCK TABLE ONLY ride_series IN ACCESS EXCLUSIVE MODE;
        EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', part);
        -- A change may have been committed while this waited for the lock.
        UPDATE archived_day a SET dropped_at = coalesce(a.dropped_at, now())
        WHERE a.day = part_day AND a.archived_at IS NOT NULL AND a.changed_at IS NULL;
        more := true;
        deleted := 0;
        IF FOUND THEN
            EXECUTE format('SELECT count(*) FROM public.%I', part) INTO deleted;
            EXECUTE format('DROP TABLE public.%I', part);
        END IF;
        RETURN;
    END IF;
    SELECT a.day INTO part_day
    FROM archived_day a
    WHERE a.day < first_kept AND a.archived_at IS NOT NULL AND a.changed_at IS NULL
        AND EXISTS (SELECT FROM ride_series_default s WHERE s.day = a.day)
    ORDER BY a.day LIMIT 1 FOR UPDATE SKIP LOCKED;
    deleted := 0;
    more := false;
    IF part_day IS NOT NULL THEN
        UPDATE archived_day a SET dropped_at = coalesce(a.dropped_at, now()) WHERE a.day = part_day;
        DELETE FROM ride_series_default WHERE ctid = ANY (ARRAY(
            SELECT s.ctid FROM ride_series_default s WHERE s.day = part_day LIMIT slice FOR UPDATE SKIP LOCKED));
        GET DIAGNOSTICS deleted = ROW_COUNT;
        more := deleted > 0;
    END IF;
END $$;
COMMENT ON FUNCTION delete_archived_readings IS
    'Deletes the readings of the oldest expired UTC day, or a slice of them on days without a partition, if the archive has the day as it is now.';
REVOKE ALL ON FUNCTION delete_archived_readings FROM PUBLIC;

CREATE SCHEMA archive;
COMMENT ON SCHEMA archive IS 'The JDBC catalog of the Iceberg tables; its two tables are those of Iceberg''s JdbcCatalog, version V1.';
CREATE TABLE archive.iceberg_tables (
    catalog_name               varchar(255) NOT NULL,
    table_namespace            varchar(255) NOT NULL,
    table_name                 varchar(255) NOT NULL,
    metadata_location          varchar(1000),
    previous_metadata_location varchar(1000),
    iceberg_type               varchar(5),
    PRIMARY KEY (catalog_name, table_namespace, table_name)
);
COMMENT ON TABLE archive.iceberg_tables IS 'The current metadata file of each Iceberg table.';
CREATE TABLE archive.iceberg_namespace_properties (
    catalog_name   varchar(255) NOT NULL,
    namespace      varchar(255) NOT NULL,
    property_key   varchar(255) NOT NULL,
    property_value varchar(1000),
    PRIMARY KEY (catalog_name, namespace, property_key)
);
COMMENT ON TABLE archive.iceberg_namespace_properties IS 'Properties of Iceberg namespaces.';

GRANT USAGE ON SCHEMA public, archive TO deloton_archive;
GRANT SELECT ON ride, ride_series TO deloton_archive;
GRANT SELECT, INSERT, UPDATE ON archived_day TO deloton_archive;
GRANT SELECT, INSERT, UPDATE, DELETE ON archive.iceberg_tables, archive.iceberg_namespace_properties TO deloton_archive;
GRANT SELECT ON archived_day TO deloton_gateway;
GRANT EXECUTE ON FUNCTION delete_archived_readings TO deloton_gateway;
