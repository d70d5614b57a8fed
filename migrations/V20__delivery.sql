-- Attempts whose acceptance is unknown are counted, so that a mail is sent at most twice without an answer.

ALTER TABLE alert_delivery ADD COLUMN unconfirmed integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN alert_delivery.unconfirmed IS
    'Attempts that may have delivered the mail: its content was sent and the answer is missing.';

ALTER TABLE alert_attempt DROP CONSTRAINT alert_attempt_outcome_check;
ALTER TABLE alert_attempt ADD CONSTRAINT alert_attempt_outcome_check
    CHECK (outcome IN ('accepted', 'deferred', 'refused', 'unconfirmed'));
COMMENT ON COLUMN alert_attempt.outcome IS
    'NULL during the attempt, and if the gateway stopped before it stored the result. unconfirmed: no answer to the final dot.';

ALTER TABLE daily_report ADD COLUMN unconfirmed integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN daily_report.unconfirmed IS
    'Attempts of this revision that may have delivered the mail: its content was sent and the answer is missing.';
