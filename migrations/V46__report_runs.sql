-- Runs of reports by the API are limited; they are counted in the audit.
CREATE INDEX audit_by_action ON audit (action, at);
