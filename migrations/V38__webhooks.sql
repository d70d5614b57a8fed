-- Webhooks: endpoints, deliveries that are stored in the transaction of their fact, and the log of attempts.

CREATE TABLE webhook_endpoint (
    name            text PRIMARY KEY,
    events          text[]      NOT NULL,
    critical_only   boolean     NOT NULL DEFAULT false,
    configured      boolean     NOT NULL DEFAULT true,
    failures        integer     NOT NULL DEFAULT 0,
    failing_since   timestamptz,
    retry_at        timestamptz NOT NULL DEFAULT now(),
    disabled_at     timestamptz,
    disabled_reason text,
    enabled_at      timestamptz,
    enabled_by      text
);
COMMENT ON TABLE webhook_endpoint IS 'Endpoints of the configuration and their state. Addresses and secrets are only in the configuration.';
COMMENT ON COLUMN webhook_endpoint.name IS 'The name in the configuration: webhook.endpoint.NAME.';
COMMENT ON COLUMN webhook_endpoint.events IS 'Types of events that the endpoint gets.';
COMMENT ON COLUMN webhook_endpoint.critical_only IS 'Whether it gets only the critical ones of the alerts.';
COMMENT ON COLUMN webhook_endpoint.configured IS 'False after the endpoint has left the configuration: it gets nothing more.';
COMMENT ON COLUMN webhook_endpoint.failures IS 'Failed attempts in a row.';
COMMENT ON COLUMN webhook_endpoint.failing_since IS 'The first of them.';
COMMENT ON COLUMN webhook_endpoint.retry_at IS 'Nothing is sent before this time.';
COMMENT ON COLUMN webhook_endpoint.disabled_at IS 'When it was disabled because of failures; NULL while enabled.';
COMMENT ON COLUMN webhook_endpoint.enabled_by IS 'Subject of the token that enabled it again, the last time.';

CREATE TABLE webhook_delivery (
    delivery_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint        text        NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
    webhook_id      text        NOT NULL,
    event           text        NOT NULL,
    step            smallint    NOT NULL,
    ride_id         bigint,
    first_s         integer,
    day             date,
    status          text        NOT NULL DEFAULT 'due' CHECK (status IN ('due', 'sending', 'sent', 'failed')),
    reason          text,
    attempts        integer     NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    sent_at         timestamptz,
    UNIQUE (endpoint, webhook_id),
    FOREIGN KEY (ride_id, first_s) REFERENCES alert ON DELETE CASCADE
);
CREATE INDEX webhook_delivery_open ON webhook_delivery (endpoint, next_attempt_at) WHERE status IN ('due', 'sending');
CREATE INDEX webhook_delivery_by_time ON webhook_delivery (created_at, delivery_id);
CREATE INDEX webhook_delivery_by_alert ON webhook_delivery (ride_id, first_s);
COMMENT ON TABLE webhook_delivery IS 'One row for each event and endpoint. The content is read from the warehouse when it is sent.';
COMMENT ON COLUMN webhook_delivery.webhook_id IS 'The header webhook-id, the same at each attempt and for all endpoints.';
COMMENT ON COLUMN webhook_delivery.step IS 'Order of the events of one alert: 0 raised, 1 acknowledged, 2 over.';
COMMENT ON COLUMN webhook_delivery.reason IS 'Why it has failed or waits for another attempt.';
COMMENT ON COLUMN webhook_delivery.next_attempt_at IS 'When it is due; while it is being sent, when its claim lapses.';
COMMENT ON COLUMN webhook_delivery.sent_at IS 'When the endpoint had accepted it with a status of 2xx.';

CREATE TABLE webhook_attempt (
    delivery_id bigint      NOT NULL REFERENCES webhook_delivery ON DELETE CASCADE,
    attempt     integer     NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz,
    outcome     text        CHECK (outcome IN ('accepted', 'failed')),
    http_status integer,
    answer      text,
    PRIMARY KEY (delivery_id, attempt)
);
COMMENT ON TABLE webhook_attempt IS 'The delivery log: each attempt to send an event to an endpoint.';
COMMENT ON COLUMN webhook_attempt.outcome IS 'NULL during the attempt, and if the gateway stopped before it stored the result.';
COMMENT ON COLUMN webhook_attempt.http_status IS 'NULL if there was no response.';
COMMENT ON COLUMN webhook_attempt.answer IS 'Beginning of the response, or why there was none.';

