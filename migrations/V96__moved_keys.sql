-- Open rides follow their Kafka key to another partition of the topic when partitions are added.

ALTER TABLE ingest_position ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN ingest_position.created_at IS
    'When the partition was first taken over: partitions much younger than the others were added to the topic.';

CREATE TABLE held_record (
    source_id     integer     NOT NULL REFERENCES ingest_position,
    record_offset bigint      NOT NULL,
    record_at     timestamptz NOT NULL,
    record_key    text        NOT NULL,
    value         bytea       NOT NULL,
    held_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source_id, record_offset)
);
COMMENT ON TABLE held_record IS
    'Records before the position of their partition that wait for the open ride of their key; unchanged, for a minute at most.';
COMMENT ON COLUMN held_record.source_id IS 'Partition of the record.';
COMMENT ON COLUMN held_record.record_offset IS 'Its offset.';
COMMENT ON COLUMN held_record.record_at IS 'Its Kafka timestamp, bounded by the gateway''s clock.';
COMMENT ON COLUMN held_record.record_key IS 'Its Kafka key, as in ride.stream_key.';
COMMENT ON COLUMN held_record.value IS 'Its value, unchanged; may hold personal data.';
COMMENT ON COLUMN held_record.held_at IS 'When it was stored here.';
GRANT SELECT, INSERT, DELETE ON held_record TO deloton_gateway;
CREATE INDEX ride_moved ON ride (source_id, stream_key) WHERE ride_id % 4096 <> source_id;
GRANT UPDATE (next_offset) ON reading_chunk TO deloton_gateway;

COMMENT ON COLUMN ride.source_id IS
    'Partition that the ride is read from; another than that of its number if its key has moved.';
COMMENT ON COLUMN reading_chunk.next_offset IS
    'The offset up to which the flush went; less 2^62 once the ride has moved to another partition.';

CREATE OR REPLACE FUNCTION relate_quarantined() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_erased boolean;
BEGIN
    SELECT r.rider_id, r.bike_serial, r.rider_erased INTO NEW.rider_id, NEW.bike_serial, of_erased
    FROM (
        (SELECT * FROM ride
         WHERE source_id = NEW.source_id AND stream_key = coalesce(NEW.record_key, '')
             AND ride_id <= NEW.record_offset * 4096 + NEW.source_id
         ORDER BY ride_id DESC LIMIT 1)
        UNION ALL
        (SELECT * FROM ride
         WHERE source_id = NEW.source_id AND stream_key = NEW.record_key AND ride_id % 4096 <> source_id
         ORDER BY started_at DESC LIMIT 1)
    ) r
    ORDER BY r.started_at DESC LIMIT 1;
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
