-- Data are deleted after their retention: readings by whole days, everything else in slices.

CREATE INDEX alert_attempt_by_time ON alert_attempt (started_at);
CREATE INDEX audit_by_time ON audit (at);
COMMENT ON TABLE audit IS
    'Changes and exports by the API, with their subject. Holds no personal data; rows are added, and deleted after retention.audit.';

CREATE FUNCTION delete_expired(kind text, keep interval, slice integer, OUT deleted bigint, OUT more boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    before     timestamptz := now() - greatest(keep, interval '1 hour');
    first_kept date := ((now() - greatest(keep, interval '1 day')) AT TIME ZONE 'UTC')::date;
    part       text;
BEGIN
    CASE kind
        WHEN 'readings' THEN
            SELECT c.relname INTO part
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'public.ride_series'::regclass
                AND to_date(substring(c.relname FROM '^ride_series_(\d{8})$'), 'YYYYMMDD') < first_kept
            ORDER BY c.relname LIMIT 1;
            IF part IS NOT NULL THEN
                EXECUTE format('SELECT count(*) FROM public.%I', part) INTO deleted;
                EXECUTE format('DROP TABLE public.%I', part);
                more := true;
                RETURN;
            END IF;
            DELETE FROM ride_series_default WHERE ctid = ANY (ARRAY(
                SELECT s.ctid FROM ride_series_default s WHERE s.day < first_kept LIMIT slice FOR UPDATE SKIP LOCKED));
        WHEN 'quarantine' THEN
            DELETE FROM quarantine WHERE ctid = ANY (ARRAY(
                SELECT q.ctid FROM quarantine q WHERE q.received_at < before
                ORDER BY q.received_at LIMIT slice FOR UPDATE SKIP LOCKED));
        WHEN 'alerts' THEN
            DELETE FROM alert WHERE ctid = ANY (ARRAY(
                SELECT a.ctid FROM alert a WHERE a.raised_at < before AND a.stored_at < before
                ORDER BY a.raised_at LIMIT slice FOR UPDATE SKIP LOCKED));
        WHEN 'delivery-log' THEN
            DELETE FROM alert_attempt WHERE ctid = ANY (ARRAY(
                SELECT t.ctid FROM alert_attempt t WHERE t.started_at < before
                ORDER BY t.started_at LIMIT slice FOR UPDATE SKIP LOCKED));
        WHEN 'webhooks' THEN
            DELETE FROM webhook_delivery WHERE ctid = ANY (ARRAY(
                SELECT w.ctid FROM webhook_delivery w WHERE w.created_at < before AND w.status IN ('sent', 'failed')
                ORDER BY w.created_at LIMIT slice FOR UPDATE SKIP LOCKED));
        WHEN 'audit' THEN
            DELETE FROM audit WHERE ctid = ANY (ARRAY(
                SELECT a.ctid FROM audit a WHERE a.at < before
                ORDER BY a.at LIMIT slice FOR UPDATE SKIP LOCKED));
        WHEN 'report-pages' THEN
            UPDATE daily_report SET html = NULL, plain_text = NULL, csv = NULL WHERE ctid = ANY (ARRAY(
                SELECT d.ctid FROM daily_report d
                WHERE d.html IS NOT NULL AND d.status IN ('sent', 'failed') AND d.generated_at < before
                LIMIT slice FOR UPDATE SKIP LOCKED));
    END CASE;
    GET DIAGNOSTICS deleted = ROW_COUNT;
    more := deleted = slice;
END $$;
COMMENT ON FUNCTION delete_expired IS
    'Deletes a slice of the oldest expired rows of a kind; of readings, those of one UTC day or of a slice of rides on days without a partition. Rows that another session is deleting are skipped.';
REVOKE ALL ON FUNCTION delete_expired FROM PUBLIC;

REVOKE DELETE ON quarantine FROM deloton_gateway;
GRANT EXECUTE ON FUNCTION delete_expired TO deloton_gateway;
