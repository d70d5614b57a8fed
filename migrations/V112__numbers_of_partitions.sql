-- Each take-over of a partition used up one of the 4095 numbers of ingest_position: without numbers left, all take-overs failed.

SELECT setval(pg_get_serial_sequence('ingest_position', 'source_id'), max(source_id))
FROM ingest_position HAVING count(*) > 0;

UPDATE ingest_position SET last_record_at = NULL WHERE last_record_at < 'epoch';