CREATE FUNCTION enqueue_webhook(of_event text, in_step integer, of_ride bigint, of_first_s integer, of_day date,
        with_id text, is_critical boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO webhook_delivery (endpoint, webhook_id, event, step, ride_id, first_s, day)
    SELECT e.name, with_id, of_event, in_step, of_ride, of_first_s, of_day
    FROM webhook_endpoint e
    WHERE e.configured AND of_event = ANY (e.events) AND (is_critical OR NOT e.critical_only)
    ON CONFLICT DO NOTHING
$$;
COMMENT ON FUNCTION enqueue_webhook IS 'Stores the deliveries of an event; is_critical is true for events that are not about alerts.';
REVOKE ALL ON FUNCTION enqueue_webhook FROM PUBLIC;

CREATE FUNCTION enqueue_alert_webhook(of_event text, in_step integer, of_ride bigint, of_first_s integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT enqueue_webhook(of_event, in_step, a.ride_id, a.first_s, NULL,
        format('%s-%s-%s', of_event, a.ride_id, a.first_s),
        a.severity = 'critical' OR EXISTS (SELECT FROM alert_transition t
            WHERE t.ride_id = a.ride_id AND t.first_s = a.first_s AND t.severity = 'critical'))
    FROM alert a
    JOIN alert_delivery d ON d.ride_id = a.ride_id AND d.first_s = a.first_s AND d.kind = 'alert'
    WHERE a.ride_id = of_ride AND a.first_s = of_first_s AND d.reason IS DISTINCT FROM 'cool_down'
$$;
COMMENT ON FUNCTION enqueue_alert_webhook IS 'As enqueue_webhook, for an alert; nothing for those within the cool-down of another one.';
REVOKE ALL ON FUNCTION enqueue_alert_webhook FROM PUBLIC;

CREATE FUNCTION webhook_of_alert() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'alert_delivery' THEN
        PERFORM enqueue_alert_webhook('alert.raised', 0, NEW.ride_id, NEW.first_s);
    ELSIF TG_TABLE_NAME = 'alert' THEN
        PERFORM enqueue_alert_webhook('alert.acknowledged', 1, NEW.ride_id, NEW.first_s);
    ELSIF NEW.phase = 'normal' THEN
        PERFORM enqueue_alert_webhook('alert.recovered', 2, NEW.ride_id, NEW.first_s);
    ELSIF NEW.phase = 'ended' THEN
        PERFORM enqueue_alert_webhook('alert.ended', 2, NEW.ride_id, NEW.first_s);
    ELSIF NEW.severity = 'critical' THEN
        PERFORM enqueue_alert_webhook('alert.raised', 0, NEW.ride_id, NEW.first_s);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION webhook_of_alert IS 'An alert that becomes critical is new only to endpoints that did not get it before.';
REVOKE ALL ON FUNCTION webhook_of_alert FROM PUBLIC;
CREATE TRIGGER webhook AFTER INSERT ON alert_delivery
    FOR EACH ROW WHEN (NEW.kind = 'alert') EXECUTE FUNCTION webhook_of_alert();
CREATE TRIGGER webhook AFTER UPDATE OF acknowledged_at ON alert
    FOR EACH ROW WHEN (OLD.acknowledged_at IS NULL AND NEW.acknowledged_at IS NOT NULL)
    EXECUTE FUNCTION webhook_of_alert();
CREATE TRIGGER webhook AFTER INSERT ON alert_transition
    FOR EACH ROW WHEN (NEW.phase IN ('normal', 'ended') OR NEW.severity = 'critical')
    EXECUTE FUNCTION webhook_of_alert();

CREATE FUNCTION webhook_of_ride() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM enqueue_webhook('ride.ended', 0, NEW.ride_id, NULL, NULL, 'ride.ended-' || NEW.ride_id, true);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION webhook_of_ride FROM PUBLIC;
CREATE TRIGGER webhook_of_new AFTER INSERT ON ride
    FOR EACH ROW WHEN (NEW.status <> 'open') EXECUTE FUNCTION webhook_of_ride();
CREATE TRIGGER webhook_of_open AFTER UPDATE OF status ON ride
    FOR EACH ROW WHEN (OLD.status = 'open' AND NEW.status <> 'open') EXECUTE FUNCTION webhook_of_ride();

CREATE FUNCTION webhook_of_report() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM enqueue_webhook('report.sent', 0, NULL, NULL, NEW.day,
        format('report.sent-%s-%s', NEW.day, NEW.revision), true);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION webhook_of_report FROM PUBLIC;
CREATE TRIGGER webhook AFTER UPDATE OF status ON daily_report
    FOR EACH ROW WHEN (OLD.status <> 'sent' AND NEW.status = 'sent') EXECUTE FUNCTION webhook_of_report();

GRANT SELECT, INSERT, UPDATE ON webhook_endpoint, webhook_attempt TO deloton_gateway;
GRANT SELECT, UPDATE, DELETE ON webhook_delivery TO deloton_gateway;
