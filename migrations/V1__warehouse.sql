-- The warehouse: rows where people look, arrays where data rests. Times are timestamptz, days are UTC days.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'deloton_gateway') THEN
        CREATE ROLE deloton_gateway NOLOGIN;
    END IF;
END $$;
COMMENT ON ROLE deloton_gateway IS 'What the running gateway may do; grant it to the login of `database.user`.';

CREATE TABLE ingest_position (
    source_id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY CHECK (source_id < 4096),
    topic          text        NOT NULL,
    partition      integer     NOT NULL,
    next_offset    bigint      NOT NULL,
    epoch          bigint      NOT NULL DEFAULT 1,
    last_record_at timestamptz,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (topic, partition)
);
COMMENT ON TABLE ingest_position IS 'How far each Kafka partition is in the warehouse: the truth on (re)assignment.';
COMMENT ON COLUMN ingest_position.next_offset IS 'The first offset that is not in the warehouse yet.';
COMMENT ON COLUMN ingest_position.epoch IS 'Grows with each owner; writes of an earlier owner are refused.';
COMMENT ON COLUMN ingest_position.last_record_at IS 'The latest Kafka timestamp of the records taken in.';

CREATE TABLE rider (
    rider_id         bigint PRIMARY KEY,
    title            text,
    name             text,
    gender           text        NOT NULL CHECK (gender IN ('female', 'male', 'other', 'unknown')),
    date_of_birth    date,
    email_address    text,
    address_unit     text,
    address_street   text,
    address_city     text,
    address_postcode text,
    height_cm        smallint,
    weight_kg        smallint,
    account_created  date,
    original_source  text,
    seen_at          timestamptz NOT NULL,
    erased_at        timestamptz
);
COMMENT ON TABLE rider IS 'Personal data lives here and nowhere else.';
COMMENT ON COLUMN rider.rider_id IS 'The customer''s user_id.';
COMMENT ON COLUMN rider.seen_at IS 'The log-on that the data is from; an older log-on does not overwrite it.';
COMMENT ON COLUMN rider.erased_at IS 'Set when the rider was forgotten; later log-ons restore nothing.';

CREATE TABLE bike (
    bike_serial   text PRIMARY KEY,
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL
);

CREATE TABLE ride (
    ride_id             bigint PRIMARY KEY,
    source_id           integer     NOT NULL REFERENCES ingest_position,
    stream_key          text        NOT NULL,
    rider_id            bigint REFERENCES rider,
    bike_serial         text REFERENCES bike,
    started_at          timestamptz NOT NULL,
    day                 date        NOT NULL GENERATED ALWAYS AS ((started_at AT TIME ZONE 'UTC')::date) STORED,
    gender              text        NOT NULL CHECK (gender IN ('female', 'male', 'other', 'unknown')),
    age_years           smallint,
    status              text        NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'completed', 'abandoned')),
    ended_at            timestamptz,
    duration_s          integer,
    moving_s            integer,
    readings            integer,
    energy_kj           double precision,
    power_mean_w        double precision,
    power_max_w         double precision,
    power_normalized_w  double precision,
    power_best_5s_w     double precision,
    power_best_1min_w   double precision,
    power_best_5min_w   double precision,
    power_best_20min_w  double precision,
    heart_rate_min_bpm  smallint,
    heart_rate_mean_bpm double precision,
    heart_rate_max_bpm  smallint,
    heart_rate_measured_s integer,
    cadence_mean_rpm    double precision,
    cadence_max_rpm     smallint,
    resistance_mean     double precision,
    resistance_max      smallint,
    zone_s              integer[]
);
CREATE INDEX ride_by_start ON ride (started_at, ride_id);
CREATE INDEX ride_by_rider ON ride (rider_id, started_at);
CREATE INDEX ride_open ON ride (source_id) WHERE status = 'open';
COMMENT ON TABLE ride IS 'One row a ride, with its key figures once it has ended (status other than open).';
COMMENT ON COLUMN ride.ride_id IS 'Offset of the record that began the ride, times 4096, plus source_id.';
COMMENT ON COLUMN ride.stream_key IS 'The Kafka key of the bike''s stream.';
COMMENT ON COLUMN ride.rider_id IS 'NULL when the bike never named a rider.';
COMMENT ON COLUMN ride.gender IS 'As it was at the start of the ride.';
COMMENT ON COLUMN ride.age_years IS 'Full years at the start of the ride, in UTC.';
COMMENT ON COLUMN ride.ended_at IS 'When the last reading was measured; the start if there is none.';
COMMENT ON COLUMN ride.duration_s IS 'The last second seen.';
COMMENT ON COLUMN ride.moving_s IS 'Seconds with cadence above 0.';
COMMENT ON COLUMN ride.energy_kj IS 'Sum of power over seconds, in kJ.';
COMMENT ON COLUMN ride.power_normalized_w IS 'Coggan''s normalized power; NULL below 30 s.';
COMMENT ON COLUMN ride.power_best_20min_w IS 'Highest mean power over 20 consecutive minutes; NULL on shorter rides.';
COMMENT ON COLUMN ride.heart_rate_mean_bpm IS 'Over measured values only.';
COMMENT ON COLUMN ride.zone_s IS 'Seconds in each ACSM heart-rate zone, 1 to 5; NULL when the age is unknown.';

