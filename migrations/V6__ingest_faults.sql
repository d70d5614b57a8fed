-- Ingest that survives faults: flushes are numbered, topics have an identity, old days need no partition of their own.

ALTER TABLE ingest_position
    ADD COLUMN topic_id text,
    ADD COLUMN flush_no bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN ingest_position.topic_id IS
    'Kafka''s id of the topic that the offsets belong to; a topic that was deleted and created again has another.';
COMMENT ON COLUMN ingest_position.flush_no IS
    'Grows with each flush, also one that moves no offset: it settles whether a commit without an answer was done.';

CREATE TABLE ride_series_default PARTITION OF ride_series DEFAULT;
CREATE TABLE ride_minute_default PARTITION OF ride_minute DEFAULT;
COMMENT ON TABLE ride_series_default IS 'Rides of days without a partition of their own: more than 31 days ago when stored.';
COMMENT ON TABLE ride_minute_default IS 'Minutes of rides in ride_series_default.';

CREATE OR REPLACE FUNCTION ensure_day(wanted date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    parent   text;
    part     text;
    occupied boolean;
BEGIN
    IF wanted NOT BETWEEN current_date - 31 AND current_date + 31
        OR to_regclass('public.ride_series' || to_char(wanted, '"_"YYYYMMDD')) IS NOT NULL
            AND to_regclass('public.ride_minute' || to_char(wanted, '"_"YYYYMMDD')) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('deloton.ensure_day'));
    FOREACH parent IN ARRAY ARRAY['ride_series', 'ride_minute'] LOOP
        part := parent || to_char(wanted, '"_"YYYYMMDD');
        IF to_regclass('public.' || part) IS NULL THEN
            EXECUTE format('SELECT EXISTS (SELECT FROM public.%I WHERE day = %L)', parent || '_default', wanted)
                INTO occupied;
            CONTINUE WHEN occupied;
            EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', part, parent);
            EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                parent, part, wanted, wanted + 1);
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION ensure_day IS
    'Creates the partitions of a UTC day within 31 days of today if they are missing; all other days share the default ones.';
