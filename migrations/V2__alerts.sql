-- Heart-rate alerts: episodes under their natural key, and what was mailed about them.

CREATE TABLE rider_alert_setting (
    rider_id   bigint PRIMARY KEY,
    min_bpm    smallint CHECK (min_bpm BETWEEN 20 AND 250),
    max_bpm    smallint CHECK (max_bpm BETWEEN 20 AND 250),
    opt_out    boolean     NOT NULL DEFAULT false,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (min_bpm < max_bpm)
);
COMMENT ON TABLE rider_alert_setting IS 'What was agreed with single riders; without a row the usual rule holds.';
COMMENT ON COLUMN rider_alert_setting.rider_id IS 'The customer''s user_id; the rider need not have ridden yet.';
COMMENT ON COLUMN rider_alert_setting.min_bpm IS 'Replaces the formula''s minimum; NULL keeps it.';
COMMENT ON COLUMN rider_alert_setting.max_bpm IS 'Replaces the formula''s maximum; NULL keeps it.';
COMMENT ON COLUMN rider_alert_setting.opt_out IS 'The rider wants no mail; episodes are recorded all the same.';

CREATE TABLE alert (
    ride_id         bigint      NOT NULL,
    first_s         integer     NOT NULL,
    rider_id        bigint,
    first_at        timestamptz NOT NULL,
    raised_s        integer     NOT NULL,
    raised_at       timestamptz NOT NULL,
    received_at     timestamptz NOT NULL,
    raised_bpm      smallint    NOT NULL,
    high            boolean     NOT NULL,
    min_bpm         smallint    NOT NULL,
    max_bpm         smallint    NOT NULL,
    severity        text        NOT NULL CHECK (severity IN ('warning', 'critical')),
    quiet           text        CHECK (quiet IN ('cool_down', 'opt_out')),
    stored_at       timestamptz NOT NULL DEFAULT now(),
    acknowledged_at timestamptz,
    PRIMARY KEY (ride_id, first_s)
);
CREATE INDEX alert_by_time ON alert (raised_at);
CREATE INDEX alert_by_rider ON alert (rider_id, raised_at);
COMMENT ON TABLE alert IS 'Episodes of heart rates outside the limits, stored before the ride''s own rows may be.';
COMMENT ON COLUMN alert.ride_id IS 'The ride; no foreign key, since the episode may be stored first.';
COMMENT ON COLUMN alert.first_s IS 'The ride''s second of the first reading outside; with ride_id the same on every replay.';
COMMENT ON COLUMN alert.first_at IS 'When that was, by the bike''s clock.';
COMMENT ON COLUMN alert.raised_s IS 'The ride''s second of the reading that raised the episode.';
COMMENT ON COLUMN alert.raised_at IS 'When that was, by the bike''s clock.';
COMMENT ON COLUMN alert.received_at IS 'Kafka''s timestamp of that reading; delivery times count from here.';
COMMENT ON COLUMN alert.raised_bpm IS 'The heart rate of that reading.';
COMMENT ON COLUMN alert.high IS 'Above the maximum; otherwise below the minimum.';
COMMENT ON COLUMN alert.min_bpm IS 'The rider''s normal range at that time, bounds included.';
COMMENT ON COLUMN alert.severity IS 'As it was when raised; alert_transition has what came later.';
COMMENT ON COLUMN alert.quiet IS 'Why the episode is only recorded; NULL if it is mailed.';
COMMENT ON COLUMN alert.acknowledged_at IS 'When the rider followed the link in the mail.';

CREATE TABLE alert_transition (
    ride_id   bigint      NOT NULL,
    first_s   integer     NOT NULL,
    phase     text        NOT NULL CHECK (phase IN ('pending', 'firing', 'recovering', 'normal', 'ended')),
    elapsed_s integer     NOT NULL,
    at        timestamptz NOT NULL,
    bpm       smallint    NOT NULL,
    limit_bpm smallint    NOT NULL,
    worst_bpm smallint    NOT NULL,
    severity  text        NOT NULL CHECK (severity IN ('warning', 'critical')),
    PRIMARY KEY (ride_id, first_s, elapsed_s, phase),
    FOREIGN KEY (ride_id, first_s) REFERENCES alert ON DELETE CASCADE
);
COMMENT ON TABLE alert_transition IS 'Each change of an episode''s state.';
COMMENT ON COLUMN alert_transition.phase IS 'The state from then on; ended if the ride ended before the heart rate was back.';
COMMENT ON COLUMN alert_transition.elapsed_s IS 'Second of the ride.';
COMMENT ON COLUMN alert_transition.bpm IS 'The heart rate that caused it; at the end of a ride, the last one measured.';
COMMENT ON COLUMN alert_transition.limit_bpm IS 'The bound it was held against.';
COMMENT ON COLUMN alert_transition.worst_bpm IS 'The heart rate farthest outside so far.';