CREATE TABLE reading_chunk (
    ride_id         bigint     NOT NULL REFERENCES ride ON DELETE CASCADE,
    next_offset     bigint     NOT NULL,
    first_s         integer    NOT NULL,
    zero_at         timestamptz,
    delay_ms        integer[]  NOT NULL,
    heart_rate_bpm  smallint[] NOT NULL,
    cadence_rpm     smallint[] NOT NULL,
    resistance      smallint[] NOT NULL,
    power_w         real[]     NOT NULL,
    half_at         timestamptz,
    half_elapsed_s  integer,
    half_resistance integer,
    PRIMARY KEY (ride_id, next_offset, first_s)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE reading_chunk IS 'Readings of open rides, one row a stream and flush; moved to ride_series when the ride ends.';
COMMENT ON COLUMN reading_chunk.next_offset IS 'The offset up to which the flush went.';
COMMENT ON COLUMN reading_chunk.first_s IS 'The second of the ride that the first array element stands for.';
COMMENT ON COLUMN reading_chunk.zero_at IS 'When second 0 was, by the bike''s clock.';
COMMENT ON COLUMN reading_chunk.delay_ms IS 'Milliseconds a reading is later than its second; NULL where a second has no reading.';
COMMENT ON COLUMN reading_chunk.half_elapsed_s IS 'The second of a Ride line that waits for its Telemetry line; NULL if none does.';

CREATE TABLE ride_series (
    day            date       NOT NULL,
    ride_id        bigint     NOT NULL,
    first_s        integer    NOT NULL,
    zero_at        timestamptz NOT NULL,
    delay_ms       integer[] NOT NULL,
    heart_rate_bpm smallint[] NOT NULL,
    cadence_rpm    smallint[] NOT NULL,
    resistance     smallint[] NOT NULL,
    power_w        real[]    NOT NULL,
    PRIMARY KEY (ride_id, day)
) PARTITION BY RANGE (day);
DO $$
DECLARE
    wide text;
BEGIN
    IF (SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression') THEN
        FOREACH wide IN ARRAY ARRAY['delay_ms', 'heart_rate_bpm', 'cadence_rpm', 'resistance', 'power_w'] LOOP
            EXECUTE format('ALTER TABLE ride_series ALTER COLUMN %I SET COMPRESSION lz4', wide);
        END LOOP;
    END IF;
END $$;
COMMENT ON TABLE ride_series IS 'All readings of an ended ride in one row of arrays; columns as in reading_chunk.';

CREATE TABLE ride_minute (
    day                 date     NOT NULL,
    ride_id             bigint   NOT NULL,
    minute              smallint NOT NULL,
    readings            smallint NOT NULL,
    energy_kj           real     NOT NULL,
    power_mean_w        real,
    power_max_w         real,
    heart_rate_mean_bpm real,
    heart_rate_max_bpm  smallint,
    heart_rate_measured_s smallint NOT NULL,
    cadence_mean_rpm    real,
    resistance_mean     real,
    PRIMARY KEY (ride_id, day, minute)
) PARTITION BY RANGE (day);
COMMENT ON TABLE ride_minute IS 'One row a minute of an ended ride, counted from 0; means are over measured values only.';

CREATE TABLE quarantine (
    source_id     integer     NOT NULL REFERENCES ingest_position,
    record_offset bigint      NOT NULL,
    record_at     timestamptz NOT NULL,
    record_key    text,
    reason        text        NOT NULL,
    detail        text        NOT NULL,
    value         bytea,
    received_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source_id, record_offset)
);
CREATE INDEX quarantine_by_time ON quarantine (received_at);
COMMENT ON TABLE quarantine IS 'Records that could not be used, as they came; may hold personal data.';

CREATE FUNCTION ensure_day(wanted date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    parent text;
    part   text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('deloton.ensure_day'));
    FOREACH parent IN ARRAY ARRAY['ride_series', 'ride_minute'] LOOP
        part := parent || to_char(wanted, '"_"YYYYMMDD');
        IF to_regclass('public.' || part) IS NULL THEN
            EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', part, parent);
            EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                parent, part, wanted, wanted + 1);
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION ensure_day IS 'Makes the partitions of a UTC day if they are missing.';
REVOKE ALL ON FUNCTION ensure_day FROM PUBLIC;

