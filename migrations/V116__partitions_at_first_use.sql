-- Partitions that are added within seconds of a topic's first use are noticed too.

ALTER TABLE ingest_position ADD COLUMN topic_partitions integer CHECK (topic_partitions > 0);
COMMENT ON COLUMN ingest_position.topic_partitions IS
    'How many partitions the topic had when this one was first taken over; NULL if an earlier version took it over.';
COMMENT ON COLUMN ingest_position.created_at IS 'When the partition was first taken over.';
UPDATE ingest_position p SET topic_partitions = (SELECT count(*) FROM ingest_position q WHERE q.topic = p.topic);