CREATE TABLE alert_delivery (
    ride_id         bigint      NOT NULL,
    first_s         integer     NOT NULL,
    kind            text        NOT NULL CHECK (kind IN ('alert', 'recovery', 'reminder', 'escalation')),
    status          text        NOT NULL CHECK (status IN ('due', 'sending', 'sent', 'suppressed', 'failed')),
    reason          text,
    attempts        integer     NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    sent_at         timestamptz,
    message_id      text,
    PRIMARY KEY (ride_id, first_s, kind),
    FOREIGN KEY (ride_id, first_s) REFERENCES alert ON DELETE CASCADE
);
CREATE INDEX alert_delivery_open ON alert_delivery (next_attempt_at) WHERE status IN ('due', 'sending');
CREATE INDEX alert_delivery_sent ON alert_delivery (sent_at) WHERE kind = 'alert' AND status = 'sent';
COMMENT ON TABLE alert_delivery IS 'Mails about episodes, each one row: due, sending, then sent, suppressed or failed.';
COMMENT ON COLUMN alert_delivery.reason IS 'Why it was suppressed, has failed or waits for another attempt.';
COMMENT ON COLUMN alert_delivery.next_attempt_at IS 'When it is due; while it is being sent, when its claim lapses.';
COMMENT ON COLUMN alert_delivery.sent_at IS 'When the mail server had accepted it.';
COMMENT ON COLUMN alert_delivery.message_id IS 'The Message-ID, the same at each attempt.';

CREATE TABLE alert_attempt (
    ride_id    bigint      NOT NULL,
    first_s    integer     NOT NULL,
    kind       text        NOT NULL,
    attempt    integer     NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz,
    outcome    text        CHECK (outcome IN ('accepted', 'deferred', 'refused')),
    smtp_code  integer,
    answer     text,
    PRIMARY KEY (ride_id, first_s, kind, attempt),
    FOREIGN KEY (ride_id, first_s, kind) REFERENCES alert_delivery ON DELETE CASCADE
);
COMMENT ON TABLE alert_attempt IS 'The delivery log: each attempt to send a mail.';
COMMENT ON COLUMN alert_attempt.outcome IS 'NULL while it is under way, or if the gateway died before it knew.';
COMMENT ON COLUMN alert_attempt.smtp_code IS 'The mail server''s code; NULL if there was no answer.';
COMMENT ON COLUMN alert_attempt.answer IS 'The mail server''s words, or what went wrong.';

CREATE VIEW alert_state AS
SELECT a.ride_id, a.first_s, a.rider_id, a.raised_at, a.raised_bpm, a.high, a.min_bpm, a.max_bpm,
       t.phase, t.at AS phase_at, t.worst_bpm, t.severity, d.status AS mail_status, d.reason AS mail_reason,
       d.sent_at AS mailed_at, a.acknowledged_at
FROM alert a
LEFT JOIN alert_delivery d ON d.ride_id = a.ride_id AND d.first_s = a.first_s AND d.kind = 'alert'
LEFT JOIN LATERAL (
    SELECT * FROM alert_transition t WHERE t.ride_id = a.ride_id AND t.first_s = a.first_s
    ORDER BY elapsed_s DESC, at DESC LIMIT 1
) t ON true;
COMMENT ON VIEW alert_state IS 'Each episode with its latest state and the fate of its mail.';

GRANT SELECT ON alert_state TO deloton_gateway;
GRANT SELECT, INSERT, UPDATE ON rider_alert_setting, alert, alert_delivery, alert_attempt TO deloton_gateway;
GRANT SELECT, INSERT ON alert_transition TO deloton_gateway;
