-- The daily report: one row a day, which is its claim, its history and its archive. It names no rider.

CREATE TABLE daily_report (
    day             date PRIMARY KEY,
    zone            text        NOT NULL DEFAULT 'Europe/London',
    status          text        NOT NULL DEFAULT 'due'
        CHECK (status IN ('due', 'running', 'ready', 'sent', 'failed')),
    requested_at    timestamptz NOT NULL DEFAULT now(),
    requested_by    text        NOT NULL DEFAULT 'schedule',
    revision        integer     NOT NULL DEFAULT 0,
    attempts        integer     NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    generated_at    timestamptz,
    sent_at         timestamptz,
    recipients      integer,
    message_id      text,
    reason          text,
    rides           integer,
    riders          integer,
    figures         jsonb,
    html            text,
    plain_text      text,
    csv             text
);
CREATE INDEX daily_report_open ON daily_report (next_attempt_at) WHERE status IN ('due', 'running', 'ready');
COMMENT ON TABLE daily_report IS 'The report of each day: who asked for it, what has become of it, and its text without riders.';
COMMENT ON COLUMN daily_report.day IS 'The calendar day, in the zone, that is reported on.';
COMMENT ON COLUMN daily_report.zone IS 'The time zone of the day.';
COMMENT ON COLUMN daily_report.status IS 'due: asked for. running: a gateway makes it. ready: made, the mail waits. sent: mailed. failed: given up.';
COMMENT ON COLUMN daily_report.requested_at IS 'When it was asked for, the last time.';
COMMENT ON COLUMN daily_report.requested_by IS 'schedule, command, or the subject that asked for it by the API.';
COMMENT ON COLUMN daily_report.revision IS '1 for the first report of the day, one more each time it is run again.';
COMMENT ON COLUMN daily_report.attempts IS 'How often this revision has been claimed.';
COMMENT ON COLUMN daily_report.next_attempt_at IS 'When it is tried again; while a gateway has it, when its claim lapses. Of no meaning when due.';
COMMENT ON COLUMN daily_report.generated_at IS 'When the figures were taken from the warehouse.';
COMMENT ON COLUMN daily_report.sent_at IS 'When the mail server had accepted the mail, the last time.';
COMMENT ON COLUMN daily_report.recipients IS 'How many addresses the mail was for.';
COMMENT ON COLUMN daily_report.message_id IS 'The Message-ID, the same at each attempt of a revision.';
COMMENT ON COLUMN daily_report.reason IS 'Why it waits or has failed.';
COMMENT ON COLUMN daily_report.rides IS 'Rides that started on the day.';
COMMENT ON COLUMN daily_report.riders IS 'Riders who started one.';
COMMENT ON COLUMN daily_report.figures IS 'The day''s figures; keys are camelCase with units.';
COMMENT ON COLUMN daily_report.html IS 'The report as a page of its own, pictures included, without riders.';
COMMENT ON COLUMN daily_report.plain_text IS 'The same as plain text.';
COMMENT ON COLUMN daily_report.csv IS 'The figures as CSV, without riders.';

GRANT SELECT, INSERT, UPDATE ON daily_report TO deloton_gateway;