CREATE VIEW reading AS
SELECT s.ride_id,
       s.first_s + v.slot::integer - 1 AS elapsed_s,
       s.zero_at + (s.first_s + v.slot - 1) * interval '1 second' + v.delay_ms * interval '1 millisecond' AS recorded_at,
       v.heart_rate_bpm,
       v.cadence_rpm,
       v.resistance,
       v.power_w
FROM (
    SELECT c.ride_id, c.first_s, c.zero_at,
           c.delay_ms, c.heart_rate_bpm, c.cadence_rpm, c.resistance, c.power_w
    FROM reading_chunk c
    UNION ALL
    SELECT t.ride_id, t.first_s, t.zero_at,
           t.delay_ms, t.heart_rate_bpm, t.cadence_rpm, t.resistance, t.power_w
    FROM ride r
    JOIN ride_series t ON t.ride_id = r.ride_id AND t.day = r.day
) s
CROSS JOIN LATERAL unnest(s.delay_ms, s.heart_rate_bpm, s.cadence_rpm, s.resistance, s.power_w)
    WITH ORDINALITY AS v (delay_ms, heart_rate_bpm, cadence_rpm, resistance, power_w, slot)
WHERE v.delay_ms IS NOT NULL;
COMMENT ON VIEW reading IS 'One row a second of every ride, open or ended.';
COMMENT ON COLUMN reading.elapsed_s IS 'Second of the ride.';
COMMENT ON COLUMN reading.recorded_at IS 'By the bike''s clock, to the millisecond.';
COMMENT ON COLUMN reading.heart_rate_bpm IS 'Beats per minute; NULL when not measured.';
COMMENT ON COLUMN reading.cadence_rpm IS 'Pedal revolutions per minute; NULL when missing or impossible.';
COMMENT ON COLUMN reading.resistance IS 'The bike''s resistance setting, no unit.';
COMMENT ON COLUMN reading.power_w IS 'Watts.';

GRANT USAGE ON SCHEMA public TO deloton_gateway;
GRANT SELECT, INSERT, UPDATE ON ingest_position, rider, bike, ride TO deloton_gateway;
GRANT SELECT, INSERT, DELETE ON reading_chunk TO deloton_gateway;
GRANT SELECT, INSERT ON ride_series, ride_minute, quarantine TO deloton_gateway;
GRANT SELECT ON reading, flyway_schema_history TO deloton_gateway;
GRANT EXECUTE ON FUNCTION ensure_day TO deloton_gateway;
