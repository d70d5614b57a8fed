-- Silences set ahead, acknowledgements of many alerts at once, and their effect on mails and webhooks.

CREATE TABLE silence (
    silence_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rider_id    bigint,
    bike_serial text,
    city        text,
    starts_at   timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL,
    comment     text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    created_by  text        NOT NULL,
    expired_by  text,
    CHECK (num_nonnulls(rider_id, bike_serial, city) > 0),
    CHECK (starts_at <= ends_at)
);
CREATE INDEX silence_by_end ON silence (ends_at);
COMMENT ON TABLE silence IS 'Alerts that match all criteria of a silence are recorded without notifications. Deleted after retention.alerts.';
COMMENT ON COLUMN silence.rider_id IS 'Only alerts of this rider; NULL for any.';
COMMENT ON COLUMN silence.bike_serial IS 'Only alerts on this bike; NULL for any.';
COMMENT ON COLUMN silence.city IS 'Only alerts of riders who live in this city, ignoring case; NULL for any.';
COMMENT ON COLUMN silence.ends_at IS 'Exclusive. A silence that is ended early ends at that time.';
COMMENT ON COLUMN silence.comment IS 'Why, by who set it.';
COMMENT ON COLUMN silence.created_by IS 'Subject of the token that set it.';
COMMENT ON COLUMN silence.expired_by IS 'Subject of the token that ended it early; NULL if none did.';

CREATE FUNCTION silence_of(of_rider bigint, of_bike text, of_city text, at timestamptz) RETURNS bigint
    LANGUAGE sql STABLE AS $$
    SELECT s.silence_id FROM silence s
    WHERE s.ends_at > at AND s.starts_at <= at
        AND (s.rider_id IS NULL OR s.rider_id = of_rider)
        AND (s.bike_serial IS NULL OR s.bike_serial = of_bike)
        AND (s.city IS NULL OR lower(s.city) = lower(of_city))
    ORDER BY s.ends_at DESC, s.silence_id LIMIT 1
$$;
COMMENT ON FUNCTION silence_of IS 'The silence that covers an alert at that time, of several the one that lasts longest; NULL without one.';

ALTER TABLE alert
    ADD COLUMN silence_id bigint REFERENCES silence ON DELETE SET NULL,
    ADD COLUMN acknowledgement_id bigint,
    ADD COLUMN acknowledgement_comment text;
CREATE INDEX alert_by_silence ON alert (silence_id) WHERE silence_id IS NOT NULL;
CREATE INDEX alert_by_acknowledgement ON alert (acknowledgement_id) WHERE acknowledgement_id IS NOT NULL;
CREATE INDEX alert_unacknowledged ON alert (raised_at) WHERE acknowledged_at IS NULL;
CREATE SEQUENCE alert_acknowledgement;
COMMENT ON SEQUENCE alert_acknowledgement IS 'Numbers for alert.acknowledgement_id.';
COMMENT ON COLUMN alert.silence_id IS 'The silence because of which no notification was sent; NULL without one.';
COMMENT ON COLUMN alert.acknowledgement_id IS 'The same for all alerts that were acknowledged together; NULL for single ones.';
COMMENT ON COLUMN alert.acknowledgement_comment IS 'Comment of who acknowledged them together.';

CREATE INDEX alert_delivery_silenced ON alert_delivery (created_at) WHERE status = 'suppressed' AND reason = 'silenced';
COMMENT ON COLUMN alert_delivery.reason IS
    'Why it was suppressed, has failed or waits for another attempt; silenced if a silence covered the alert.';

CREATE OR REPLACE FUNCTION enqueue_alert_webhook(of_event text, in_step integer, of_ride bigint, of_first_s integer)
    RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT enqueue_webhook(of_event, in_step, a.ride_id, a.first_s, NULL,
        format('%s-%s-%s', of_event, a.ride_id, a.first_s),
        a.severity = 'critical' OR EXISTS (SELECT FROM alert_transition t
            WHERE t.ride_id = a.ride_id AND t.first_s = a.first_s AND t.severity = 'critical'))
    FROM alert a
    JOIN alert_delivery d ON d.ride_id = a.ride_id AND d.first_s = a.first_s AND d.kind = 'alert'
    WHERE a.ride_id = of_ride AND a.first_s = of_first_s
        AND (d.reason IS NULL OR d.reason NOT IN ('cool_down', 'silenced') OR d.attempts > 0)
$$;
COMMENT ON FUNCTION enqueue_alert_webhook IS
    'As enqueue_webhook, for an alert; nothing for those within the cool-down of another one, or silenced from their beginning.';
CREATE TRIGGER webhook_of_released AFTER UPDATE OF status ON alert_delivery
    FOR EACH ROW WHEN (NEW.kind = 'alert' AND NEW.status = 'due' AND OLD.status = 'suppressed')
    EXECUTE FUNCTION webhook_of_alert();

CREATE FUNCTION forget_silences() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'rider' THEN
        DELETE FROM silence s WHERE s.rider_id = NEW.rider_id;
    ELSE
        DELETE FROM silence s WHERE s.bike_serial = OLD.bike_serial;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION forget_silences IS 'An erased rider, and a bike that only an erased rider used, have no silences.';
REVOKE ALL ON FUNCTION forget_silences FROM PUBLIC;
CREATE TRIGGER forget_silences AFTER UPDATE OF erased_at ON rider
    FOR EACH ROW WHEN (NEW.erased_at IS NOT NULL) EXECUTE FUNCTION forget_silences();
CREATE TRIGGER forget_silences AFTER DELETE ON bike FOR EACH ROW EXECUTE FUNCTION forget_silences();

CREATE OR REPLACE FUNCTION delete_expired(kind text, keep interval, slice integer, OUT deleted bigint, OUT more boolean)
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
        WHEN 'silences' THEN
            DELETE FROM silence WHERE ctid = ANY (ARRAY(
                SELECT s.ctid FROM silence s WHERE s.ends_at < before
                ORDER BY s.ends_at LIMIT slice FOR UPDATE SKIP LOCKED));
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

CREATE OR REPLACE VIEW alert_state AS
SELECT a.ride_id, a.first_s, a.rider_id, a.raised_at, a.raised_bpm, a.high, a.min_bpm, a.max_bpm,
       t.phase, t.at AS phase_at, t.worst_bpm, t.severity, d.status AS mail_status, d.reason AS mail_reason,
       d.sent_at AS mailed_at, a.acknowledged_at, a.rule, a.rider_answer, a.silence_id
FROM alert a
LEFT JOIN alert_delivery d ON d.ride_id = a.ride_id AND d.first_s = a.first_s AND d.kind = 'alert'
LEFT JOIN LATERAL (
    SELECT * FROM alert_transition t WHERE t.ride_id = a.ride_id AND t.first_s = a.first_s
    ORDER BY elapsed_s DESC, at DESC LIMIT 1
) t ON true;
COMMENT ON VIEW alert_state IS 'Each alert with its latest state and the result of its mail.';

GRANT SELECT, INSERT, UPDATE ON silence TO deloton_gateway;
GRANT USAGE ON SEQUENCE alert_acknowledgement TO deloton_gateway;
