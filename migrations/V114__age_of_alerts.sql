-- A producer's slow clock does not make alerts old.

COMMENT ON COLUMN alert.received_at IS
    'The later of Kafka''s timestamp of that reading''s record and the time of the reading; delivery times count from here.';
