-- The closed days that wait for the archive, and since when: one definition for the archive job and for the gateway's metrics.

ALTER TABLE archived_day ADD COLUMN due_since timestamptz;
COMMENT ON COLUMN archived_day.due_since IS
    'Since when a day that was in the archive waits for the export that has begun; NULL once it has ended, and for a first export.';

CREATE FUNCTION archive_due(closed_after interval)
    RETURNS TABLE (day date, waiting_since timestamptz, changed boolean)
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- The days of closed rides, each found by one access to the index of ride starts.
    WITH RECURSIVE found (day) AS (
        SELECT (min(started_at) AT TIME ZONE 'UTC')::date FROM ride
        UNION ALL
        SELECT (SELECT (min(r.started_at) AT TIME ZONE 'UTC')::date FROM ride r
                WHERE r.started_at >= ((f.day + 1)::timestamp AT TIME ZONE 'UTC'))
        FROM found f WHERE f.day IS NOT NULL
    ), candidate AS (
        SELECT f.day FROM found f WHERE f.day IS NOT NULL
        UNION
        SELECT a.day FROM archived_day a
    )
    SELECT c.day,
        coalesce(d.due_since, d.changed_at, (c.day + 1)::timestamp AT TIME ZONE 'UTC' + closed_after),
        d.changed_at IS NOT NULL
    FROM candidate c LEFT JOIN archived_day d USING (day)
    WHERE (d.archived_at IS NULL OR d.changed_at IS NOT NULL)
        AND (c.day + 1)::timestamp AT TIME ZONE 'UTC' + closed_after <= now()
        AND NOT EXISTS (SELECT FROM ride r WHERE r.status = 'open' AND r.day = c.day)
$$;
COMMENT ON FUNCTION archive_due IS
    'The UTC days that ended closed_after ago, have no open ride, and are not in the archive as they are; changed if they were.';
REVOKE ALL ON FUNCTION archive_due FROM PUBLIC;
GRANT EXECUTE ON FUNCTION archive_due TO deloton_gateway, deloton_archive;
