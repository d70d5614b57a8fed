-- The mails about an alert continue the trace in which the alert was raised, also in another process.

ALTER TABLE alert ADD COLUMN traceparent text;
COMMENT ON COLUMN alert.traceparent IS
    'The W3C trace context in which the alert was raised; NULL if it is not traced.';
