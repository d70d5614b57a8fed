-- pglz takes 5.3 bytes a reading, lz4 7.3, and both are read in the same time (docs/adr/0019). Stored rows keep their
-- compression until their retention ends.

DO $$
DECLARE
    part   regclass;
    packed text;
BEGIN
    FOR part IN SELECT relid FROM pg_partition_tree('public.ride_series') LOOP
        FOREACH packed IN ARRAY ARRAY['delay_ms', 'heart_rate_bpm', 'cadence_rpm', 'resistance', 'power_w'] LOOP
            EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %I SET COMPRESSION pglz', part, packed);
        END LOOP;
    END LOOP;
END $$;
