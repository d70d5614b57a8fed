-- A partition whose log became shorter than what is stored is not read on until an operator decides.

ALTER TABLE ingest_position ADD COLUMN truncated_at bigint;
COMMENT ON COLUMN ingest_position.truncated_at IS
    'Where Kafka''s log ended when that was below next_offset: stored records have vanished from it, and later ones have their offsets; NULL otherwise.';
