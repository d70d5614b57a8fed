-- The list of riders in the order of their latest log-on.
CREATE INDEX rider_by_seen ON rider (seen_at, rider_id) WHERE erased_at IS NULL;
